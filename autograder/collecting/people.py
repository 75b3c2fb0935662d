"""Who is meant: what another system calls a person, found in the gradebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nbgrader.api import Gradebook

from autograder.results.names import glued, is_part, without_umlauts, words


@dataclass(frozen=True)
class Person:
    """What another system says of somebody.

    Attributes
    ----------
    name : str
        As it is written there, in any order.
    logins : tuple of str
        What may be the login, the likeliest first.
    number : str
        The system's own number of the person.
    number_tells : bool
        Whether that is the number which the class list has, so that whoever has another one there
        is somebody else. Moodle's folders have a number of their own.
    """

    name: str = ""
    logins: tuple[str, ...] = ()
    number: str = ""
    email: str = ""
    number_tells: bool = True

    def __str__(self) -> str:
        said = self.name or next(iter(self.logins), "") or self.email
        more = [part for part in (self.number, self.email) if part and part != said]
        return f"{said or 'somebody'} ({', '.join(more)})" if more else said or "somebody"


@dataclass(frozen=True)
class Student:
    """Somebody in the gradebook."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name)))

    @property
    def called(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id


def students(gradebook: Gradebook) -> list[Student]:
    """Return everyone in the gradebook."""
    return [
        Student(
            student.id,
            student.first_name or "",
            student.last_name or "",
            student.email or "",
            student.lms_user_id or "",
        )
        for student in sorted(gradebook.students, key=lambda student: student.id)
    ]


@dataclass(frozen=True)
class Match:
    """Who may be meant; one student is certain, several are not.

    Attributes
    ----------
    strength : int
        How much it says; of two people who both seem to be one student the stronger is.
    """

    students: tuple[Student, ...] = ()
    strength: int = 0

    @property
    def student(self) -> Student | None:
        return self.students[0] if len(self.students) == 1 else None


class ClassList:
    """The gradebook's students, to be found by what other systems know of them."""

    def __init__(self, people: Iterable[Student]) -> None:
        self.people = list(people)

    def find(self, person: Person) -> Match:
        """Return who may be meant: by number, login and e-mail, and only then by the name."""
        tries = [*self._by_what_is_unique(person), *self._by_name(person)]
        people = [student for student in self.people if not _has_another_number(student, person)]
        for strength, fits in zip(range(len(tries), 0, -1), tries, strict=True):
            if found := tuple(student for student in people if fits(student)):
                return Match(self._told_apart(found, person), strength)
        return Match()

    def knows(self, name: str) -> bool:
        """Return whether a name or a login is that of one student."""
        return self.find(Person(name, (name,))).student is not None

    def _by_what_is_unique(self, person: Person) -> list[_Fits]:
        number, email = person.number, person.email.casefold()
        tries: list[_Fits] = []
        if number and person.number_tells:
            tries.append(lambda student: student.number == number)
        if email:
            tries += [
                lambda student: email in (student.email.casefold(), student.id.casefold()),
                lambda student: not student.email and student.id.casefold() == _local(email),
            ]
        for login in person.logins:
            tries += _by_login(login)
        return tries

    def _by_name(self, person: Person) -> list[_Fits]:
        said = words(person.name)
        if not said:
            return []
        whole = "".join(said)
        plain = without_umlauts(whole)
        number = person.number
        return [
            lambda student: sorted(words(student.name)) == sorted(said),
            lambda student: whole in _ways(student),
            lambda student: plain in map(without_umlauts, _ways(student)),
            lambda student: _all_the_same(said, words(student.name)),
            lambda student: is_part(said, words(student.name)),
            lambda student: is_part(words(student.name), said),
            # As in ada.lovelace: one word would be a first name as well as a login.
            lambda student: len(said) > 1 and whole == glued(student.id),
            lambda student: len(said) > 1 and whole == glued(_local(student.email)),
            # A number of another kind may be the same by chance, but not with a name in common.
            lambda student: student.number == number != "" and _in_common(said, student),
        ]

    def _told_apart(self, found: tuple[Student, ...], person: Person) -> tuple[Student, ...]:
        """Of several of one name, return whose number it is."""
        numbered = tuple(s for s in found if person.number and s.number == person.number)
        return numbered if len(numbered) == 1 else found


def _has_another_number(student: Student, person: Person) -> bool:
    numbers = student.number, person.number
    return person.number_tells and all(numbers) and student.number != person.number


_Fits = Callable[[Student], bool]


def _by_login(login: str) -> list[_Fits]:
    same = login.casefold()
    return [
        lambda student: student.id == login,
        lambda student: student.id.casefold() == same,
        lambda student: student.email.casefold() == same,
        lambda student: bool(student.number) and student.number == login,
        lambda student: _local(student.email.casefold()) == same != "",
        lambda student: "@" in student.id and _local(student.id.casefold()) == same,
    ]


def _local(email: str) -> str:
    return email.partition("@")[0]


def _ways(student: Student) -> tuple[str, ...]:
    """Return a student's name as one word, in either order."""
    first, last = glued(student.first_name), glued(student.last_name)
    return (first + last, last + first) if first or last else ()


def _in_common(said: tuple[str, ...], student: Student) -> bool:
    return not set(said).isdisjoint(words(student.name))


def _all_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return sorted(map(without_umlauts, one)) == sorted(map(without_umlauts, other))
