"""Marks for other systems, as nbgrader's export plugins: Canvas, Moodle, a table of exercises.

``nbgrader export --exporter=autograder.export.Canvas`` runs one, and so does
``python -m autograder export canvas``. Every score has the points given by hand in it, and the late
penalty taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    Student,
    TaskCell,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, Unicode

from autograder import files
from autograder.course import Course
from autograder.export import gradescope
from autograder.results.class_list import NOT_LISTED, strangers
from autograder.results.graded import Graded
from autograder.results.marks import marks
from autograder.results.names import words
from autograder.results.notebook import number, place, several
from autograder.results.sheets import NOTHING, Given, cells
from autograder.safe.text import printable
from autograder.submission.master import Master


class Table(ExportPlugin):
    """Writes a CSV file with a row for each student."""

    missing = Unicode("", help="What stands for a lab that a student has not handed in.").tag(
        config=True
    )
    titles = Dict(
        help="What labs are called in the other system, by their names here; in Canvas with the "
        'number of the assignment, such as "Lab 1 (4711)".'
    ).tag(config=True)
    file_name = ""
    strangers = True  # whether who is not on the class list has a row

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `to` names."""
        # Sorted here: of databases, each has its own place for what is empty, and for capitals.
        labs = sorted(
            (a for a in gradebook.assignments if not self.assignment or a.name in self.assignment),
            key=lambda lab: (lab.duedate or datetime.min, lab.name),
        )
        for name in set(self.assignment) - {lab.name for lab in labs}:
            raise MissingEntry(f"The gradebook knows no lab {name!r}.")
        if not labs:
            raise MissingEntry("The gradebook knows no lab yet. Release or grade one first.")
        handed_in = {lab.name: self.handed_in(gradebook, lab) for lab in labs}
        students = sorted(
            (s for s in gradebook.students if not self.student or s.id in self.student),
            key=lambda one: (words(one.last_name or ""), words(one.first_name or ""), one.id),
        )
        if not self.strangers:
            students = self._of_the_class(gradebook, students)
        rows = list(self.heads(labs))
        for student in students:
            row = self.about(student)
            for lab in labs:
                row += handed_in[lab.name].get(student.id, [self.missing] * self.columns(lab))
            rows.append(row)
        to = Path(self.to or self.file_name)
        to.write_text(files.as_csv(rows), encoding="utf-8", newline="")  # it may be a pipe
        waiting = sum(bool(m.waits) for lab in labs for m in marks(gradebook, lab.name).values())
        if waiting:
            self.log.warning("%d submissions still wait for points by hand.", waiting)
        self.log.info("Marks of %d students: %s", len(students), to)

    def _of_the_class(self, gradebook: Gradebook, students: list[Student]) -> list[Student]:
        """Leave out who is not on the class list, and say so."""
        others = strangers(gradebook)
        if left_out := [student.id for student in students if student.id in others]:
            self.log.warning(
                "Left out, for they are %s: %s. Once they are (nbgrader db student add), write "
                "the file again.",
                *(NOT_LISTED, ", ".join(map(printable, left_out))),
            )
        return [student for student in students if student.id not in others]

    def heads(self, labs: list[Assignment]) -> Iterator[list[str]]:
        """Yield the rows above the students."""
        raise NotImplementedError

    def about(self, student: Student) -> list[str]:
        """Return the columns that say who a student is."""
        raise NotImplementedError

    def handed_in(self, gradebook: Gradebook, lab: Assignment) -> dict[str, list[str]]:
        """Return a lab's columns, by the students who handed it in."""
        found = marks(gradebook, lab.name)
        return {student: [number(mark.score)] for student, mark in found.items()}

    def columns(self, lab: Assignment) -> int:
        return 1

    def title(self, lab: Assignment) -> str:
        return self.titles.get(lab.name, lab.name)


