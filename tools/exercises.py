"""Make exercises/ from solutions/, with nbgrader's own preprocessors, as nbgrader_config.py lists them.

python -m tools.exercises
"""

import sys

from nbgrader.preprocessors import SaveCells
from traitlets.config.loader import PyFileConfigLoader

from tools.notebooks import ROOT, dumps, normalise, read


def exercise(path):
    """The text of the exercise notebook that is made of a solution notebook."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    notebook, resources = read(path), {}
    for preprocessor in config.GenerateAssignment.preprocessors:
        if preprocessor is not SaveCells:  # which fills the gradebook, not the notebook
            notebook, resources = preprocessor(config=config).preprocess(notebook, resources)
    notebook = normalise(notebook)
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)
        if cell.cell_type == "code":
            cell.execution_count = None
    return dumps(notebook)


def exercises():
    """Every file that belongs in exercises/, with its text: a dict of paths."""
    solutions = ROOT / "solutions"
    return {
        ROOT / "exercises" / path.relative_to(solutions): exercise(path) for path in sorted(solutions.glob("*/*.ipynb"))
    }


def main():
    wanted = exercises()
    for path in set(ROOT.glob("exercises/*/*.ipynb")) - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
