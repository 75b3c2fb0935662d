"""Who is on the class list: whom the instructor entered, and not whom grading met first.

nbgrader's gradebook knows one kind of student, and whoever hands in becomes one. The two are told
apart by their names: where nbgrader's commands are given none they leave it unset, and who came
with a submission has empty ones. To enter somebody later, in any way, undoes that.
"""

from __future__ import annotations

from nbgrader.api import Gradebook, MissingEntry, Student

NOT_LISTED = "not on the class list"


def meet(gradebook: Gradebook, student: str) -> None:
    """See to it that the gradebook has a student who handed in, on the class list or not."""
    try:
        gradebook.find_student(student)
    except MissingEntry:
        gradebook.add_student(student, first_name="", last_name="")


def strangers(gradebook: Gradebook) -> frozenset[str]:
    """Return who handed in without being on the class list; nobody where there is no list."""
    known = gradebook.db.query(
        Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id
    ).all()
    met = {student for student, *names, email, number in known if _unnamed(names, email, number)}
    return frozenset(met if len(met) < len(known) else ())


def called(student: str, *names: str | None) -> str:
    """Return what a student is called, with the id, or the id where no name is known."""
    name = " ".join(filter(None, names))
    return f"{name} ({student})" if name else student


def _unnamed(names: list[str | None], email: str | None, number: str | None) -> bool:
    return names == ["", ""] and not email and not number
