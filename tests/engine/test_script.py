"""A lab's cells keep their ids, and its claims are nobody's but the build's."""

from __future__ import annotations

import pytest

from grader_tests.engine import worked
from grader_tests.engine.script import is_claim, read
from tests.support.scripts import CLAIM, marked, write

CELLS = (
    "# %% [markdown]\n# # Averages\n# of numbers",
    '# %% tags=["for-the-reader"]\n# %matplotlib inline\nimport math',
    marked("mean") + "def mean(x):\n    return sum(x) / len(x)\n\n\nheight = mean([1, 2])",
    "# %% [markdown]\n# ## Seen",
    '# %% jupyter={"source_hidden": true} tags=["hide-input"]\nprint(height)',
)
CLAIMS = (
    CLAIM + "import fractions as _f\n\n_half = _f.Fraction(1, 2)\nassert height > _half",
    CLAIM + "def _mean(x):\n    return 0\n\n\nassert _mean([]) == 0",
)


@pytest.mark.parametrize("place", range(1, 6))
def test_a_claim_changes_no_other_cell(tmp_path, place):
    without = read(write(tmp_path / "without", *CELLS))
    with_claims = read(write(tmp_path / "with", *CELLS[:place], *CLAIMS, *CELLS[place:]))
    assert with_claims.cells == without.cells == without.notebook.cells
    assert [cell.id for cell in with_claims.notebook.cells if is_claim(cell)] == [
        "claim-000",
        "claim-001",
    ]


def test_ids_sources_and_metadata_are_the_scripts(tmp_path):
    cells = read(write(tmp_path, *CELLS)).cells
    assert [cell.id for cell in cells] == ["cell-000", "cell-001", "mean", "cell-003", "cell-004"]
    assert cells[0].source == "# Averages\nof numbers"
    assert cells[1].source == "%matplotlib inline\nimport math"
    assert cells[1].metadata == {"tags": ["for-the-reader"]}
    assert cells[2].metadata.nbgrader.grade_id == "mean"
    assert cells[4].metadata == {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}


def test_each_cell_has_its_line(tmp_path):
    path = write(tmp_path, *CELLS, *CLAIMS)
    lines = path.read_text(encoding="utf-8").splitlines()
    script = read(path)
    starts = {cell.id: cell.source.splitlines()[0] for cell in script.notebook.cells}
    assert {
        name: lines[line - 1].removeprefix("# ") for name, line in script.lines.items()
    } == starts


def test_what_stands_before_the_first_cell_is_named(tmp_path):
    path = write(tmp_path, "x = 1", *CELLS)
    with pytest.raises(ValueError, match="every cell, the first one too"):
        read(path)


def test_a_reference_has_nothing_of_a_claim(tmp_path, monkeypatch):
    lab = write(tmp_path, *CELLS[:3], *CLAIMS, *CELLS[3:]).stem
    monkeypatch.setattr(worked, "ROOT", tmp_path)
    namespace = worked.load(lab)
    assert set(namespace) - {"__name__", "__builtins__"} == {"math", "mean"}
    assert worked.cells(lab) == {"mean": CELLS[2].split("\n", 1)[1]}
    assert worked.sections(lab) == {"mean": "Averages"}
    path = worked.script(lab)
    line = path.read_text(encoding="utf-8").splitlines().index("def mean(x):") + 1
    assert namespace["mean"].__code__.co_firstlineno == line
    assert namespace["mean"].__code__.co_filename == str(path)
