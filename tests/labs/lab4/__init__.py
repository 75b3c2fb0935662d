"""Tests of Lab 4 alone."""
