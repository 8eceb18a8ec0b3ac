"""The one loop of the course, and what it remembers.

Leading axes are independent runs: many starts, many learning rates and many seeds descend in one call.
"""

import itertools
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from gdtools.arguments import array, choice, count, each_run_alone, floats, refuse, seeds
from gdtools.optimizers import GradientDescent, check_optimizer

SAMPLINGS = ("shuffle", "replace")


def minibatches(n_examples, batch_size, *, epochs=1, seed=0, sampling="shuffle", drop_last=False):
    """Yield the example indices of one mini-batch after the other: integer arrays of shape (..., b).

    An epoch visits every example once, in a new random order each time; b is `batch_size`, but for the last batch of
    an epoch, which holds what is left (or is left out, with `drop_last`). With `sampling="replace"` every index is
    drawn from all N instead. A sequence of seeds gives arrays (len(seed), b): row i is what seed[i] gives alone.

    Raises ValueError for sizes below 1, a batch larger than the data, an unknown sampling, or an unusable seed.

    >>> [len(batch) for batch in minibatches(10, 4)]
    [4, 4, 2]

    Source: Bottou, Stochastic Gradient Descent Tricks (2012), section 4.2.
    """
    n_examples = count("n_examples", n_examples)
    batch_size = count("batch_size", batch_size, at_most=n_examples)
    epochs = count("epochs", epochs)
    choice("sampling", sampling, SAMPLINGS)
    generators = [np.random.default_rng(s) for s in seeds(seed).flat]
    shape = (*seeds(seed).shape, n_examples)
    n_visited = n_examples - n_examples % batch_size if drop_last else n_examples

    def orders():
        for _ in range(epochs):
            if sampling == "shuffle":
                order = [generator.permutation(n_examples) for generator in generators]
            else:
                order = [generator.integers(n_examples, size=n_examples) for generator in generators]
            yield np.reshape(order, shape)[..., :n_visited]

    return (order[..., i : i + batch_size] for order in orders() for i in range(0, n_visited, batch_size))


def updates_per_epoch(n_examples, batch_size, drop_last=False):
    """N / B, rounded up (rounded down with `drop_last`).

    Raises ValueError unless 1 ≤ B ≤ N.
    """
    n_examples = count("n_examples", n_examples)
    batch_size = count("batch_size", batch_size, at_most=n_examples)
    return n_examples // batch_size if drop_last else -(-n_examples // batch_size)


