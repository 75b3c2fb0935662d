"""What comes from other systems: submissions into submitted/, class lists into the gradebook.

Never grades, never reads the command line. All names and files in here are somebody else's.
"""
