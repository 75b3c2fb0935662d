"""Tests of `autograder/pages/`."""
