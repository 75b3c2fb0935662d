"""Tests of all parts of the course, in the same rooms."""
