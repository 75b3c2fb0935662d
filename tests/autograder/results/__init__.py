"""Tests of `autograder/results/`."""
