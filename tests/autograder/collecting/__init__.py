"""Tests of `autograder/collecting/`."""
