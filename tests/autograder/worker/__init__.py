"""Tests of `autograder/worker/`."""
