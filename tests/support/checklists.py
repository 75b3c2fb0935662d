"""What the visible checks print."""

from __future__ import annotations


def all_pass(printed: str) -> bool:
    """Whether a checklist found nothing wrong."""
    first, *rest = printed.splitlines()
    said_by_the_answer = not rest or rest[0] == "Your code printed:"
    return " all " in first and first.endswith(" checks pass.") and said_by_the_answer
