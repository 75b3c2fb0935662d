"""What is typed: one module for each command. The only room that reads the command line."""
