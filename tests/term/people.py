"""Sixty students: what they are called, how they hand in, and what kind of thing that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

FIRST = [
    "Ada",
    "Björn",
    "Chloé",
    "Đorđe",
    "Élise",
    "Françoise",
    "Gülşen",
    "Håkon",
    "Inês",
    "José",
    "Kateřina",
    "Łukasz",
    "Márta",
    "Noël",
    "Óscar",
    "Paweł",
    "Renée",
    "Søren",
    "Tomáš",
    "Zoë",
]
LAST = [
    "Müller",
    "Nguyễn",
    "O'Neil",
    "García Márquez",
    "Weiß",
    "Schmidt",
    "Kovács",
    "Dvořák",
    "van der Berg",
    "Smith-Jones",
    "Şahin",
    "Østergård",
    "Peña",
    "Lefèvre",
    "İnan",
]
WAYS = ("exchange", "moodle", "canvas", "blackboard")
KINDS = (
    "right",
    "wrong",
    "half",
    "twice",  # first wrong, then right
    "other name",
    "no ids",
    "companion",
    "stray byte",
    "empty",
    "pdf",
    "endless",
    "other lab",
    "nothing",
    "minutes late",
    "days late",
)


@dataclass(frozen=True)
class Person:
    """One student; `listed` is whether the class list has them."""

    id: str
    first: str
    last: str
    email: str
    number: str
    way: str
    kind: str
    listed: bool = True

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def _person(i: int) -> Person:
    way, kind = WAYS[i % 4], KINDS[i // 4]
    return Person(
        id=f"s{i:02}",
        first=FIRST[i % 20],
        last=LAST[7 * i % 15],  # so every last name is that of four, and no whole name of two
        email="" if i % 7 == 3 else f"person.{i}@uni.example",
        number="" if i % 11 == 5 and way != "canvas" else str(4000 + i),
        way=way,
        kind=kind,
    )


def _sixty() -> list[Person]:
    people = [_person(i) for i in range(60)]
    canvas = [person for person in people if person.way == "canvas"]
    # Two of one name, whom Canvas' number tells apart.
    double = replace(canvas[4], first=canvas[0].first, last=canvas[0].last)
    return [double if person.id == double.id else person for person in people]


SIXTY = _sixty()
# Who joins the class after the first collecting: one of each way, and all of them hand in.
JOINS_LATER = [person for person in SIXTY if person.kind == "half"]
STRANGERS = [
    Person(f"x{i}", "Nobody", f"Known{'abcd'[i]}", "", str(9000 + i), way, "right", listed=False)
    for i, way in enumerate(WAYS)
]
EVERYBODY = [*SIXTY, *STRANGERS]


def of_kind(*kinds: str) -> list[Person]:
    return [person for person in SIXTY if person.kind in kinds]
