"""Tests of the repository itself: what it says of itself, and who imports whom."""
