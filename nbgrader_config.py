"""How nbgrader makes exercises/ from solutions/, and grades them. For instructors: see docs/teaching.md."""

import copy
from pathlib import Path

import nbformat
from nbconvert.preprocessors import TagRemovePreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
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


class MendCells(NbGraderPreprocessor):
    """What was copied or split counts once, where it stands last; a check that was deleted comes back."""

    def preprocess(self, notebook, resources):
        places = {}
        for place, cell in reversed(list(enumerate(notebook.cells))):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in places:
                del cell.metadata["nbgrader"]
            elif name:
                places[name] = place
        of, course, last, missing = resources["nbgrader"], self.config.CourseDirectory, -1, []
        released = Path(course.get("root", ""), course.release_directory, of["assignment"], f"{of['notebook']}.ipynb")
        for cell in nbformat.read(released, as_version=4).cells:
            name = cell.metadata.nbgrader.grade_id
            last = max(last, places.get(name, -1))
            if cell.metadata.nbgrader.grade and name not in places:
                missing.append((last, copy.deepcopy(cell)))
        for place, cell in reversed(missing):
            notebook.cells.insert(place + 1, cell)
        return notebook, resources


c.Autograde.sanitize_preprocessors = [ClearOutput, MendCells, OverwriteKernelspec, OverwriteCells, CheckCellMetadata]
c.ExecutePreprocessor.timeout = 60  # seconds for a cell; a check ends by itself much sooner
