"""How late something was handed in, as a time and in words."""

from __future__ import annotations

from datetime import datetime, timedelta


def late(
    handed_in: datetime | None, extension: timedelta | None, deadline: datetime | None
) -> timedelta:
    """Return how long after the deadline, with the student's extension, it was handed in."""
    if handed_in is None or deadline is None:
        return timedelta(0)
    return max(handed_in - deadline - (extension or timedelta(0)), timedelta(0))


def span(late: timedelta) -> str:
    """Return a time in words, in the unit that suits it."""
    minutes = late.total_seconds() / 60
    for unit, size in (("days", 1440), ("hours", 60), ("minutes", 1)):
        if minutes >= (2 if unit == "days" else 1) * size:
            return f"{minutes / size:.1f} {unit}"
    return f"{late.total_seconds():.0f} seconds"
