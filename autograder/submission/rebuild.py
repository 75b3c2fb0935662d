"""Put a submission together anew, from the instructor's cells and the student's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from autograder.results.notebook import ANSWER, FOREIGN, NOTES, REASON
from autograder.safe import markdown as safe_markdown
from autograder.safe import rendering
from autograder.safe.outputs import stored_size
from autograder.safe.rendering import Rendering
from autograder.submission.elsewhere import Elsewhere
from autograder.submission.master import Master, MasterCell
from autograder.submission.reading import Submitted, SubmittedCell, new_cell
from autograder.submission.recognition import Recognition

NOT_GRADED = "This file could not be graded."
_NO_GIVEN_CELL = "All of the course's own cells, such as tests, were missing and put back."
LONGEST_CODE = 200_000  # characters of a cell
MOST_NOTES = 5
MOST_TEXT = 4_000_000  # bytes of all cells together, as they are stored


def rebuild(submitted: Submitted, master: Master, reason: str = "") -> NotebookNode:
    """Take every test and every flag from the master; from the student, answers alone.

    The instructor's cells come in the instructor's order. An answer cell gets the source that the
    student gave it. A cell of the student's own stays behind the instructor's cell that it
    followed. So no deleted, duplicated, re-typed, re-tagged or otherwise edited cell can stop the
    grading or change what is asked.

    Parameters
    ----------
    submitted : Submitted
        What was handed in.
    master : Master
        The instructor's notebook.
    reason : str, optional
        Why the file could not be read, where nothing was.
    """
    handed_in, cut = _bounded(submitted.cells)
    parts = _SortedOut.of(handed_in, master, submitted.is_script)
    cells = list(parts.own[None])
    for cell in master.cells:
        source = parts.answers.get(cell.name, cell.source)
        metadata: dict[str, Any] = {"nbgrader": dict(cell.metadata)}
        if found := parts.elsewhere.themselves.get(cell.name):
            metadata[ANSWER] = found
        cells.append(new_cell(cell.kind, source, metadata))
        cells.extend(parts.own[cell.name])
    if reason:
        cells.insert(0, new_cell("markdown", safe_markdown.as_text(f"{NOT_GRADED} {reason}")))
    for number, node in enumerate(cells):
        node.id = f"cell-{number}"
    notebook: NotebookNode = new_notebook(cells=cells)
    if master.kernelspec:
        notebook.metadata.kernelspec = master.kernelspec
    notebook.metadata[NOTES] = [] if reason else [*submitted.notes, *cut, *parts.notes]
    if reason:
        notebook.metadata[REASON] = reason
    return notebook


def _bounded(submitted: Sequence[SubmittedCell]) -> tuple[list[SubmittedCell], list[str]]:
    """Leave out what no person writes into a notebook; return the cells, and what was left out."""
    kept = list(submitted)
    notes: list[str] = []
    room = MOST_TEXT

    def weight(number: int) -> tuple[bool, bool]:
        return kept[number].kind != "code", kept[number].grade_id is None

    # Answers have their room before all else; a text with pictures in it may be large.
    for number in sorted(range(len(kept)), key=weight):
        cell = kept[number]
        size = stored_size(cell.source)
        if size > room or (cell.kind == "code" and len(cell.source) > LONGEST_CODE):
            which = f"`{cell.grade_id}`" if cell.grade_id else f"number {number + 1}"
            limit = f"{LONGEST_CODE:,} in a cell of code, {MOST_TEXT:,} in all, are the limit"
            said = f"The cell has {len(cell.source):,} characters and was left out: {limit}."
            notes.append(said.replace("The cell", f"The cell {which[:80]}", 1))
            code = f"raise ValueError({said!r})"
            kept[number] = replace(cell, source=code if cell.kind == "code" else said)
        else:
            room -= size
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"So were {len(notes) - MOST_NOTES} more cells."]
    return kept, notes


@dataclass
class _SortedOut:
    """A submission's cells, by what they are to the instructor's notebook."""

    found: Recognition
    elsewhere: Elsewhere
    harmless: Rendering
    shown: dict[tuple[Rendering, str], str]
    answers: dict[str, str] = field(default_factory=dict)
    own: dict[str | None, list[NotebookNode]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, submitted: Sequence[SubmittedCell], master: Master, is_script: bool = False
    ) -> _SortedOut:
        found = Recognition.of(submitted, master)
        elsewhere = Elsewhere.of(found)
        harmless = safe_markdown.stored(master.taken, master.pictures)
        kinds = {i: found.known[name].kind for i, name in found.names.items()}
        texts = [
            c.source for i, c in enumerate(submitted) if {c.kind, kinds.get(i, "code")} != {"code"}
        ]
        shown = rendering.render((harmless, text) for text in texts)
        out = cls(
            found, elsewhere, harmless, shown, own={name: [] for name in (None, *found.known)}
        )
        place = None
        for i, cell in enumerate(submitted):
            name = found.names.get(i)
            cell = replace(cell, source=elsewhere.left.get(i, cell.source))
            if name is None or i in elsewhere.typed:
                out._keep(i, cell, place)
            if name is not None:
                place = name
                out._take(cell, found.known[name])
        out.answers |= elsewhere.answers
        out.notes += [*found.notes, *elsewhere.notes, *out._missing(is_script)]
        return out

    def _missing(self, is_script: bool) -> list[str]:
        written = [name for name, text in self.elsewhere.themselves.items() if text]
        if self.found.is_foreign(written):
            return [FOREIGN]
        missing = [name for name in self.found.missing() if name not in self.elsewhere.answers]
        given = [name for name, cell in self.found.known.items() if cell.locked]
        notes = []
        if is_script or (len(given) > 1 and set(given) <= set(missing)):
            missing = [name for name in missing if name not in given]
            notes = [] if is_script else [_NO_GIVEN_CELL]  # a script has none
        if missing:
            were = "was" if len(missing) == 1 else "were"
            listed = ", ".join(f"`{name}`" for name in missing)
            notes.append(f"{listed} {were} missing and put back.")
        return notes

    def _keep(self, number: int, cell: SubmittedCell, place: str | None) -> None:
        """Keep a cell of the student's own behind the instructor's cell that it followed."""
        known = self.found.known.get(cell.grade_id or "")
        if known and known.locked and number not in self.elsewhere.typed:
            return
        if number in self.elsewhere.left and not cell.source.strip():
            return
        kind = "code" if cell.kind == "code" else "markdown"
        self.own[place].append(new_cell(kind, self._source(cell, kind)))

    def _take(self, cell: SubmittedCell, known: MasterCell) -> None:
        if not known.locked:
            self.answers[known.name] = self._source(cell, known.kind)
        if cell.kind != known.kind:
            self.notes.append(f"The type of the cell `{known.name}` was changed, and changed back.")

    def _source(self, cell: SubmittedCell, kind: str) -> str:
        """Return what stands in a cell that ends up as one of this kind."""
        return cell.source if kind == "code" else self.shown[self.harmless, cell.source]
