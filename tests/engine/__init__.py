"""Tests of how hidden tests are run, worded and paid."""
