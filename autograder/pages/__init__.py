"""What people look at: feedback, and the report on a class. Runs nothing and judges nothing."""
