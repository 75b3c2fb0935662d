"""Hidden: how each exercise is tested, and which mistakes students make in it.

`engine` runs the tests of any lab; each lab has a folder with its declaration, its tests and its
bank of known mistakes. Imports `helpers` and nothing of the grader's.
"""
