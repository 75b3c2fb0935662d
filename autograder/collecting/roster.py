"""Class lists as other systems write them: Canvas' and Moodle's own exports, and plain CSV.

Columns are found by what they are called, in some languages, whatever else the file holds.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.collecting.archive import Unusable
from autograder.collecting.people import ClassList, Person, Student, students
from autograder.collecting.plan import can_be_a_folder
from autograder.results.class_list import strangers
from autograder.results.names import words
from autograder.safe.text import printable
from autograder.submission import times
from autograder.submission.times import NoTime

LARGEST = 20_000_000  # bytes
LONGEST = 128  # letters that the gradebook has room for

# What columns are called, in small letters without accents. Of several the first that is there.
_CALLED = {
    "id": (
        "sis login id|student id|student_id|username|user name|login id|login|anmeldename|"
        "benutzername|nutzername|kennung|nom d'utilisateur|identifiant|nombre de usuario|usuario|"
        "nome utente|gebruikersnaam"
    ),
    "first_name": "first name|first_name|firstname|given name|vorname|prenom|nombre|nome|voornaam",
    "last_name": (
        "last name|last_name|lastname|surname|family name|nachname|familienname|name de famille|"
        "nom de famille|nom|apellido(s)|apellidos|cognome|achternaam"
    ),
    "name": (
        "student|full name|fullname|first name / last name|vollstandiger name|"
        "vorname / nachname|nom complet|nombre completo|name|student name"
    ),
    "email": (
        "email address|e-mail address|email|e-mail|mail|e-mail-adresse|emailadresse|"
        "adresse de courriel|adresse e-mail|direccion de correo|correo electronico|"
        "indirizzo email|e-mailadres"
    ),
    "number": (
        "lms_user_id|id number|id-nummer|matrikelnummer|numero d'identification|numero de id|"
        "codice identificativo|sis user id"
    ),
    "time": (
        "last modified (submission)|submitted at|submission time|time submitted|date submitted|"
        "submitted|timestamp|zuletzt geandert abgabe|derniere modification travail remis"
    ),
}
_COLUMNS = {of: tuple(names.split("|")) for of, names in _CALLED.items()}
_CANVAS_HAS = {"student", "id"}, {"sis login id", "sis user id", "section"}
_HEADS_WITHIN = 10  # lines
_ROLES = ("roles", "role", "rollen", "rolle", "roles asignados")
_TEACHES = ("teacher", "trainer", "dozent", "tutor", "manager", "lehrer", "assistant", "profes")
_SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One person as a file has it; what it does not know is empty."""

    line: int
    id: str
    first_name: str
    last_name: str
    email: str
    number: str
    whole_name: str = ""
    time: str = ""

    @property
    def person(self) -> Person:
        name = self.whole_name or f"{self.first_name} {self.last_name}".strip()
        return Person(name, (self.id,) if self.id else (), self.number, self.email)


@dataclass
class Changes:
    """What a file makes of a class list.

    Attributes
    ----------
    new : list of Student
    changed : dict
        What somebody in the gradebook will be, by what he or she is.
    unchanged : int
    absent : list of Student
        Who is in the gradebook and not in the file.
    left_out : list of str
        Rows that cannot be used, with the reason.
    """

    new: list[Student] = field(default_factory=list)
    changed: dict[Student, Student] = field(default_factory=dict)
    unchanged: int = 0
    absent: list[Student] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read(path: Path, left_out: list[str]) -> list[Row]:
    """Read a class list; say which rows are none of a student's.

    Raises
    ------
    Unusable
        If the file is no table, or no column says who somebody is.
    """
    table = _table(path)
    start, columns, canvas = _heads(table)
    if not columns:
        raise Unusable(
            f"No column of {path} says who somebody is. There are: "
            f"{', '.join(table[0]) if table else 'none'}. One called id, Email address or the like "
            "is needed."
        )
    heads = [_folded(head) for head in table[start]]
    roles = next((heads.index(role) for role in _ROLES if role in heads), None)
    rows = []
    for line, cells in enumerate(table[start + 1 :], start + 2):
        values = {of: _value(cells, place) for of, place in columns.items()}
        if not any(values.values()) or (canvas and _is_none_of_canvas(values)):
            continue
        if roles is not None and any(role in _folded(_value(cells, roles)) for role in _TEACHES):
            left_out.append(f"line {line}: {_value(cells, roles)}")
            continue
        rows.append(_row(line, values, canvas))
    return rows


