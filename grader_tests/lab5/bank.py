"""Known mistakes and right answers of Lab 5.

Where two mistakes of one test give the same answers, the first is named.
"""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant
from grader_tests.lab5 import bank_fit, bank_graph, bank_layers, bank_models

# The parts in an order that keeps each exercise's: its training comes before its evaluation.
_PARTS = (bank_layers, bank_graph, bank_fit, bank_models)

MISTAKES: list[Mistake] = [mistake for part in _PARTS for mistake in part.MISTAKES]
RIGHT: list[Variant] = [variant for part in _PARTS for variant in part.RIGHT]
