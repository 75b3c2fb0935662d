"""Lab 5's bank."""
MISTAKES = []
RIGHT = []