def times_in(
    path: Path, class_list: ClassList, zone: tzinfo, left_out: dict[str, str]
) -> dict[str, datetime]:
    """Read when students handed in, as in Moodle's grading worksheet: by their ids, in UTC.

    Raises
    ------
    Unusable
        If the file is no such table.
    """
    found = {}
    unused: list[str] = []
    for row in read(path, unused):
        if row.time.strip(" -–—"):
            line = f"line {row.line} of {path.name}"
            try:
                when = times.parse(row.time, zone)
            except NoTime as error:
                left_out[line] = str(error)
                continue
            if student := class_list.find(row.person).student:
                found[student.id] = when
    if not found:
        raise Unusable(f"No line of {path} says when somebody of the class handed in.")
    return found


def compare(rows: Iterable[Row], gradebook: Gradebook, left_out: list[str]) -> Changes:
    """Return what a class list changes in a gradebook; change nothing."""
    rows = list(rows)
    changes = Changes(left_out=left_out)
    known = students(gradebook)
    find = _Finder(known, rows)
    others = strangers(gradebook)
    parts = Counter(_local(row.email) for row in rows if row.email)
    claimed: dict[str, int] = {}
    for row in rows:
        match = find(row)
        if len(match) > 1:
            either = " or ".join(student.called for student in match)
            changes.left_out.append(f"line {row.line}: {row.person} may be {either}")
            continue
        before = match[0] if match else None
        wanted = before.id if before else row.id or _made_up(row, parts)
        if why := _unfit(row, wanted):
            changes.left_out.append(f"line {row.line}: {why}")
        elif wanted.casefold() in claimed:
            other = claimed[wanted.casefold()]
            changes.left_out.append(
                f"line {row.line}: {row.person} would be {wanted}, who is in line {other}"
            )
        else:
            claimed[wanted.casefold()] = row.line
            _enter(row, before, wanted, changes, came_along=wanted in others)
    changes.absent = [student for student in known if student.id.casefold() not in claimed]
    return changes


class _Finder:
    """Finds in the gradebook who a row is about."""

    def __init__(self, known: list[Student], rows: list[Row]) -> None:
        self.known = known
        self.ids = {student.id.casefold(): student for student in known}
        self.named = {row.id.casefold() for row in rows}
        self.class_list = ClassList(known)

    def __call__(self, row: Row) -> tuple[Student, ...]:
        """Return who it may be: by the id, else by number and e-mail address, else by the name.

        Who has another id, number or address is somebody else, though of the same name.
        """
        if same := self.ids.get(row.id.casefold()):
            return (same,)
        found = tuple(student for student in self.known if self._is_unique(student, row))
        if found or row.id:
            return found
        named = self.class_list.find(Person(row.person.name, email=row.email)).students
        return tuple(student for student in named if not _contradicts(student, row))

    def _is_unique(self, student: Student, row: Row) -> bool:
        if student.id.casefold() in self.named:  # another row is about this one
            return False
        same = bool(row.number) and student.number == row.number
        same |= bool(row.email) and student.email.casefold() == row.email.casefold()
        names = {*words(student.name)}, {*words(row.person.name)}
        return same and not (all(names) and names[0].isdisjoint(names[1]))


def _contradicts(student: Student, row: Row) -> bool:
    pairs = (student.email.casefold(), row.email.casefold()), (student.number, row.number)
    return any(all(pair) and pair[0] != pair[1] for pair in pairs)


def apply(changes: Changes, gradebook: Gradebook) -> None:
    """Enter what is new and what has changed; nobody is removed."""
    for student in (*changes.new, *changes.changed.values()):
        gradebook.update_or_create_student(
            student.id,
            first_name=student.first_name or None,
            last_name=student.last_name or None,
            email=student.email or None,
            lms_user_id=student.number or None,
        )


def _enter(
    row: Row, before: Student | None, wanted: str, changes: Changes, came_along: bool
) -> None:
    if before is None:
        changes.new.append(Student(wanted, row.first_name, row.last_name, row.email, row.number))
        return
    after = replace(
        before,
        first_name=row.first_name or before.first_name,
        last_name=row.last_name or before.last_name,
        email=row.email or before.email,
        number=row.number or before.number,
    )
    if after == before and not came_along:
        changes.unchanged += 1
    else:
        changes.changed[before] = after


