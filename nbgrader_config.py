"""Make this folder an ordinary nbgrader course: `nbgrader …` works from here as it is."""

import os
import sys
from pathlib import Path

from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.preprocessors import ClearOutput, Execute, GetGrades

course = Path(__file__).resolve().parent
# nbgrader calls `alembic`, which lies beside the Python that runs it.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
# nbgrader imports our preprocessors, and the kernels that it starts import the hidden tests.
sys.path.insert(0, str(course))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(course), os.environ.get("PYTHONPATH", "")])
)


def default_of(converter: type, trait: str) -> list:
    """Return nbgrader's own list of steps, to which ours are added."""
    return list(converter.class_traits()[trait].default())


c = get_config()

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
    "lab[0-9]_*.py",
]

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()  # your code here"}
release_steps = default_of(GenerateAssignment, "preprocessors")
release_steps.insert(
    release_steps.index(ClearOutput), "authoring.expected_output.KeepExpectedOutput"
)
c.GenerateAssignment.preprocessors = release_steps

# A file that is no notebook gets a mark and a reason; whatever was done to a test cell is undone.
c.Autograde.exporter_class = "autograder.reading.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["autograder.rebuild.RebuildSubmission"]
grading_steps = default_of(Autograde, "autograde_preprocessors")
grading_steps[grading_steps.index(Execute)] = "autograder.judge.Judge"
c.Autograde.autograde_preprocessors = grading_steps
c.Judge.source_folder = str(course / "solutions")
c.Judge.ignore = c.CourseDirectory.ignore

# Feedback shows no hidden test, runs no script, and needs no network.
c.GenerateFeedback.exporter_class = "autograder.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "autograder.feedback.HideTests",
    GetGrades,
    "autograder.feedback.Summarise",
]
c.FeedbackExporter.template_name = "student_feedback"
c.FeedbackExporter.extra_template_basedirs = [str(course / "autograder" / "templates")]