def descend(
    loss,
    start,
    learning_rate,
    *,
    steps=None,
    epochs=None,
    batch_size=None,
    optimizer=None,
    seed=0,
    sampling="shuffle",
    drop_last=False,
    record_every=1,
):
    """Follow the gradient downhill, θ ← θ − η ∇L(θ), one update a mini-batch, and return the `Trajectory`.

    loss           what is minimised: `value(theta)`, `grad(theta, batch)` and `n_examples`, see `gdtools.losses`
    start          θ₀, shape (..., d)
    learning_rate  η: a number, an array (...) with a rate for each run, or a schedule: a function that returns either
                   for the number of the update (1, 2, ...)
    steps, epochs  how long: a number of updates, or of passes over the data; give one of the two
    batch_size     B, from 1 to N; None takes all the examples in every update
    optimizer      turns the gradient into a step, see `gdtools.optimizers`; None is plain gradient descent
    seed           a whole number, or a sequence of them: one run for each, on the last axis of runs
    sampling       "shuffle" or "replace", see `minibatches`; also for `drop_last`
    record_every   keep every k-th row; start and end are always kept

    The axes of runs are those of `start[..., 0]`, `learning_rate` and `seed`, broadcast against each other. A run that
    diverges is a result, not an error: its rows become infinite.

    Raises ValueError for an argument out of range, and for a loss or an optimizer that changes theta, returns another
    shape, or mixes runs.

    >>> from gdtools.losses import bowl
    >>> descend(bowl(1, 1), start=(3, 4), learning_rate=0.1, steps=1).theta[-1]
    array([2.4, 3.2])

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), algorithm 8.1.
    """
    optimizer = GradientDescent() if optimizer is None else optimizer
    check_optimizer(optimizer)
    theta, rates = _runs(loss, start, learning_rate, seed)
    _check(loss, optimizer, theta)
    options = {"seed": seed, "sampling": sampling, "drop_last": drop_last}
    batches, updates, examples = _batches(loss, steps, epochs, batch_size, record_every, options)

    rows = np.empty((len(updates), *theta.shape), theta.dtype)
    rows[0], state, every = theta, optimizer.init(theta), int(updates[1])
    with np.errstate(all="ignore"):
        for update, (batch, eta) in enumerate(zip(batches, rates, strict=False), start=1):
            grad = loss.grad(theta, batch)
            theta, state = optimizer.update(theta, grad, eta, state)
            rows[-(-update // every)] = theta  # until the next one: so those recorded stay
    rows[np.isnan(rows)] = np.inf  # an overflow ends in inf − inf
    return Trajectory(loss, rows, updates, examples)


@dataclass(frozen=True)
class Trajectory:
    """Where a descent has been: one row for the start and one for each recorded update.

    loss_function  what was minimised
    theta          parameters, shape (rows, ..., d)
    updates        how many updates led to each row, shape (rows,); starts at 0
    examples       how many examples had been used by then, counted with repeats (None for a loss without data)
    """

    loss_function: object = field(repr=False)
    theta: np.ndarray = field(repr=False)
    updates: np.ndarray = field(repr=False)
    examples: np.ndarray | None = field(repr=False)

    def __repr__(self):
        runs = f", runs {self.theta.shape[1:-1]}" if self.theta.ndim > 2 else ""
        return f"Trajectory({self.updates[-1]} updates{runs}, d = {self.theta.shape[-1]})"

    @property
    def epochs(self):
        """Passes over the data by each row."""
        return None if self.examples is None else self.examples / self.loss_function.n_examples

    @cached_property
    def loss(self):
        """The loss over all the data, shape (rows, ...); infinite where the run has diverged."""
        with np.errstate(all="ignore"):
            each_run_alone("loss.value", self.loss_function.value, self.theta[0])
            loss = np.array([self.loss_function.value(theta) for theta in self.theta])
        if loss.shape != self.theta.shape[:-1]:
            refuse("loss.value(theta)", f"of shape {self.theta.shape[1:-1]}, one number for each run", loss[0])
        return np.where(np.isfinite(loss), loss, np.inf)  # an overflow may have either sign

    def updates_to(self, target):
        """The first recorded update with a loss of `target` or less, for each run; infinite if there is none.

        A run may touch the target and leave it again: see `stays_below`.
        """
        return self._first(self._at(target))

    def stays_below(self, target):
        """The first recorded update from which on the loss is `target` or less; infinite where it ends above."""
        hit = self._at(target)
        return self._first(np.logical_and.accumulate(hit[::-1])[::-1])  # a row counts if all later ones do

    def _at(self, target):
        """Where the loss is `target` or less."""
        expected, loss = "a number, or one for each run", self.loss
        given = array("target", expected, target)
        if given.dtype.kind not in "fiu" or np.isnan(given).any():
            refuse("target", expected, target)
        try:
            return loss <= np.broadcast_to(given, loss.shape[1:])
        except ValueError:
            refuse("target", expected, target)

    def _first(self, hit):
        return np.where(hit.any(axis=0), self.updates[hit.argmax(axis=0)], np.inf)


def _runs(loss, start, learning_rate, seed):
    """θ₀ for each run, and the learning rate as a function of the update's number: a number, or an array (..., 1)."""
    if isinstance(loss, type) or not hasattr(loss, "grad") or not hasattr(loss, "n_examples"):
        refuse("loss", "an object with grad, value and n_examples, see gdtools.losses", loss)
    theta = floats("start", start, shape=(..., loss.d) if hasattr(loss, "d") else (...,))

    def checked(rate, before=None):
        with np.errstate(over="ignore"):  # too large for a float32: the run diverges
            eta = floats("learning_rate", rate, at_least=0).astype(theta.dtype)
        if before is not None and eta.ndim and eta.shape != before:
            refuse("learning_rate", f"of shape {before} at every update, as at the first", rate)
        return eta[..., None] if eta.ndim else eta

    if callable(learning_rate):
        first = checked(learning_rate(1))
        rates = (checked(learning_rate(update), first.shape[:-1]) for update in itertools.count(1))
    else:
        first = checked(learning_rate)
        rates = itertools.repeat(first)
    shapes = theta.shape[:-1], first.shape[:-1], seeds(seed).shape
    try:
        runs = np.broadcast_shapes(*shapes)
    except ValueError:
        refuse("(start, learning_rate, seed)", "of shapes that broadcast", shapes)
    theta = np.broadcast_to(theta, (*runs, *theta.shape[-1:])).copy()
    return theta, rates


def _batches(loss, steps, epochs, batch_size, record_every, options):
    """The batch of each update; the numbers of the updates to record; and how many examples were used by then."""
    if batch_size is not None and loss.n_examples is None:
        refuse("batch_size", "None for a loss without examples", batch_size)
    n_examples = loss.n_examples or 1
    b = n_examples if batch_size is None else count("batch_size", batch_size, at_most=n_examples)
    per_epoch = updates_per_epoch(n_examples, b, options["drop_last"])
    if (steps is None) == (epochs is None):
        refuse("(steps, epochs)", "one number and one None", (steps, epochs))
    n_updates = count("steps", steps) if epochs is None else count("epochs", epochs) * per_epoch
    updates = np.append(np.arange(0, n_updates, min(count("record_every", record_every), n_updates)), n_updates)
    batches = minibatches(n_examples, b, epochs=-(-n_updates // per_epoch), **options)
    if b == n_examples and options["sampling"] == "shuffle":
        batches = itertools.repeat(None)  # all the examples, whatever their order
    visited = min(b * per_epoch, n_examples)
    examples = updates // per_epoch * visited + updates % per_epoch * b if loss.n_examples else None
    return itertools.islice(batches, n_updates), updates, examples


def _check(loss, optimizer, theta):
    """Refuse, before the first update, what would spoil the run."""
    before, batch = theta.copy(), None if loss.n_examples is None else np.zeros(1, dtype=int)

    def update(theta, size):
        own = deepcopy(optimizer)  # it may keep its state in itself
        return own.update(theta, size * (1 + theta), 0.1, own.init(theta))

    def step(theta, size):
        return update(theta, size)[0] - theta

    with np.errstate(all="ignore"):
        pair = None, None
        with suppress(Exception):  # what fails will say so itself
            pair = update(theta.copy(), 1.0)
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            refuse("optimizer.update(...)", "two things, the new theta and the new state", pair)
        each_run_alone("loss.grad", lambda theta: loss.grad(theta, batch), theta)
        for size in (0.01, 1e3, 1e9):  # what stops when gradients are small, or cuts them when they are large
            each_run_alone("optimizer.update", partial(step, size=size), theta)
        grad = loss.grad(theta, batch)
    if not np.array_equal(theta, before):
        raise ValueError("loss.grad must leave theta as it is, but it changed it: work on a copy")
    expected = f"an array of shape {theta.shape}, like theta"
    given = array("loss.grad(theta)", expected, grad)
    if given.shape != theta.shape or given.dtype.kind not in "fiu":
        refuse("loss.grad(theta)", expected, grad)
