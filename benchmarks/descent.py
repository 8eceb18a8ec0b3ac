"""One epoch of SGD on the flights, N = 10 000, B = 1, d = 2; and a new start in the explorer."""

import importlib
import io

import matplotlib
import numpy as np

from benchmarks import textbook
from benchmarks.measure import in_turns, row, timed
from evidence.core import Draw
from gdtools.descent import descend
from gdtools.explorers import explore_descent
from gdtools.losses import bowl

RATE, SEEDS = 0.01, range(32)


def rows():
    yield from epoch_rows()
    yield start_row()


def epoch_rows(rounds=7):
    """The rows on the epoch; those of PyTorch and scikit-learn where they are installed."""
    loss = Draw(0).line()
    X, y = loss.X, loss.y

    def ours(seed):
        return descend(loss, (0, 0), RATE, epochs=1, batch_size=1, seed=seed).theta

    def loops():
        return np.stack([textbook.sgd(X, y, RATE, seed) for seed in SEEDS], axis=1)

    np.testing.assert_allclose(ours(SEEDS), loops(), rtol=1e-9, err_msg="the two should do the same")
    loop_of_batches = timed(textbook.minibatch, X, y, RATE, 0, 1)
    ways = [timed(ours, 0), timed(textbook.sgd, X, y, RATE, 0), loop_of_batches, timed(ours, SEEDS), timed(loops)]
    others = {name: timed(way, X, y) for name, (module, way) in OTHERS.items() if _installed(module)}
    one, loop, batches, many, many_loops, *timings = in_turns(rounds, *ways, *others.values())
    each = [time / len(SEEDS) for time in many]
    yield row("SGD epoch, 1 run", one, "textbook NumPy loop", loop)
    yield row("SGD epoch, 1 run", one, "textbook NumPy loop over mini-batches, of 1", batches)
    yield row("SGD epoch, 32 runs", many, "32 textbook NumPy loops", many_loops)
    for name, timing in zip(others, timings, strict=True):
        yield row("SGD epoch, each of 32 runs", each, name, timing)


def start_row(rounds=15):
    """The row on a click in the explorer, as far as the kernel is concerned."""
    matplotlib.use("agg")
    live = explore_descent(bowl(1, 4), (4, 2), np.arange(1, 61) * 0.005, steps=60).live
    across = iter(np.linspace(100, 300, rounds + 1))

    def click():
        live._handle_custom_msg({"point": [next(across), 150]}, [])

    def redraw():
        figure = textbook.scene(0.1)
        figure.savefig(io.BytesIO(), bbox_inches="tight")  # as a notebook does
        textbook.plt.close(figure)

    ours, rival = in_turns(rounds, timed(click), timed(redraw))
    return row("new start, kernel's work: 60 rates × 60 steps", ours, "`interact`, 1 rate", rival)


def _torch_sgd(X, y):
    import torch

    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)[:, None]
    model = torch.nn.Linear(2, 1, bias=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    path = [model.weight.detach().clone()]
    for i in torch.randperm(len(X)):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(X[i]), y[i])
        loss.backward()
        optimizer.step()
        path.append(model.weight.detach().clone())
    return torch.cat(path)


def _sklearn_sgd(X, y):
    from sklearn.linear_model import SGDRegressor

    options = {"penalty": None, "fit_intercept": False, "learning_rate": "constant"}
    model = SGDRegressor(eta0=2 * RATE, random_state=0, **options)  # its loss is half of ours
    return model.partial_fit(X, y).coef_  # one epoch


OTHERS = {
    "PyTorch loop": ("torch", _torch_sgd),
    "scikit-learn `SGDRegressor`, which keeps no iterates": ("sklearn", _sklearn_sgd),
}


def _installed(module):
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True
