"""Put a submission together anew, from the instructor's cells and the student's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from autograder.results.notebook import FOREIGN, NOTES, REASON
from autograder.safe import markdown as safe_markdown
from autograder.safe import rendering
from autograder.safe.outputs import stored_size
from autograder.safe.rendering import Rendering
from autograder.submission.master import Master, MasterCell
from autograder.submission.reading import Submitted, SubmittedCell, new_cell

NOT_GRADED = "This file could not be graded."
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
    parts = _SortedOut.of(handed_in, master)
    cells = list(parts.own[None])
    for cell in master.cells:
        source = parts.answers.get(cell.name, cell.source)
        cells.append(new_cell(cell.kind, source, {"nbgrader": dict(cell.metadata)}))
        cells.extend(parts.own[cell.name])
    if reason:
        cells.insert(0, new_cell("markdown", safe_markdown.as_text(f"{NOT_GRADED} {reason}")))
    for number, node in enumerate(cells):
        node.id = f"cell-{number}"
    notebook: NotebookNode = new_notebook(cells=cells)
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

    harmless: Rendering
    shown: dict[tuple[Rendering, str], str]
    answers: dict[str, str] = field(default_factory=dict)
    own: dict[str | None, list[NotebookNode]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, submitted: Sequence[SubmittedCell], master: Master) -> _SortedOut:
        known = {cell.name: cell for cell in master.cells}
        harmless = safe_markdown.stored(master.taken)
        kinds: dict[str | None, str] = {name: cell.kind for name, cell in known.items()}
        texts = [c.source for c in submitted if {c.kind, kinds.get(c.grade_id, "code")} != {"code"}]
        shown = rendering.render((harmless, text) for text in texts)
        out = cls(harmless, shown, own={name: [] for name in (None, *known)})
        seen: set[str] = set()
        foreign: set[str] = set()
        place = None
        for cell in submitted:
            name = cell.grade_id
            if name not in known:
                foreign |= {name} if name else set()
                out._keep(cell, place)
            elif name in seen:
                out.notes.append(f"The cell `{name}` was there twice; the first one counts as it.")
                # In a notebook that is run from the top, the later definition holds.
                if not known[name].locked:
                    out._keep(cell, place)
            else:
                seen.add(name)
                place = name
                out._take(cell, known[name])
        if len(foreign) > len(seen):
            out.notes.append(FOREIGN)
        elif missing := [f"`{name}`" for name in known if name not in seen]:
            were = "was" if len(missing) == 1 else "were"
            out.notes.append(f"{', '.join(missing)} {were} missing and put back.")
        return out

    def _keep(self, cell: SubmittedCell, place: str | None) -> None:
        """Keep a cell of the student's own behind the instructor's cell that it followed."""
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
