"""Tests of what notebooks import: data, downloads, pictures, plots."""
