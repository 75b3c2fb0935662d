"""Tests of `autograder/commands/`."""
