"""Tests of Lab 1 alone."""
