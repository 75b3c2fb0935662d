"""How a class is graded: nbgrader's pipeline, driven by one command; every case ends in a mark.

``python -m autograder LAB`` is the way in.
"""