def _made_up(row: Row, parts: Mapping[str, int]) -> str:
    """Return an id for who has none in the file: of the e-mail address, else the number."""
    if row.email:
        return _local(row.email) if parts[_local(row.email)] == 1 else row.email.casefold()
    return row.number


def _local(email: str) -> str:
    return email.casefold().partition("@")[0]


def _unfit(row: Row, wanted: str) -> str:
    """Say why a row cannot be entered; nothing where it can."""
    values = (wanted, row.first_name, row.last_name, row.email, row.number)
    if not wanted:
        return f"{row.person} has neither a login nor an e-mail address nor a number"
    if not can_be_a_folder(wanted) or wanted.startswith((".", "-")):
        return f"the id {wanted!r} cannot be the name of a folder"
    if long := next((value for value in values if len(value) > LONGEST), None):
        return f"{long[:20]}… is longer than {LONGEST} letters"
    return ""


def _table(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > LARGEST:
            raise Unusable(f"{path} is too large for a class list.")
        text = _decoded(path.read_bytes())
        return list(csv.reader(io.StringIO(text, newline=""), _dialect(text)))
    except (OSError, csv.Error) as error:
        raise Unusable(f"{path} cannot be read as CSV: {error}.") from error


def _decoded(data: bytes) -> str:
    """Return a text in UTF-8, in UTF-16 if it says so, or as Windows and Excel write it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data.startswith(b"PK\3\4"):
        raise Unusable("This is an Excel file. Save it as CSV, and give that.")
    try:
        return data.decode("utf-8-sig")
    except ValueError:
        return data.decode("cp1252", "replace")


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how a table's cells are parted, as its first line has it."""

    first, _, second = text.partition("\n")

    class Found(csv.excel):
        delimiter = max(_SEPARATORS, key=(first if len(first) > len("sep=;\r") else second).count)

    return Found


def _folded(head: str) -> str:
    """Return a heading in small letters, without accents."""
    small = head.strip().strip('"').casefold()
    return small if small.isascii() else " ".join(words(small))


def _heads(table: list[list[str]]) -> tuple[int, dict[str, int], bool]:
    """Return which line has the headings, what stands where, and whether Canvas wrote it."""
    for line, cells in enumerate(table[:_HEADS_WITHIN]):
        heads = [_folded(head) for head in cells]
        always, one_of = _CANVAS_HAS
        canvas = always <= {*heads} and not one_of.isdisjoint(heads)
        columns = _columns(heads, canvas)
        if columns.keys() & {"id", "email", "name", "last_name", "number"}:
            return line, columns, canvas
    return 0, {}, False


def _columns(heads: list[str], canvas: bool) -> dict[str, int]:
    """Return where each of what is known of a person stands."""
    names = dict(_COLUMNS)
    if canvas:
        names |= {"id": ("sis login id", "login id", "sis user id"), "number": ("id",)}
    else:
        names["id"] = ("id", *names["id"])
    return {
        of: heads.index(found)
        for of, called in names.items()
        if (found := next((name for name in called if name in heads), None))
    }


def _value(cells: list[str], place: int) -> str:
    """Return a cell without the blanks around it, and without what keeps a formula from acting."""
    cell = cells[place] if place < len(cells) else ""
    value = " ".join(printable(cell).split())
    return value[1:] if value[:1] == "'" and value[1:2] in {*"=+-@"} else value


def _is_none_of_canvas(values: Mapping[str, str]) -> bool:
    """Return whether a line of Canvas' is one of points, or its own test student."""
    name = values.get("name", "").casefold()
    return name.startswith("points possible") or not name or name == "student, test"


def _row(line: int, values: Mapping[str, str], canvas: bool) -> Row:
    email, login, number = (values.get(of, "") for of in ("email", "id", "number"))
    if not email and "@" in login:
        email = login
    name = values.get("name", "")
    first, last = values.get("first_name", ""), values.get("last_name", "")
    if name and not last:
        head, comma, tail = name.partition(",")
        if comma:
            first, last = tail.strip(), head.strip()
        elif first:
            last = name
        else:
            first, _, last = name.rpartition(" ")
    return Row(line, login, first, last, email, number, name, values.get("time", ""))
