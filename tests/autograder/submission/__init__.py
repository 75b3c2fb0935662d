"""Tests of `autograder/submission/`."""
