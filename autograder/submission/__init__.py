"""From whatever was handed in to a notebook that can be judged. Runs none of its code."""
