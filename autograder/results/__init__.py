"""What was found, as data: in a notebook, in `results.json`, in the gradebook. Judges nothing."""
