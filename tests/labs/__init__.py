"""Tests that every lab has to pass, and in its own folder what is one lab's alone."""
