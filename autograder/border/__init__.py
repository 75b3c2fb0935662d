"""What may be said between judge and worker, and how. Imports neither of them."""
