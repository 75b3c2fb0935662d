"""Every bank's variants, as parameters of a test."""

from __future__ import annotations

import pytest

from grader_tests.engine.lab import labs, package


def variants(kind: str) -> list:
    """Return a lab and a variant for each in every bank; `kind` is an attribute of `Lab`."""
    return [
        pytest.param(lab, variant, id=f"{package(lab.name)}: {variant.name}")
        for lab in labs()
        for variant in getattr(lab, kind)
    ]
