"""How large a cost may be where an answer is sure and wrong: finite, and in proportion."""

from __future__ import annotations

from collections.abc import Callable

# No number above 0 that NumPy knows has a logarithm below -750.
_MOST = 1e6


def costly(least: float) -> Callable[[float], str | None]:
    """Return a judge of such a cost, for `Case.accept`.

    How much it is depends on how far from 0 the logarithm is guarded, which is a free choice.
    """

    def judge(cost: float) -> str | None:
        if cost <= least:
            return "the cost of answers that are sure and wrong should be large."
        if cost > _MOST:
            return (
                "no guarded logarithm is as large as your cost of answers that are sure and wrong."
            )
        return None

    return judge
