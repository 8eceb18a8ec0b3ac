"""How nbgrader makes exercises/ from solutions/, and grades them. For instructors: see docs/teaching.md."""

from nbconvert.preprocessors import TagRemovePreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    SaveCells,
)

c = get_config()  # noqa: F821 (nbgrader and tools/exercises.py define it)

c.CourseDirectory.course_id = "gradient_descent"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

c.ClearSolutions.code_stub = {"python": "...  # replace these dots"}
c.TagRemovePreprocessor.enabled = True
c.TagRemovePreprocessor.remove_cell_tags = {"solution-note"}
c.GenerateAssignment.preprocessors = [
    TagRemovePreprocessor,  # first: what explains a solution is no part of the exercise
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ComputeChecksums,
    CheckCellMetadata,
]
c.ExecutePreprocessor.timeout = 60  # seconds for a cell; a check ends by itself much sooner
