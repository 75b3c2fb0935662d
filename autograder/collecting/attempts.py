"""What each system makes of a submission, read back: who handed in what, and when.

Moodle: `Full Name_NUMBER_assignsubmission_file_/…`, a folder for each person, or the same in front
of each file's name. Canvas: `lastfirst_LATE_USER_FILE_name`, flat. Blackboard:
`Title_login_attempt_2026-02-20-23-50-12_name`, flat, and a text that describes it. Gradescope:
`submission_NUMBER/…` with a `submission_metadata.yml` beside these folders. A folder of one's own:
`STUDENT/…`, or files that are named after students.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any

import yaml

from autograder.collecting.archive import Contents, Held, Unusable
from autograder.collecting.people import Person
from autograder.submission import times
from autograder.submission.times import NoTime


@dataclass(frozen=True)
class Attempt:
    """What somebody, or a group, handed in at one time.

    Attributes
    ----------
    called : str
        As it is found in the archive.
    who : tuple of Person
    files : tuple of Held
        By the paths that they had for who handed them in.
    when : datetime or None
        As the system says it, in UTC; None where only the archive may know.
    order : tuple
        Of two attempts of one person the greater is the newer.
    late : bool or None
        Whether the system says that it came late; None where it says nothing of it.
    """

    called: str
    who: tuple[Person, ...]
    files: tuple[Held, ...]
    when: datetime | None = None
    order: tuple[Any, ...] = ()
    late: bool | None = None


@dataclass(frozen=True)
class Sought:
    """What the archive is searched for.

    Attributes
    ----------
    lab : str
    notebooks : tuple of str
        The names of its notebooks, without their ending.
    other_labs : frozenset of str
    zone : tzinfo
        Of times that name none.
    known : callable
        Whether a name is that of somebody in the class.
    """

    lab: str
    notebooks: tuple[str, ...]
    other_labs: frozenset[str]
    zone: tzinfo
    known: Callable[[str], bool]


Reader = Callable[[Contents, Sought], list[Attempt]]

_MOODLE = re.compile(r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)_?(.*)")
_CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)")
_BLACKBOARD = re.compile(
    r"(?P<head>.+?)_attempt_(?P<when>\d{4}(?:-\d\d){2}(?:(?:-\d\d){3})?)(?:_(?P<rest>.+)|\.txt)"
)
_BLACKBOARD_NAME = re.compile(r"^Name:\s*(?P<name>.*?)\s*\((?P<login>[^()]+)\)\s*$", re.MULTILINE)
_BLACKBOARD_TIME = re.compile(r"^Date Submitted:\s*(.+?)\s*$", re.MULTILINE)
_GRADESCOPE = re.compile(r"submission_\d+")
_COUNTED = re.compile(r"(.+)-\d+")
_NUMBERED = re.compile(r"(.+?)[ _-](\d+)")
_BETWEEN = " _-.,()"
METADATA = "submission_metadata.yml"
_LONGEST_NOTE = 100_000  # bytes


def moodle(contents: Contents, sought: Sought) -> list[Attempt]:
    """Read "Download all submissions" of an assignment."""
    files: defaultdict[tuple[str, str], list[Held]] = defaultdict(list)
    for held in contents.files:
        parts = held.path.parts
        place = next((i for i, part in enumerate(parts) if _MOODLE.fullmatch(part)), None)
        if place is None or not (found := _MOODLE.fullmatch(parts[place])):
            contents.left_out[str(held.path)] = "is not named as Moodle names submissions"
        elif found["kind"] != "file":
            contents.left_out[str(held.path)] = "is a text that was typed into Moodle, no file"
        else:
            rest = [part for part in (found[4], *parts[place + 1 :]) if part]
            if rest:
                who = found["name"], found["number"] or ""
                files[who].append(held.moved_to(PurePosixPath(*rest)))
    return [
        Attempt(
            f"{name}_{number}" if number else name,
            (Person(name, number=number, number_tells=False),),
            tuple(those),
        )
        for (name, number), those in files.items()
    ]


def canvas(contents: Contents, sought: Sought) -> list[Attempt]:
    """Read "Download Submissions" of an assignment."""
    files: defaultdict[tuple[str, str], list[tuple[int, Held]]] = defaultdict(list)
    late = set()
    for held in contents.files:
        found = _CANVAS.fullmatch(held.path.name)
        if not found:
            contents.left_out[str(held.path)] = "is not named as Canvas names submissions"
            continue
        who = found["name"], found["user"]
        files[who].append((int(found["file"]), held.moved_to(PurePosixPath(found["rest"]))))
        if found["late"]:
            late.add(who)
    attempts = []
    for (name, user), those in files.items():
        newest: dict[PurePosixPath, Held] = {}
        for number, held in sorted(those, key=lambda one: one[0]):
            path = _uncounted(held.path, sought)
            if path in newest:
                contents.left_out[f"{name}_{user}: {newest[path].path}"] = (
                    f"is older than {held.path} ({number})"
                )
            newest[path] = held
        attempts.append(
            Attempt(
                f"{name}_{user}",
                (Person(name, number=user),),
                tuple(held.moved_to(path) for path, held in newest.items()),
                order=(max(number for number, _ in those),),
                late=(name, user) in late,
            )
        )
    return attempts


def blackboard(contents: Contents, sought: Sought) -> list[Attempt]:
    """Read "Assignment File Download" of a column of the Grade Centre."""
    files: defaultdict[tuple[str, str], list[Held]] = defaultdict(list)
    notes: dict[tuple[str, str], str] = {}
    for held in contents.files:
        found = _BLACKBOARD.fullmatch(held.path.name)
        if not found:
            contents.left_out[str(held.path)] = "is not named as Blackboard names submissions"
        elif found["rest"]:
            name = PurePosixPath(found["rest"])
            files[found["head"], found["when"]].append(held.moved_to(name))
        else:
            notes[found["head"], found["when"]] = _note(held)
    people = {
        head: Person(named["name"], (named["login"],))
        for (head, _), note in notes.items()
        if (named := _BLACKBOARD_NAME.search(note))
    }
    attempts = []
    for (head, when), those in files.items():
        who = people.get(head) or Person(logins=(_login_in(head, sought),))
        moment = _in_note(notes.get((head, when), ""), sought.zone) or _in_name(when, sought.zone)
        attempts.append(Attempt(f"{head}_attempt_{when}", (who,), tuple(those), moment, (when,)))
    return attempts


def gradescope(contents: Contents, sought: Sought) -> list[Attempt]:
    """Read "Export Submissions" of a programming assignment."""
    files: defaultdict[str, list[Held]] = defaultdict(list)
    metadata: Mapping[str, Any] = {}
    for held in contents.files:
        parts = held.path.parts
        place = next((i for i, part in enumerate(parts) if _GRADESCOPE.fullmatch(part)), None)
        if held.path.name == METADATA and place is None:
            metadata = _metadata(held)
        elif place is None or place + 1 == len(parts):
            contents.left_out[str(held.path)] = "lies in no folder of a submission"
        else:
            files[parts[place]].append(held.moved_to(PurePosixPath(*parts[place + 1 :])))
    attempts = []
    for key, those in files.items():
        described = metadata.get(key)
        if not isinstance(described, Mapping):
            contents.left_out[key] = f"is not described in {METADATA}"
            continue
        submitters = described.get(":submitters")
        who = tuple(map(_submitter, submitters)) if isinstance(submitters, list) else ()
        when = _point_in_time(described.get(":created_at"), sought.zone)
        attempts.append(Attempt(key, who, tuple(those), when, (int(key.split("_")[1]),)))
    return attempts


def folder(contents: Contents, sought: Sought) -> list[Attempt]:
    """Read folders that are named after students, or files that are."""
    files: defaultdict[str, list[Held]] = defaultdict(list)
    for held in _unwrapped(contents.files, sought):
        first, *rest = held.path.parts
        if rest:
            files[first].append(held.moved_to(PurePosixPath(*rest)))
        elif name := _whose(held.path.stem, sought):
            files[name].append(held.moved_to(PurePosixPath(_without(held.path.name, name))))
        else:
            contents.left_out[str(held.path)] = "does not say in its name whose it is"
    return [
        Attempt(name, (_named(name),), own)
        for name, those in files.items()
        if (own := tuple(_of_the_lab(those, sought)))
    ]


READERS: dict[str, Reader] = {
    "moodle": moodle,
    "canvas": canvas,
    "blackboard": blackboard,
    "gradescope": gradescope,
    "folder": folder,
}


def _uncounted(path: PurePosixPath, sought: Sought) -> PurePosixPath:
    """Return a file's name without the number that Canvas adds to one handed in again.

    No other file's: `data-1.csv` may be what its owner called it. A module's name has no hyphen.
    """
    counted = _COUNTED.fullmatch(path.stem)
    if counted and (counted[1] in sought.notebooks or path.suffix == ".py"):
        return path.with_name(counted[1] + path.suffix)
    return path


def _login_in(head: str, sought: Sought) -> str:
    """Return the login at the end of what Blackboard puts first; a title may have `_`, too."""
    parts = head.split("_")
    ends = ["_".join(parts[first:]) for first in range(len(parts) - 1, 0, -1)]
    return next(filter(sought.known, ends), parts[-1])


def _note(held: Held) -> str:
    """Return what Blackboard says of a submission."""
    try:
        return held.read()[:_LONGEST_NOTE].decode("utf-8-sig", "replace")
    except Unusable:
        return ""


def _in_note(note: str, zone: tzinfo) -> datetime | None:
    found = _BLACKBOARD_TIME.search(note)
    return _point_in_time(found[1].replace("o'clock", ""), zone) if found else None


def _in_name(text: str, zone: tzinfo) -> datetime | None:
    """Return the time in a name of Blackboard's; a day alone counts from its beginning."""
    parts = ("%Y", "%m", "%d", "%H", "%M", "%S")[: text.count("-") + 1]
    try:
        return _in_utc(datetime.strptime(text, "-".join(parts)).replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def _point_in_time(value: object, zone: tzinfo) -> datetime | None:
    try:
        if isinstance(value, datetime):
            return _in_utc(value if value.tzinfo else value.replace(tzinfo=zone))
        return times.parse(value, zone) if isinstance(value, str) else None
    except (NoTime, OverflowError):
        return None


def _in_utc(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _metadata(held: Held) -> Mapping[str, Any]:
    try:
        found = yaml.load(held.read(), _Described)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unusable(f"{METADATA} cannot be read: {error}") from error
    return found if isinstance(found, Mapping) else {}


class _Described(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads Ruby's objects as what they hold."""


def _plain(loader: _Described, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Described.add_multi_constructor("!", _plain)


def _submitter(described: object) -> Person:
    if not isinstance(described, Mapping):
        return Person()
    name, number, email = (str(described.get(key) or "") for key in (":name", ":sid", ":email"))
    return Person(name, (number,) if number else (), number, email, number_tells=False)


def _unwrapped(files: list[Held], sought: Sought) -> list[Held]:
    """Return files without the one folder that all of them lie in, unless it is somebody's."""
    while len(around := {held.path.parts[0] for held in files}) == 1:
        (name,) = around
        if sought.known(name) or any(len(held.path.parts) == 1 for held in files):
            break
        files = [held.moved_to(PurePosixPath(*held.path.parts[1:])) for held in files]
    return files


def _of_the_lab(files: list[Held], sought: Sought) -> list[Held]:
    """Return what lies in the lab's own folder where there is one, and in no other lab's."""
    own = [held for held in files if sought.lab in held.path.parts[:-1]]
    if not own:
        return [held for held in files if sought.other_labs.isdisjoint(held.path.parts[:-1])]
    return [
        held.moved_to(PurePosixPath(*held.path.parts[held.path.parts.index(sought.lab) + 1 :]))
        for held in own
    ]


def _whose(stem: str, sought: Sought) -> str:
    """Return what is left of a file's name once the lab's is taken away."""
    for notebook in sorted((*sought.notebooks, sought.lab), key=len, reverse=True):
        if notebook in stem:
            return stem.replace(notebook, "", 1).strip(_BETWEEN)
    return stem


def _without(file: str, name: str) -> str:
    """Return a file's name without its owner's; it stays where nothing else is in it."""
    rest = PurePosixPath(file).stem.replace(name, "", 1).strip(_BETWEEN)
    return f"{rest}{PurePosixPath(file).suffix}" if rest else file


def _named(name: str) -> Person:
    """Return who is named by a folder: by the login, or by first and last name."""
    numbered = _NUMBERED.fullmatch(name)
    logins = (name, numbered[1]) if numbered else (name,)
    return Person(
        numbered[1] if numbered else name,
        logins,
        numbered[2] if numbered else "",
        number_tells=False,
    )
