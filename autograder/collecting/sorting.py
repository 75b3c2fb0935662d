"""A downloaded archive sorted into a course's `submitted/`. Nothing that lies there is lost."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.collecting import plan as planning
from autograder.collecting.archive import Unusable, look_into
from autograder.collecting.attempts import Attempt, Reader, Sought
from autograder.collecting.people import ClassList, Student, students
from autograder.collecting.plan import NEW, NEWER, RETIMED, Place, Plan, Taken, There
from autograder.collecting.roster import times_in
from autograder.course import Course
from autograder.results.class_list import strangers
from autograder.submission import times
from autograder.submission.handed_in import find_submission

REPLACED = "replaced"


def plan(
    course: Course,
    lab: str,
    archive: Path,
    read: Reader,
    zone: tzinfo,
    time_sheet: Path | None = None,
    replace: bool = False,
) -> Plan:
    """Return what is to be done with an archive; change nothing.

    Parameters
    ----------
    course : Course
    lab : str
    archive : Path
        A zip file, or a folder.
    read : callable
        How the system that it comes from names things.
    zone : tzinfo
        Of times that name none.
    time_sheet : Path, optional
        A table that says when students handed in; it counts more than the archive.
    replace : bool
        Whether what is in the archive is taken even where something newer was collected.

    Raises
    ------
    Unusable
        If nothing in there can be sorted; the text says why.
    """
    with course.gradebook() as gradebook:
        people = [one for one in students(gradebook) if planning.can_be_a_folder(one.id)]
        others = strangers(gradebook)
        deadlines = {one.id: _deadline(gradebook, lab, one.id) for one in people}
    class_list = ClassList(people)
    other_labs = frozenset(course.labs()) - {lab}
    sought = Sought(lab, tuple(course.notebooks(lab)), other_labs, zone, class_list.knows)
    contents = look_into(archive, zone)
    made = Plan(left_out=contents.left_out)
    contents.files = planning.without_litter(contents.files, made)
    attempts = read(contents, sought)
    if not attempts:
        raise Unusable(_nothing_in(archive, contents.left_out))
    if planning.times_are_of_the_download(contents, attempts):
        made.download = _newest(attempts)
    told = times_in(time_sheet, class_list, zone, made.left_out) if time_sheet else {}
    for student, own in planning.matched(attempts, class_list, made).items():
        place = _place(course, lab, student, deadlines[student.id], told.get(student.id))
        if taken := planning.decide(student, own, place, sought, made, replace):
            made.taken.append(taken)
    there = {taken.student.id for taken in made.taken} | set(course.students(lab)) | others
    made.missing = [student for student in people if student.id not in there]
    made.taken.sort(key=lambda taken: taken.student.id)
    return made


def carry_out(course: Course, lab: str, made: Plan) -> None:
    """Do what is planned."""
    for taken in made.taken:
        folder = course.submission(taken.student.id, lab).parent
        if taken.outcome in (NEW, NEWER):
            _put(folder, taken, course.root / REPLACED / taken.student.id / lab)
        if taken.when and taken.outcome in (NEW, NEWER, RETIMED):
            times.write_down(folder, taken.when)


def _put(folder: Path, taken: Taken, aside: Path) -> None:
    """Lay a submission into its folder, all of it at once, and what was there aside."""
    draft = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    for held in taken.files:
        path = draft / held.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held.read())
        moment = taken.when or held.when
        if moment and moment < datetime.now(UTC).replace(tzinfo=None):
            seconds = moment.replace(tzinfo=UTC).timestamp()
            os.utime(path, (seconds, seconds))
    if os.path.lexists(folder):
        _lay_aside(folder, aside)
    draft.rename(folder)


def _lay_aside(folder: Path, aside: Path) -> None:
    aside.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now():%Y-%m-%d-%H-%M-%S}"
    taken = len(list(aside.glob(f"{name}*")))
    shutil.move(folder, aside / (f"{name}-{taken}" if taken else name))


def _place(
    course: Course, lab: str, student: Student, deadline: datetime | None, told: datetime | None
) -> Place:
    folder = course.submission(student.id, lab).parent
    notebook, _ = find_submission(folder, course.notebooks(lab)[0])
    known = times.Times(config=course.config).handed_in(folder, notebook)
    return Place(folder, There.of(folder, known.when), deadline, told)


def _deadline(gradebook: Gradebook, lab: str, student: str) -> datetime | None:
    """Return a student's own deadline, in UTC."""
    try:
        deadline: datetime | None = gradebook.find_assignment(lab).duedate
    except MissingEntry:
        return None
    if deadline is None:
        return None
    try:
        extension = gradebook.find_submission(lab, student).extension
    except MissingEntry:
        return deadline
    return deadline + extension if extension else deadline


def _newest(attempts: list[Attempt]) -> datetime | None:
    return max((held.when for one in attempts for held in one.files if held.when), default=None)


def _nothing_in(archive: Path, left_out: dict[str, str]) -> str:
    if not left_out:
        return f"There is no file in {archive}."
    name, why = next(iter(left_out.items()))
    return f"Nothing in {archive} can be sorted. {name}, for one, {why}."
