"""Answers to the exercises of notebook 03."""

import numpy as np

from gdtools.losses import LeastSquares
from tests.answers import right, wrong

right("epoch_by_hand", [16, 40, 80], (16.0, 40.0, 80.0), np.array([16, 40, 80], np.float32))
wrong("epoch_by_hand", "examples that fill none", [15, 64, 75], [15, 40, 75])
wrong("epoch_by_hand", "made or not made. What happens", [15.625, 40, 78.125])
wrong("epoch_by_hand", "the answer for B = N", [1, 40, 5])
wrong("epoch_by_hand", "the answer for B = 1", [1000, 1, 5000])
wrong("epoch_by_hand", "multiply N by B", [64_000, 64, 320_000])
wrong("epoch_by_hand", "the last batch were full", [16, 64, 80])
wrong("epoch_by_hand", "missing from a full batch", [16, 24, 80])
wrong("epoch_by_hand", "spread the examples evenly", [16, 62.5, 80])
wrong("epoch_by_hand", "share of a batch", [16, 0.625, 80])
wrong("epoch_by_hand", "Add up the full batches", [16, 0, 80])
wrong("epoch_by_hand", "You count epochs", [16, 40, 5])
wrong("epoch_by_hand", "That is one epoch", [16, 40, 16])
wrong("epoch_by_hand", "leave the short batches out", [16, 40, 75])
wrong("epoch_by_hand", "from one epoch into the next", [16, 40, 79])
wrong("epoch_by_hand", "Which batch ends an epoch", [16, 40, 78.125])
wrong("epoch_by_hand", "number of examples used", [16, 40, 5000])
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


@right("batch_gradient")
def with_the_package_in_single_precision(theta, X, y, batch):
    return LeastSquares(X, y).grad(theta, batch).astype(np.float32)


@wrong("batch_gradient", "gradient over all the examples")
def ignores_the_batch(theta, X, y, batch):
    return 2 / len(X) * X.T @ (X @ theta - y)


@wrong("batch_gradient", "That is the sum over the batch. The loss")
def sums(theta, X, y, batch):
    return 2 * X[batch].T @ (X[batch] @ theta - y[batch])


@wrong("batch_gradient", "divide by the number of all examples")
def divides_by_all(theta, X, y, batch):
    return 2 / len(X) * X[batch].T @ (X[batch] @ theta - y[batch])


@wrong("batch_gradient", "A factor is missing")
def forgets_the_two(theta, X, y, batch):
    return X[batch].T @ (X[batch] @ theta - y[batch]) / len(batch)


@wrong("batch_gradient", "without the factor from the square")
def sums_and_forgets_the_two(theta, X, y, batch):
    return X[batch].T @ (X[batch] @ theta - y[batch])


@wrong("batch_gradient", "The sign is turned")
def turns_the_error(theta, X, y, batch):
    return 2 / len(batch) * X[batch].T @ (y[batch] - X[batch] @ theta)


@wrong("batch_gradient", "divide by the number of parameters")
def divides_by_the_parameters(theta, X, y, batch):
    return 2 / len(theta) * X[batch].T @ (X[batch] @ theta - y[batch])


@wrong("batch_gradient", "first rows of the table")
def takes_the_first_rows(theta, X, y, batch):
    X, y = X[: len(batch)], y[: len(batch)]
    return 2 / len(batch) * X.T @ (X @ theta - y)


@wrong("batch_gradient", "but not the entries of y")
def takes_the_first_of_y(theta, X, y, batch):
    return 2 / len(batch) * X[batch].T @ (X[batch] @ theta - y[: len(batch)])


@wrong("batch_gradient", "multiplied by its x")
def forgets_the_x(theta, X, y, batch):
    return np.full(len(theta), 2 * np.mean(X[batch] @ theta - y[batch]))


