"""Make this folder an ordinary nbgrader course: `nbgrader …` works from here as it is."""

import sys
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearOutput

course = Path(__file__).resolve().parent
sys.path.insert(0, str(course))  # nbgrader imports what is named here

from autograder.plugins import configure
from grader_tests.engine.worked import SCRIPTS

c = get_config()
configure(c)

c.CourseDirectory.course_id = "digits-from-scratch"
c.CourseDirectory.root = str(course)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# Whatever lies beside a worked notebook is copied to the students. Its script must not be.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "results.json",  # nbgrader would lay it beside the feedback page
    SCRIPTS,
]

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()  # your code here"}
steps = list(GenerateAssignment.class_traits()["preprocessors"].default())
steps.insert(steps.index(ClearOutput), "authoring.expected_output.KeepExpectedOutput")
c.GenerateAssignment.preprocessors = ["authoring.from_script.FromScript", *steps]
