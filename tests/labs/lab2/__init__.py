"""Tests of Lab 2 alone."""
