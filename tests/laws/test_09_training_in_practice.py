"""Notebook 09: what schedules are for; the code that it shows of other libraries does what `descend` does."""

import inspect
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from evidence.core import Draw
from gdtools.descent import descend, minibatches
from gdtools.optimizers import constant, cosine, inverse_time, step_decay

LINE = Draw(0).line()
SCHEDULES = {
    "constant": constant(0.2),
    "1/t": inverse_time(0.2, half_after=20),
    "step": step_decay(0.2, every=20),
    "cosine": cosine(0.2, steps=400),
}


def test_schedules_end_the_wandering():
    above = {}
    for name, schedule in SCHEDULES.items():
        options = {"batch_size": 32, "sampling": "replace", "seed": range(32), "record_every": 400}
        above[name] = np.median(descend(LINE, (0, 0), schedule, steps=400, **options).loss[-1] - LINE.floor)
    assert min(above, key=above.get) == "cosine"
    assert above["cosine"] < above["constant"] / 10


# --- the library bridge: PyTorch and scikit-learn are no part of the course, so these run where they are installed

CELLS = {
    cell.id: cell.source
    for cell in nbformat.read(
        Path(__file__).parents[2] / "notebooks" / "09_training_in_practice.ipynb", as_version=4
    ).cells
}
BLOCKS = re.findall(r"```python\n(.*?)```", CELLS["bridge-code"] + CELLS["bridge-sklearn"], re.S)


def run_block(library):
    """What the notebook's code for this library has made."""
    pytest.importorskip(library)
    (block,) = (block for block in BLOCKS if re.search(rf"^(import|from) {library}\b", block, re.M))
    names = {"line": LINE, "minibatches": minibatches}
    exec(block, names)
    return names


def test_the_run_in_pytorch_ends_where_ours_ends():
    theta = run_block("torch")["theta"].detach().numpy()
    ours = descend(LINE, (0, 0), 0.1, epochs=2, batch_size=32, seed=0).theta[-1]
    np.testing.assert_allclose(theta, ours, rtol=1e-6)


def test_the_run_in_scikit_learn_ends_where_ours_ends():
    theta = run_block("sklearn")["model"].coef_
    ours = descend(LINE, (0, 0), 0.001, epochs=2, batch_size=1, seed=0).theta[-1]
    np.testing.assert_allclose(theta, ours, rtol=1e-6)


def default(function, name):
    return inspect.signature(function).parameters[name].default


def test_the_table_names_the_defaults_of_pytorch():
    torch = pytest.importorskip("torch")
    assert default(torch.optim.RMSprop.__init__, "alpha") == 0.99
    assert default(torch.optim.AdamW.__init__, "weight_decay") == 0.01
    assert not default(torch.utils.data.DataLoader.__init__, "shuffle")
    assert not default(torch.utils.data.DataLoader.__init__, "drop_last")
    assert default(torch.nn.functional.mse_loss, "reduction") == "mean"
    assert all(text in CELLS["bridge-table"] for text in ("alpha=0.99", "the default is False", "0.01 by default"))


def test_the_table_names_the_defaults_of_scikit_learn():
    model = pytest.importorskip("sklearn.linear_model").SGDRegressor
    assert default(model, "learning_rate") == "invscaling"
    assert default(model, "penalty") == "l2"
    assert default(model, "shuffle") is True
    assert '`"invscaling"` by default, and an L2 penalty' in CELLS["bridge-table"]


def test_both_libraries_are_shown():
    assert len(BLOCKS) == 2
