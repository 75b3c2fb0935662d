"""What the kernel lets a process do. Imports nothing of the grader's."""
