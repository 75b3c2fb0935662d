"""Tests of Lab 3 alone."""
