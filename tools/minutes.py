"""How long each notebook takes a student, and how long it says that it takes.

    python -m tools.minutes [02 ...]

Two minutes for each prediction, a minute for 150 words and for 15 lines of code. Code that is folded is not read.
"""

import re
import sys

from tools.notebooks import COURSE, read

PREDICTION, WORDS, LINES = 2, 150, 15  # minutes for each; how many in a minute
NOTEBOOKS = [path for path in COURSE if path.parent.name == "notebooks"]
TIME = re.compile(r"\*\*Time:\*\* (\d+) minutes")


def parts(notebook):
    """How many predictions, words, and lines of code that can be seen: what the time goes to."""
    markdown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    seen = [cell.source for cell in notebook.cells if cell.cell_type == "code" and not folded(cell)]
    lines = [line for source in seen for line in source.splitlines() if line.strip()]
    return sum(text.count("**Predict") for text in markdown), sum(len(text.split()) for text in markdown), len(lines)


def folded(cell):
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def minutes(notebook):
    """How long this notebook takes, by its parts."""
    predictions, words, lines = parts(notebook)
    return PREDICTION * predictions + words / WORDS + lines / LINES


def stated(notebook):
    """How long this notebook says that it takes, in its first cell: **Time:** 45 minutes."""
    return int(TIME.search(notebook.cells[0].source)[1])


def main(numbers):
    for path in NOTEBOOKS:
        if not numbers or path.name.startswith(tuple(numbers)):
            notebook = read(path)
            told = "{} predictions, {} words, {} lines of code".format(*parts(notebook))
            print(f"{path.stem}: {minutes(notebook):.0f} minutes ({told}); it says {stated(notebook)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
