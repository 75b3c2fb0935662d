"""Tests of `autograder/confinement/`."""
