"""Answers to the exercises of notebook 02."""

import itertools
from fractions import Fraction

import numpy as np

from tests.answers import right, slips, wrong

right("table_row", [38, 12, -20, 1.2, 1], (38, 12, -20, 1.2, 1.0), np.array([38, 12, -20, 1.2, 1], np.float32))
wrong("table_row", "isn't right yet", [38, 12, -20, 1.2, 2])
wrong("table_row", "should be five numbers, but it has shape", [38, 12, -20])
wrong("table_row", "should be a number, or numbers", [38, [12, -20], 1.2, 1])

right("two_rates", [2 / 16, 2 / 18], (0.125, 0.111), np.array([1 / 8, 1 / 9], np.float32))
right("two_rates", [Fraction(1, 8), Fraction(1, 9)], (Fraction(2, 16), 0.111))
wrong("two_rates", "isn't right yet", [0.15, 0.11], [0.125, 0.09])
wrong("two_rates", "should be two numbers, but it", 0.125, [2, 2, 16])
wrong("two_rates", "8 is a factor in the loss", [Fraction(2, 8), Fraction(2, 9)])
wrong("two_rates", "arrives in one step", [1 / 16, 1 / 18], [0.125, 0.0625])


@right("descent_path")
def in_a_list(grad, start, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return path


@right("descent_path")
def in_a_table(grad, start, learning_rate, steps):
    path = np.zeros((steps + 1, len(start)))
    path[0] = start
    for t in range(steps):
        path[t + 1] = path[t] - learning_rate * grad(path[t])
    return path


@right("descent_path")
def one_place_after_the_other(grad, start, learning_rate, steps):
    yield start
    for _ in range(steps):
        start = start - learning_rate * grad(start)
        yield start


@right("descent_path")
def by_accumulating(grad, start, learning_rate, steps):
    def update(theta, _):
        return tuple(theta - learning_rate * grad(np.array(theta)))

    return tuple(itertools.accumulate(range(steps), update, initial=tuple(start)))


@right("descent_path")
def in_place_with_copies(grad, start, learning_rate, steps):
    theta = np.array(start, dtype=np.float32)
    path = [theta.copy()]
    while len(path) <= steps:
        theta -= learning_rate * grad(theta)
        path.append(theta.copy())
    return np.stack(path)


step = "path[-1] - learning_rate * grad(path[-1])"
slips(
    "descent_path",
    in_a_list,
    ("Your path ends after 0 of 9 updates", "path.append", "np.linalg.norm(grad(path[-1])) > 1e-6 and path.append"),
    ("the path far away isn't right yet", step, f"np.clip({step}, -100, 100)"),
)
slips(
    "descent_path",
    in_place_with_copies,
    ("All rows are the same place", "theta.copy()", "theta"),
    ("changes its argument in place", "np.array(start, dtype=np.float32)", "start"),
    ("can't hold fractions", "np.array(start, dtype=np.float32)", "start.copy()"),
)


def slope(grad, start, learning_rate, steps):
    """The length of the gradient where a descent of so many updates ends."""
    theta = start
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
    return np.linalg.norm(grad(theta))


@right("stable_limit")
def by_halving(grad, start):
    low, high = 0, 10
    for _ in range(20):
        middle = (low + high) / 2
        if slope(grad, start, middle, 500) < slope(grad, start, middle, 0):
            low = middle
        else:
            high = middle
    return middle


@right("stable_limit")
def by_halving_its_logarithm(grad, start):
    low, high = 1e-3, 10
    while high / low > 1.002:
        middle = np.sqrt(low * high)
        if slope(grad, start, middle, 2000) < 1e6:
            low = middle
        else:
            high = middle
    return np.array(low, np.float32)


@right("stable_limit")
def digit_by_digit(grad, start):
    rate, first = 0, slope(grad, start, 0, 0)
    for digit in (1, 0.1, 0.01, 0.001, 0.0001):
        while slope(grad, start, rate + digit, 400) <= first:
            rate += digit
    return rate


@right("stable_limit")
def by_the_direction_that_grows(grad, start):
    away = np.random.default_rng(0).normal(size=len(start))
    for _ in range(100):
        change = grad(start + away) - grad(start)
        away = change / np.linalg.norm(change)
    return 2 / np.linalg.norm(grad(start + away) - grad(start))


converges = "slope(grad, start, middle, 500) < slope(grad, start, middle, 0)"
slips(
    "stable_limit",
    by_halving,
    ("A steep direction may begin small", "500", "10"),
    ("A steep direction may begin small", "500", "1"),
    ("A steep direction may begin small", converges, "np.isfinite(slope(grad, start, middle, 100))"),
    ("Your search ends at 10", converges, "not slope(grad, start, middle, 1000) > slope(grad, start, middle, 0)"),
    ("Your search ends at 10", converges, f"not {converges}"),
    ("Your search ends at 0", converges, "slope(lambda theta: theta, start, middle, 0) < 1e-9"),
    ("so are larger ones", converges, "slope(grad, start, middle, 100) < 1e-3"),
    ("should be one number", "return middle", "return [low, high]"),
)


@right("stable_limit")
def shorter_steps(grad, start):
    low, high = 0, 10
    while high - low > 1e-4:
        middle, path = (low + high) / 2, [start]
        for _ in range(500):
            path.append(path[-1] - middle * grad(path[-1]))
        shorter = np.linalg.norm(path[-1] - path[-2]) < np.linalg.norm(path[1] - path[0])
        low, high = (middle, high) if shorter else (low, middle)
    return low


@wrong("stable_limit", "so are larger ones")
def tries_a_few(grad, start):
    first = slope(grad, start, 0, 0)
    return max(rate for rate in (0.01, 0.03, 0.1, 0.3, 1, 3) if slope(grad, start, rate, 500) < first)


@right("standardise")
def column_by_column(X):
    columns = []
    for x in X.T:
        x = x - sum(x) / len(x)
        columns.append(x / np.sqrt(sum(x**2) / len(x)))
    return np.array(columns).T.tolist()


@right("standardise")
def into_a_copy(X):
    table = X.astype(np.float32)
    for j in range(X.shape[1]):
        table[:, j] -= table[:, j].mean()
        table[:, j] /= table[:, j].std()
    return table


right("standardise", lambda X: (X - np.mean(X, 0)) / (np.mean(X**2, 0) - np.mean(X, 0) ** 2) ** 0.5)
slips("standardise", into_a_copy, ("changes its argument in place", "X.astype(np.float32)", "X"))


@wrong("standardise", "From a table of whole numbers")
def keeps_whole_numbers_in_the_table(X):
    table = X.copy()
    for j in range(X.shape[1]):
        table[:, j] = (X[:, j] - X[:, j].mean()) / X[:, j].std()
    return table


right("updates_for_kappa", [35, 346, 3454, 17_270_000], (35.0, 346, 3454, 1.75e7), np.array([35, 346, 3454, 17e6]))
wrong("updates_for_kappa", "Divide each of your counts", [35, 346, 3454, 34_540], [35, 346, 3454, np.inf])
wrong("updates_for_kappa", "isn't right yet", [34.4, 345.4, 3453.9, 17_270_000])
wrong("updates_for_kappa", "should be four numbers, but it has shape", [35, 346, 3454])
wrong("updates_for_kappa", "Has it enough steps", [35, 346, np.inf, np.inf], [np.inf] * 4)
wrong("updates_for_kappa", "not a finite number", [35, 346, np.nan, 17_270_000])
