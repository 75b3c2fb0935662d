"""A class graded: judged side by side, entered one after the other. Reads no command line."""
