"""Tests of `autograder/judge/`."""
