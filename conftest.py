"""How the tests read notebooks (nbval), and how hypothesis searches."""

import hypothesis
import pytest
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from tools.notebooks import NO_WORDS, pictured_only, readable

# No deadline: a machine under load is slow. Derandomised: the same examples in every run, here and elsewhere.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True)
hypothesis.settings.load_profile("course")


def pytest_collectstart(collector):
    """Pictures are tested in tests/unit; nbval compares what is printed."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare += ("text/html", "image/svg+xml")


def pytest_itemcollected(item):
    """Compare what is stored: `make notebooks` drops live widgets, and covers what a reader shall guess."""
    if isinstance(item, IPyNbCell):
        compare = item.compare_outputs
        item.compare_outputs = lambda outputs, stored: compare(readable(outputs), readable(stored))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """A cell that warns, or shows a picture without words, has failed. What fails is told with the cell's id."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    try:
        result = yield
        warnings = [output.text for output in item.test_outputs or [] if output.get("name") == "stderr"]
        if warnings:
            item.raise_cell_error("The cell wrote to stderr", "".join(warnings))
        if any(map(pictured_only, item.test_outputs or [])):
            item.raise_cell_error(f"The cell {NO_WORDS}")
    except NbCellError as error:
        error.args = (f"cell {item.cell.id!r}. {error}",)
        raise
    return result
