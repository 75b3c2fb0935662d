"""Tests of `autograder/export/`."""
