"""What several tests share: independent truths, a class, what to look for. Holds no test."""
