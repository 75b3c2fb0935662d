"""Tests of the grader, in its rooms."""
