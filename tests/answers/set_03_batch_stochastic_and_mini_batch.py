"""Answers to the exercises of notebook 03."""

import numpy as np

from gdtools.losses import LeastSquares
from tests.answers import right, slips, wrong

right("epoch_by_hand", [16, 40, 80], (16.0, 40.0, 80.0), np.array([16, 40, 80], np.float32))
wrong("epoch_by_hand", "the number of updates in 5 epochs isn't right yet", [16, 40, 81])
wrong("epoch_by_hand", "should be three numbers", [16, 40], 16)


@right("batch_gradient")
def with_matrices(theta, X, y, batch):
    return 2 / len(batch) * X[batch].T @ (X[batch] @ theta - y[batch])


@right("batch_gradient")
def one_example_after_the_other(theta, X, y, batch):
    total = np.zeros(len(theta))
    for i in batch:
        total = total + 2 * (X[i] @ theta - y[i]) * X[i]
    return list(total / len(batch))


@right("batch_gradient")
def with_a_mask(theta, X, y, batch):
    mask = np.isin(np.arange(len(X)), batch)
    return np.mean(2 * (X @ theta - y)[mask, None] * X[mask], axis=0)


right("batch_gradient", lambda theta, X, y, batch: LeastSquares(X, y).grad(theta, batch).astype(np.float32))
batch_size = 32
slips(
    "batch_gradient",
    with_matrices,
    ("fails with ValueError", "y[batch]", "y"),
    ("uses batch_size from outside the function", "len(batch)", "batch_size"),
)
wrong("batch_gradient", "single number", lambda theta, X, y, batch: np.mean((X[batch] @ theta - y[batch]) @ X[batch]))


@right("mini_batches")
def slices(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    return [order[first : first + batch_size] for first in range(0, n_examples, batch_size)]


@right("mini_batches")
def yields_slices(n_examples, batch_size, rng):
    order = tuple(rng.choice(n_examples, n_examples, replace=False))
    for first in range(0, n_examples, batch_size):
        yield order[first : first + batch_size]


@right("mini_batches")
def shuffles_in_place(n_examples, batch_size, rng):
    order = list(range(n_examples))
    rng.shuffle(order)
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches


@right("mini_batches")
def sorts_random_numbers_and_splits(n_examples, batch_size, rng):
    order = np.argsort(rng.random(n_examples))
    return iter(np.split(order, range(batch_size, n_examples, batch_size)))


@right("mini_batches")
def draws_without_replacement_from_those_left(n_examples, batch_size, rng):
    left = np.arange(n_examples)
    while len(left):
        batch = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, batch)
        yield batch


swaps = "\n    for i, j in rng.integers(LENGTH, size=(10, 2)):\n        order[[i, j]] = order[[j, i]]"
permutation, batch = "rng.permutation(n_examples)", "order[first : first + batch_size]"
every, cutting = "range(0, n_examples, batch_size)", f"[{batch} for first in range(0, n_examples, batch_size)]"
slips(
    "mini_batches",
    slices,
    ("examples that don't fill a batch are left out", every, "range(0, n_examples - batch_size + 1, batch_size)"),
    ("with or without replacement", permutation, "rng.integers(n_examples, size=n_examples)"),
    ("How often do you shuffle", batch, f"{permutation}[:batch_size]"),
    ("Is the last batch filled up", batch, "order.take(range(first, first + batch_size), mode='wrap')"),
    ("or does the loop not end in time", cutting, f"{cutting} * 2"),
    ("Where is the shuffle", permutation, "np.arange(n_examples)"),
    ("Where is the shuffle", permutation, f"np.arange(n_examples); {permutation}"),
    ("Each batch holds neighbours", permutation, "(np.arange(n_examples) + rng.integers(n_examples)) % n_examples"),
    ("There is no batch at all", "order = ", "if batch_size > n_examples:\n        return []\n    order = "),
    ("nearly that of the table", permutation, "np.arange(n_examples)[::-1]"),
    ("nearly that of the table", permutation, f"np.arange(n_examples){swaps}".replace("LENGTH", "n_examples")),
    ("Is it a whole shuffle", permutation, "np.append(0, 1 + rng.permutation(n_examples - 1))"),
    ("a generator made anew", permutation, "np.random.default_rng(0).permutation(n_examples)"),
    ("drawn from elsewhere", permutation, "np.random.default_rng().permutation(n_examples)"),
    ("single indices, not batches", cutting, "order[:batch_size]"),
    ("not how many batches there are", cutting, "np.array_split(order, batch_size)"),
    ("Where does the rest go", cutting, "np.array_split(order, -(-n_examples // batch_size))"),
    ("A batch is empty", every, "range(0, n_examples + 1, batch_size)"),
    ("You count from 1", permutation, f"1 + {permutation}"),
    ("whole numbers", permutation, "rng.random(n_examples)"),
)


