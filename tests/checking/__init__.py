"""Tests of the engine of all checks."""