@wrong("batch_gradient", "single number")
def takes_one_mean_too_many(theta, X, y, batch):
    return np.mean(2 * (X[batch] @ theta - y[batch])[:, None] * X[batch])


@wrong("batch_gradient", "fails with ValueError")
def takes_all_of_y(theta, X, y, batch):
    return 2 / len(batch) * X[batch].T @ (X[batch] @ theta - y)


batch_size = 32


@wrong("batch_gradient", "uses batch_size from outside the function")
def divides_by_the_batch_size_of_the_notebook(theta, X, y, batch):
    return 2 / batch_size * X[batch].T @ (X[batch] @ theta - y[batch])


def slices(order, batch_size):
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


@right("mini_batches")
def yields_slices_of_a_permutation(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
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
    return np.split(order, range(batch_size, n_examples, batch_size))


@right("mini_batches")
def draws_without_replacement_from_those_left(n_examples, batch_size, rng):
    left = np.arange(n_examples)
    while len(left):
        batch = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, batch)
        yield batch


@right("mini_batches")
def returns_an_iterator(n_examples, batch_size, rng):
    order = tuple(rng.choice(n_examples, n_examples, replace=False))
    return iter(slices(order, batch_size))


@wrong("mini_batches", "examples that don't fill a batch are left out")
def drops_the_last_batch(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    for update in range(n_examples // batch_size):
        yield order[update * batch_size : (update + 1) * batch_size]


@wrong("mini_batches", "with or without replacement")
def draws_with_replacement(n_examples, batch_size, rng):
    for first in range(0, n_examples, batch_size):
        yield rng.integers(n_examples, size=min(batch_size, n_examples - first))


@wrong("mini_batches", "How often do you shuffle")
def shuffles_for_each_batch(n_examples, batch_size, rng):
    for _ in range(0, n_examples, batch_size):
        yield rng.permutation(n_examples)[:batch_size]


@wrong("mini_batches", "Is the last batch filled up")
def fills_up_the_last_batch(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    for first in range(0, n_examples, batch_size):
        yield order.take(range(first, first + batch_size), mode="wrap")


@wrong("mini_batches", "Is the last batch filled up, or does the loop not end")
def makes_two_epochs(n_examples, batch_size, rng):
    for _ in range(2):
        yield from slices(rng.permutation(n_examples), batch_size)


@wrong("mini_batches", "never ends")
def goes_on_for_ever(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    while True:
        yield order[:batch_size]


@wrong("mini_batches", "Where is the shuffle")
def does_not_shuffle(n_examples, batch_size, rng):
    return slices(np.arange(n_examples), batch_size)


@wrong("mini_batches", "Where is the shuffle")
def throws_the_permutation_away(n_examples, batch_size, rng):
    order = np.arange(n_examples)
    rng.permutation(order)
    return slices(order, batch_size)


@wrong("mini_batches", "the batches, or the examples")
def shuffles_the_batches_only(n_examples, batch_size, rng):
    firsts = np.arange(0, n_examples, batch_size)
    short = firsts[-1:]
    for first in [*rng.permutation(firsts[:-1]), *short]:
        yield np.arange(first, min(first + batch_size, n_examples))


@wrong("mini_batches", "Each batch holds neighbours in the table")
def begins_anywhere_in_the_table(n_examples, batch_size, rng):
    return slices((np.arange(n_examples) + rng.integers(n_examples)) % n_examples, batch_size)


@wrong("mini_batches", "a generator made anew")
def brings_its_own_generator(n_examples, batch_size, rng):
    rng = np.random.default_rng(0)
    return slices(rng.permutation(n_examples), batch_size)


@wrong("mini_batches", "drawn from elsewhere")
def makes_a_generator_without_a_seed(n_examples, batch_size, rng):
    return slices(np.random.default_rng().permutation(n_examples), batch_size)


@wrong("mini_batches", "single indices, not batches")
def returns_inside_the_loop(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    for first in range(0, n_examples, batch_size):
        return order[first : first + batch_size]


@wrong("mini_batches", "not how many batches there are")
def takes_the_size_for_the_number(n_examples, batch_size, rng):
    return np.array_split(rng.permutation(n_examples), batch_size)


@wrong("mini_batches", "Where does the rest go")
def spreads_the_examples_evenly(n_examples, batch_size, rng):
    return np.array_split(rng.permutation(n_examples), -(-n_examples // batch_size))


@wrong("mini_batches", "A batch is empty")
def makes_one_batch_too_many(n_examples, batch_size, rng):
    order = rng.permutation(n_examples)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(n_examples // batch_size + 1)]


@wrong("mini_batches", "You count from 1")
def counts_from_one(n_examples, batch_size, rng):
    return slices(1 + rng.permutation(n_examples), batch_size)


@wrong("mini_batches", "whole numbers")
def yields_random_numbers(n_examples, batch_size, rng):
    return slices(rng.random(n_examples), batch_size)


def gradient_of(theta, X, y):
    return 2 / len(X) * X.T @ (X @ theta - y)


def sgd(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


right("train")(sgd)


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
        for batch in slices(rng.choice(len(X), len(X), replace=False), batch_size):
            theta = theta - np.float32(learning_rate) * loss.grad(theta, batch)
    return theta.astype(np.float32)


@wrong("train", "count epochs as updates")
def makes_one_update_an_epoch(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        batch = rng.permutation(len(X))[:batch_size]
        theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "short batch of an epoch makes no update")
def never_makes_the_short_batch(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for update in range(len(X) // batch_size):
            batch = order[update * batch_size : (update + 1) * batch_size]
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "from one epoch into the next")
def cuts_all_epochs_at_once(X, y, theta, learning_rate, batch_size, epochs, rng):
    order = np.concatenate([rng.permutation(len(X)) for _ in range(epochs)])
    for batch in slices(order, batch_size):
        theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "What is batch_size for")
def updates_with_each_example(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            for i in batch:
                theta = theta - learning_rate * 2 * (X[i] @ theta - y[i]) * X[i]
    return theta


@wrong("train", "after a single epoch")
def returns_after_an_epoch(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
        return theta


@wrong("train", "after a single update")
def returns_after_an_update(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
            return theta


@wrong("train", "all gradients of an epoch at its beginning")
def takes_the_gradients_in_advance(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        batches = slices(rng.permutation(len(X)), batch_size)
        for gradient in [gradient_of(theta, X[batch], y[batch]) for batch in batches]:
            theta = theta - learning_rate * gradient
    return theta


@wrong("train", "all gradients at the start")
def keeps_the_old_theta(X, y, theta, learning_rate, batch_size, epochs, rng):
    new = theta
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            new = new - learning_rate * gradient_of(theta, X[batch], y[batch])
    return new


@wrong("train", "On the short last batch you divide by batch_size")
def divides_by_the_nominal_size(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            error = X[batch] @ theta - y[batch]
            theta = theta - learning_rate * 2 / batch_size * X[batch].T @ error
    return theta


@wrong("train", "the sum over the batch. The loss")
def trains_on_the_sum(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * 2 * X[batch].T @ (X[batch] @ theta - y[batch])
    return theta


@wrong("train", "divide by the number of all examples")
def trains_on_a_share_of_the_mean(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * 2 / len(X) * X[batch].T @ (X[batch] @ theta - y[batch])
    return theta


@wrong("train", "goes uphill")
def ascends(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta = theta + learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "learning rate is there twice")
def applies_the_rate_twice(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            step = learning_rate * gradient_of(theta, X[batch], y[batch])
            theta = theta - learning_rate * step
    return theta


@wrong("train", "uses all the examples")
def takes_the_gradient_over_all(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for _ in slices(rng.permutation(len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X, y)
    return theta


@wrong("train", "some examples are used twice and others never")
def shuffles_for_each_update(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for part in slices(np.arange(len(X)), batch_size):
            batch = rng.permutation(len(X))[: len(part)]
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "some examples are used twice and others never")
def trains_with_replacement(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.integers(len(X), size=len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "Is the last batch filled up")
def trains_on_a_filled_up_batch(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for first in range(0, len(X), batch_size):
            batch = order.take(range(first, first + batch_size), mode="wrap")
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "Where is the shuffle")
def trains_in_the_order_of_the_table(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(np.arange(len(X)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "Each batch holds neighbours in the table")
def trains_from_anywhere_in_the_table(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices((np.arange(len(X)) + rng.integers(len(X))) % len(X), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "How often do you shuffle")
def shuffles_once_for_ever(X, y, theta, learning_rate, batch_size, epochs, rng):
    order = rng.permutation(len(X))
    for _ in range(epochs):
        for batch in slices(order, batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "a generator made anew")
def trains_with_its_own_generator(X, y, theta, learning_rate, batch_size, epochs, rng):
    rng = np.random.default_rng(0)
    return sgd(X, y, theta, learning_rate, batch_size, epochs, rng)


@wrong("train", "drawn from elsewhere")
def trains_with_a_generator_without_a_seed(X, y, theta, learning_rate, batch_size, epochs, rng):
    rng = np.random.default_rng()
    return sgd(X, y, theta, learning_rate, batch_size, epochs, rng)


@wrong("train", "Does each row of X keep its own y")
def shuffles_the_columns_apart(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        X, y = rng.permutation(X), rng.permutation(y)
        for rows in slices(range(len(y)), batch_size):
            theta = theta - learning_rate * gradient_of(theta, X[rows], y[rows])
    return theta


@wrong("train", "start where it is told")
def starts_at_zero(X, y, theta, learning_rate, batch_size, epochs, rng):
    theta = np.zeros(X.shape[1])
    return sgd(X, y, theta, learning_rate, batch_size, epochs, rng)


@wrong("train", "changes its argument in place")
def changes_the_callers_theta(X, y, theta, learning_rate, batch_size, epochs, rng):
    for _ in range(epochs):
        for batch in slices(rng.permutation(len(X)), batch_size):
            theta -= learning_rate * gradient_of(theta, X[batch], y[batch])
    return theta


@wrong("train", "changes its argument in place")
def shuffles_the_callers_table(X, y, theta, learning_rate, batch_size, epochs, rng):
    rng.shuffle(X)
    return sgd(X, y, theta, learning_rate, batch_size, epochs, rng)


@wrong("train", "has shape (5, 3); it should be (3,)")
def returns_a_row_for_each_epoch(X, y, theta, learning_rate, batch_size, epochs, rng):
    rows = []
    for _ in range(epochs):
        theta = sgd(X, y, theta, learning_rate, batch_size, 1, rng)
        rows.append(theta)
    return rows


right("examples_read", [290_000, 15_680], (29 * 10_000, 465 * 32), np.array([290_000, 513 * 32], np.float32))
wrong("examples_read", "number of updates. How many examples", [29, 490], [290_000, 490])
wrong("examples_read", "reads more than 32", [29 * 32, 490 * 32])
wrong("examples_read", "are exchanged", [15_680, 290_000])
wrong("examples_read", "too few", [280_000, 15_680])
wrong("examples_read", "too many", [300_000, 15_680])
wrong("examples_read", "That is in epochs", [290_000, 1.57])
wrong("examples_read", "doesn't read all", [290_000, 4_900_000])
wrong("examples_read", "updates of batch descent", [290_000, 928])
wrong("examples_read", "the run ends before it gets there", [np.inf, np.inf], [290_000, np.inf])
wrong("examples_read", "should be two numbers", 18.5)
wrong("examples_read", "mini-batch descent isn't right yet. It is 25000.", [290_000, 25_000])
