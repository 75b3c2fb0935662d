"""Tests of `autograder/safe/`."""
