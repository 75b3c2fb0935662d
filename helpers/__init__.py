"""What the notebooks import: data, plots and visible checks. Holds no answer to any exercise."""
