"""Tests of Lab 5 alone."""
