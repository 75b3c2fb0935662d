"""Runs beside the student's code, which can read all of it.

Never imports a test, a mark, the judge or nbgrader: every worker is a copy of what is loaded here.
"""
