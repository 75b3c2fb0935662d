"""What is to be put where: decided first, so that it can be shown, and done without a change."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from autograder.collecting.archive import Contents, Held, Unusable, look_into_zip, unsafe
from autograder.collecting.attempts import Attempt, Sought
from autograder.collecting.people import ClassList, Match, Person, Student
from autograder.submission import times
from autograder.submission.folder import files_in, is_litter
from autograder.submission.times import NOTE

MOST_FILES = 500  # of one submission
MOST_BYTES = 200_000_000
# A zip whose times all lie this close together, and to its own, has those of its download.
_DOWNLOAD = timedelta(hours=1)
_SINCE_DOWNLOAD = timedelta(hours=38)  # a day, and what zones may make of it
_A_CLASS, _AT_ONCE = 4, timedelta(minutes=10)  # so many people do not hand in at once
_JUST_LATE = timedelta(seconds=1)

NEW, NEWER, RETIMED, UNCHANGED, OLDER = "new", "newer", "another time", "unchanged", "older"


@dataclass(frozen=True)
class There:
    """What lies in a student's folder already.

    Attributes
    ----------
    digests : mapping
        Of each file, by its path.
    when : datetime or None
        When it was handed in, where somebody wrote that down.
    changed : datetime
        When the newest of its files was.
    """

    digests: Mapping[PurePosixPath, str]
    when: datetime | None
    changed: datetime

    @classmethod
    def of(cls, folder: Path, when: datetime | None) -> There | None:
        """Look into a student's folder; None where there is nothing in it."""
        files = [file for file in files_in(folder) if file.is_file() and not file.is_symlink()]
        if not files:
            return None
        newest = max(file.stat().st_mtime for file in files)
        return cls(
            {PurePosixPath(f.relative_to(folder)): _digest(f.read_bytes()) for f in files},
            when,
            times.at(newest),
        )


@dataclass(frozen=True)
class Taken:
    """What is taken of a student's, and what becomes of it.

    Attributes
    ----------
    outcome : str
        NEW; NEWER than what is there; RETIMED where the same was handed in earlier than is
        written down; UNCHANGED; OLDER, which stays where it is.
    when : datetime or None
        In UTC; None where nobody knows.
    late : bool
        Whether that is after the student's deadline.
    notes : list of str
        What to tell the instructor.
    """

    student: Student
    called: str
    files: tuple[Held, ...]
    when: datetime | None
    outcome: str
    late: bool = False
    notes: tuple[str, ...] = ()