@wrong("mini_batches", "the batches, or the examples")
def shuffles_the_batches_only(n_examples, batch_size, rng):
    firsts = np.arange(0, n_examples, batch_size)
    for first in [*rng.permutation(firsts[:-1]), firsts[-1]]:
        yield np.arange(first, min(first + batch_size, n_examples))


@wrong("mini_batches", "never ends")
def goes_on_for_ever(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    while True:
        yield order[:batch_size]


def gradient_of(theta, X, y):
    return 2 / len(X) * X.T @ (X @ theta - y)


@right("train")
def sgd(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for first in range(0, len(X), batch_size):
            batch = order[first : first + batch_size]
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@right("train")
def shuffles_the_table_itself(X, y, theta, learning_rate, batch_size, epochs, rng):
    theta = theta.copy()
    for _ in range(epochs):
        order = np.arange(len(y))
        rng.shuffle(order)
        X, y = X[order], y[order]
        for first in range(0, len(y), batch_size):
            rows = slice(first, first + batch_size)
            theta -= learning_rate * gradient_of(theta, X[rows], y[rows])
    return theta.tolist()


@right("train")
def one_example_at_a_time(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        left = [int(i) for i in np.argsort(rng.random(len(X)))]
        while left:
            batch = [left.pop() for _ in range(min(batch_size, len(left)))]
            gradient = sum(2 * (X[i] @ theta - y[i]) * X[i] for i in batch) / len(batch)
            theta = theta - learning_rate * gradient
    return theta


@right("train")
def with_the_gradient_of_the_package(X, y, theta, learning_rate, batch_size, epochs, rng):
    loss, theta = LeastSquares(X, y), theta.astype(np.float32)
    for _ in range(epochs):
        order = rng.choice(len(X), len(X), replace=False)
        for batch in np.split(order, range(batch_size, len(X), batch_size)):
            theta = theta - np.float32(learning_rate) * loss.grad(theta, batch)
    return theta.astype(np.float32)


permutation, first_line = "rng.permutation(len(X))", "    for _ in range(epochs):\n"
slips(
    "train",
    sgd,
    ("uses all the examples", "X[batch], y[batch]", "X, y"),
    ("some examples are used twice and others never", batch, f"{permutation}[: len({batch})]"),
    ("some examples are used twice and others never", permutation, "rng.integers(len(X), size=len(X))"),
    ("Is the last batch filled up", batch, "order.take(range(first, first + batch_size), mode='wrap')"),
    ("Where is the shuffle", permutation, "np.arange(len(X))"),
    ("one epoch tells the next", permutation, f"order[::-1] if _ else {permutation}"),
    ("one epoch tells the next", permutation, f"np.roll(order, 2) if _ else {permutation}"),
    ("Each batch holds neighbours in the table", permutation, "(np.arange(len(X)) + rng.integers(len(X))) % len(X)"),
    ("a generator made anew", first_line, f"    rng = np.random.default_rng(0)\n{first_line}"),
    ("drawn from elsewhere", first_line, f"    rng = np.random.default_rng()\n{first_line}"),
    ("Does each row of X keep its own y", "order = ", "X = X[rng.permutation(len(X))]; order = "),
    ("start where it is told", first_line, f"    theta = np.zeros(X.shape[1])\n{first_line}"),
    ("changes its argument in place", "theta = theta - learning_rate *", "theta -= learning_rate *"),
    ("changes its argument in place", first_line, f"    rng.shuffle(X)\n{first_line}"),
    ("should have shape (3,), but it has shape (2, 3)", "return theta", "return [theta, theta]"),
)


@wrong("train", "How often do you shuffle")
def shuffles_once_for_ever(X, y, theta, learning_rate, batch_size, epochs, rng):
    order = rng.permutation(len(X))
    for _ in range(epochs):
        for batch in np.split(order, range(batch_size, len(X), batch_size)):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


right("examples_read", [290_000, 15_680], (29 * 10_000, 465 * 32), np.array([290_000, 513 * 32], np.float32))
wrong("examples_read", "are exchanged", [15_680, 290_000])
wrong("examples_read", "the run ends before it gets there", [np.inf, np.inf], [290_000, np.inf])
wrong("examples_read", "should be two numbers", 18.5)
wrong("examples_read", "How many examples does one of them read", [290_000, 490])
wrong("examples_read", "mini-batch descent isn't right yet. It is 25000.", [290_000, 25_000])


@right("rate_to_take")
def counts_up_to_the_cliff(rates, curves):
    stands = curves[:, -1] < curves[:, 0]
    before = len(rates) if stands.all() else np.argmin(stands)
    return rates[before - 1] / 2


@right("rate_to_take")
def walks_up_to_the_cliff(rates, curves):
    for rate, curve in zip(rates, curves, strict=True):
        if not curve[-1] < curve[0]:
            break
        largest = rate
    return largest / 2


wrong("rate_to_take", "isn't right yet", lambda rates, curves: rates[0] / 2)
