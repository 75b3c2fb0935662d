"""How a lab becomes notebooks: the worked one with its outputs, and the student's."""
