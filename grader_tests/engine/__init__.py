"""How hidden tests are run, worded and tried, whatever the lab. Imports no lab."""