@dataclass
class Plan:
    """What is to be done with an archive."""

    taken: list[Taken] = field(default_factory=list)
    unmatched: dict[str, str] = field(default_factory=dict)
    missing: list[Student] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    litter: int = 0
    download: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where a student's submission goes.

    Attributes
    ----------
    deadline : datetime or None
        The student's own, with an extension.
    told : datetime or None
        When it was handed in, where the instructor has that from elsewhere.
    """

    folder: Path
    there: There | None
    deadline: datetime | None
    told: datetime | None = None


def matched(
    attempts: Iterable[Attempt], people: ClassList, plan: Plan
) -> dict[Student, list[Attempt]]:
    """Return each student's attempts, the newest first; say in the plan whose they are not."""
    found: defaultdict[Student, dict[Person, Match]] = defaultdict(dict)
    handed_in: defaultdict[Person, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if not attempt.who:
            plan.unmatched[attempt.called] = "it is said of nobody"
        for person in attempt.who:
            handed_in[person].append(attempt)
    for person in handed_in:
        match = people.find(person)
        if match.student:
            found[match.student][person] = match
        else:
            plan.unmatched[_as_found(person, handed_in)] = _why_not(match.students)
    own: dict[Student, list[Attempt]] = {}
    for student, claims in found.items():
        chosen = _strongest(claims)
        if chosen:
            own[student] = sorted(handed_in[chosen], key=_age, reverse=True)
        for other in claims:
            if other != chosen:
                rivals = ", ".join(str(one) for one in claims if one != other)
                plan.unmatched[_as_found(other, handed_in)] = (
                    f"{student.called} seems to be meant, and so by {rivals}"
                )
    return own


def _as_found(person: Person, handed_in: Mapping[Person, list[Attempt]]) -> str:
    called = " and ".join(attempt.called for attempt in handed_in[person])
    return called if person.name in called else f"{called}: {person}"


def _why_not(students: tuple[Student, ...]) -> str:
    if not students:
        return "nobody in the gradebook fits"
    return f"{' or '.join(student.called for student in students)} may be meant"


def _strongest(claims: Mapping[Person, Match]) -> Person | None:
    """Return who is the student if two say so; nobody where both say it equally well."""
    most = max(match.strength for match in claims.values())
    best = [person for person, match in claims.items() if match.strength == most]
    return best[0] if len(best) == 1 else None


def _age(attempt: Attempt) -> tuple[object, ...]:
    return (attempt.when or datetime.min, *attempt.order)


def times_are_of_the_download(contents: Contents, attempts: list[Attempt]) -> bool:
    """Return whether an archive's times only say when it was made.

    Moodle and Canvas give each file the time of the download. Their own times differ, as do those
    of somebody who copied files and kept their times.
    """
    moments = [held.when for attempt in attempts for held in attempt.files if held.when]
    if not moments:
        return False
    span = max(moments) - min(moments)
    if len(attempts) >= _A_CLASS and span < _AT_ONCE:
        return True
    says_who_is_late = any(attempt.late is not None for attempt in attempts)
    just_made = abs(contents.made - max(moments)) < _SINCE_DOWNLOAD
    return span < _DOWNLOAD and (says_who_is_late or just_made)


def decide(
    student: Student,
    attempts: list[Attempt],
    place: Place,
    sought: Sought,
    plan: Plan,
    replace: bool = False,
) -> Taken | None:
    """Return what becomes of a student's newest attempt that holds a notebook.

    Where none does, the newest is taken as it is: the grader says what is missing.

    Parameters
    ----------
    attempts : list of Attempt
        The newest first.
    place : Place
    sought : Sought
    plan : Plan
        It says what is left out, and whether the archive's times are those of its download.
    replace : bool
        Whether it is taken whatever is there.
    """
    gathered = [(attempt, _gathered(attempt, sought, plan)) for attempt in attempts]
    some = [(attempt, files) for attempt, files in gathered if files]
    if not some:
        return None
    newest, files = next((one for one in some if any(map(_is_notebook, one[1]))), some[0])
    when, notes = (place.told, []) if place.told else _handed_in(newest, place, plan)
    if others := [attempt.called for attempt in attempts if attempt is not newest]:
        notes.append(f"handed in {len(attempts)} times; not taken: {', '.join(others)}")
    if not any(map(_is_notebook, files)):
        notes.append("holds no notebook")
    stamp = when or _newest(newest)
    outcome = _outcome(_digests(files), when, stamp, place.there, replace)
    late = when is not None and place.deadline is not None and when > place.deadline
    return Taken(student, newest.called, files, when, outcome, late, tuple(notes))


def _newest(attempt: Attempt) -> datetime | None:
    """Return the newest time in the archive: not in a zip of the student's own, who may set it."""
    return max((held.when for held in attempt.files if held.when), default=None)


def _handed_in(attempt: Attempt, place: Place, plan: Plan) -> tuple[datetime | None, list[str]]:
    """Return when an attempt was handed in, as far as the system or the archive know."""
    when, deadline = attempt.when, place.deadline
    if when is None and plan.download is None:
        when = _newest(attempt)
    if when and when > datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        return None, [f"{when} UTC has not come yet: no time is written down"]
    if attempt.late is None or deadline is None or attempt.late == bool(when and when > deadline):
        return when, []
    if attempt.late:
        return deadline + _JUST_LATE, [
            "marked as late, with no time that says how late: the second after the deadline is "
            f"written down; put a better one into {NOTE}"
        ]
    return None, ["not marked as late, so it is not: its time is not written down"]


def _outcome(
    digests: Mapping[PurePosixPath, str],
    when: datetime | None,
    stamp: datetime | None,
    there: There | None,
    replace: bool,
) -> str:
    if there is None:
        return NEW
    if digests == there.digests:
        earlier = when and (replace or there.when is None or when < there.when)
        return RETIMED if earlier and when != there.when else UNCHANGED
    if replace or stamp is None or stamp > (there.when or there.changed):
        return NEWER
    return OLDER


def _gathered(attempt: Attempt, sought: Sought, plan: Plan) -> tuple[Held, ...]:
    """Return what of an attempt is put into the student's folder; say what is not, and why."""
    files = list(attempt.files)
    if not any(map(_is_notebook, files)):
        files = [inner for held in files for inner in _opened(held, attempt.called, sought, plan)]
    files = _beside_the_notebook(files, sought)
    kept: dict[PurePosixPath, Held] = {}
    folders: set[PurePosixPath] = set()
    for held in sorted(files, key=lambda held: (not _is_notebook(held), str(held.path))):
        above = held.path.parents
        if why := _refused(held, kept, held.path in folders or any(path in kept for path in above)):
            plan.left_out[f"{attempt.called}/{held.path}"] = why
        else:
            kept[held.path] = held
            folders.update(above)
    if not kept:
        plan.left_out[attempt.called] = "holds nothing that can be graded"
    return tuple(kept.values())


def _refused(held: Held, kept: Mapping[PurePosixPath, Held], in_the_way: bool) -> str:
    """Say why a file is not taken along with those that are; nothing where it is."""
    size = sum(other.size for other in kept.values())
    if len(kept) == MOST_FILES or size + held.size > MOST_BYTES:
        return "is more than one submission may hold"
    if in_the_way:
        return "is called as a folder is"
    try:
        held.read()
    except Unusable as error:
        return str(error)
    return ""


def without_litter(files: list[Held], plan: Plan) -> list[Held]:
    """Return people's own files: not what systems leave behind, nor what only nbgrader writes.

    A `timestamp.txt` is among these: whoever handed it in may have written anything.
    """
    wanted = [held for held in files if not any(map(is_litter, held.path.parts))]
    plan.litter += len(files) - len(wanted)
    return wanted


def _opened(held: Held, called: str, sought: Sought, plan: Plan) -> list[Held]:
    """Return what lies in a file, if that is a zip; else the file itself."""
    if held.path.suffix.lower() != ".zip":
        return [held]
    name = f"{called}/{held.path}"
    try:
        inner = look_into_zip(held, sought.zone)
    except Unusable as error:
        plan.left_out[name] = str(error)
        return []
    plan.left_out |= {f"{name}/{inside}": why for inside, why in inner.left_out.items()}
    return without_litter(inner.files, plan)


def _beside_the_notebook(files: list[Held], sought: Sought) -> list[Held]:
    """Return files by where they lie as seen from the notebook, which has its own name again."""
    notebooks = [held for held in files if _is_notebook(held)]
    own = [held for held in notebooks if held.path.stem in sought.notebooks] or notebooks
    around = {held.path.parent for held in own}
    if len(around) != 1:
        return files
    (home,) = around
    moved = {
        held.path.relative_to(home) if held.path.is_relative_to(home) else held.path: held
        for held in sorted(files, key=lambda held: held.path.is_relative_to(home))
    }
    return [held.moved_to(path) for path, held in moved.items()]


def _is_notebook(held: Held) -> bool:
    return held.path.suffix.lower() == ".ipynb"


def _digests(files: Iterable[Held]) -> dict[PurePosixPath, str]:
    return {held.path: _digest(held.read()) for held in files}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def can_be_a_folder(student: str) -> bool:
    """Return whether a student's id names a folder, and no other one."""
    return (
        bool(student) and not unsafe(student) and not set("/\\") & set(student) and student != "."
    )
