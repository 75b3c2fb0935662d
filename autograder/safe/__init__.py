"""What a student wrote, made safe to show. Knows no test and no mark."""