class Canvas(Table):
    """Canvas' gradebook file: Student, ID, SIS User ID, SIS Login ID, Section, then the labs.

    Canvas finds a student by its own number (`lms_user_id` in nbgrader's gradebook), else by the
    login (the student's id here), and an assignment by its title, with its number if given.
    """

    file_name = "canvas.csv"
    strangers = False  # Canvas would find nobody

    def heads(self, labs: list[Assignment]) -> Iterator[list[str]]:
        titles = [self.title(lab) for lab in labs]
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles]
        yield ["    Points Possible", "", "", "", "", *(number(lab.max_score) for lab in labs)]

    def about(self, student: Student) -> list[str]:
        name = ", ".join(filter(None, (student.last_name, student.first_name)))
        return [name or student.id, student.lms_user_id or "", "", student.id, ""]


class Moodle(Table):
    """A file for Moodle's grade import from CSV: who, then a column for each lab.

    The import asks which column identifies a user: Username, ID number or Email address.
    """

    file_name = "moodle.csv"
    strangers = False  # Moodle would refuse the whole file

    def heads(self, labs: list[Assignment]) -> Iterator[list[str]]:
        who = ["First name", "Last name", "Username", "ID number", "Email address"]
        yield [*who, *(self.title(lab) for lab in labs)]

    def about(self, student: Student) -> list[str]:
        names = [student.first_name or "", student.last_name or ""]
        return [*names, student.id, student.lms_user_id or "", student.email or ""]


class Exercises(Table):
    """Points exercise by exercise, what being late took off, and the score.

    What waits for points by hand is empty.
    """

    file_name = "exercises.csv"

    def heads(self, labs: list[Assignment]) -> Iterator[list[str]]:
        row = ["student_id", "last_name", "first_name", "email"]
        for lab in labs:
            title = self.title(lab)
            row += [
                f"{title}: {name} ({number(most)})" for name, most in self._exercises(lab).items()
            ]
            row += [f"{title}: late penalty", f"{title}: score ({number(lab.max_score)})"]
        yield row

    def about(self, student: Student) -> list[str]:
        return [student.id, student.last_name or "", student.first_name or "", student.email or ""]

    def handed_in(self, gradebook: Gradebook, lab: Assignment) -> dict[str, list[str]]:
        found, given = marks(gradebook, lab.name), cells(gradebook, lab.name)
        return {
            student: [
                *(_points(given[student].get(name, NOTHING)) for name in self._exercises(lab)),
                *(number(mark.penalty), number(mark.score)),
            ]
            for student, mark in found.items()
        }

    def columns(self, lab: Assignment) -> int:
        return len(self._exercises(lab)) + 2

    def _exercises(self, lab: Assignment) -> dict[str, float]:
        """Return tests, written answers and tasks, notebook by notebook, with their points."""
        called = several(notebook.name for notebook in lab.notebooks)
        return {
            place(cell.name, called[notebook.name]): cell.max_score
            for notebook in sorted(lab.notebooks, key=lambda notebook: notebook.name)
            for cell in self._in_order(notebook, lab)
        }

    def _in_order(self, notebook: Notebook, lab: Assignment) -> list[GradeCell | TaskCell]:
        """Return what gives points as it stands in the notebook; the gradebook has no order."""
        cells = {cell.name: cell for cell in (*notebook.grade_cells, *notebook.task_cells)}
        course = CourseDirectory(parent=self.parent, config=self.config)
        folder = course.format_path(course.release_directory, ".", lab.name)
        master = Master.of(notebook).laid_out(Path(folder, f"{notebook.name}.ipynb"))
        return [cells[cell.name] for cell in master.cells if cell.name in cells]


class Gradescope(ExportPlugin):
    """Gradescope's results.json of one submission; name one student and one lab."""

    @cached_property
    def _course(self) -> Course:
        return Course(Path(CourseDirectory(parent=self.parent, config=self.config).root))

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `to` names."""
        if len(self.student) != 1 or len(self.assignment) != 1:
            raise ValueError("A results.json is of one submission: name one student and one lab.")
        (student,), (lab,) = self.student, self.assignment
        graded = Graded.read(self._course.results(student, lab))
        if graded is None:
            raise MissingEntry(f"There is no results.json of {student}: run the grader on {lab}.")
        found, given = marks(gradebook, lab), cells(gradebook, lab)
        content = gradescope.results(graded, found[student], given[student])
        files.write_json(Path(self.to or "results.json"), content)


def _points(given: Given) -> str:
    return "" if given.waits else number(given.score)
