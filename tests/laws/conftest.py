"""What the laws of several notebooks share."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def shown_by():
    """Runs these cells of a notebook, none of the others, and returns what the last one shows."""

    def shown_by(notebook, *ids):
        cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS / notebook, as_version=4).cells}
        names = {"np": np}
        *before, last = "\n".join(cells[cell_id] for cell_id in ids).splitlines()
        exec("\n".join(before), names)
        return eval(last, names)

    return shown_by
