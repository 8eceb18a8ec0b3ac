"""Answers to the exercises of notebook 02."""

import itertools
from fractions import Fraction

import numpy as np

from tests.answers import right, wrong

right("table_row", [38, 12, -20, 1.2, 1], (38, 12, -20, 1.2, 1.0), np.array([38, 12, -20, 1.2, 1], np.float32))
wrong("table_row", "A square is never negative", [-2, 12, -20, 1.2, 1])
wrong("table_row", "Square first", [136, 12, -20, 1.2, 1])
wrong("table_row", "loss on the round bowl", [13, 6, -4, 2.1, -1.4])
wrong("table_row", "loss on the bowl of the notebook", [25, 6, -16, 2.1, 0.4])
wrong("table_row", "loss after the step", [7.88, 12, -20, 1.2, 1])
wrong("table_row", "lacks a factor", [38, 6, -10, 2.1, -0.5])
wrong("table_row", "gradient of the round bowl", [38, 6, -4, 2.1, -1.4])
wrong("table_row", "gradient on the bowl of the notebook", [38, 6, -16, 2.1, 0.4])
wrong("table_row", "Your w₂ is negative", [38, 12, 20, 1.2, -5])
wrong("table_row", "It comes with the step", [38, -12, 20, 1.2, 1])
wrong("table_row", "uphill", [38, 12, -20, 4.8, -5])
wrong("table_row", "learning rate is missing", [38, 12, -20, -9, 18])
wrong("table_row", "That is the step", [38, 12, -20, -1.8, 3])
wrong("table_row", "That is η times", [38, 12, -20, 1.8, -3])
wrong("table_row", "w₁ is right", [38, 12, -20, 1.2, -5])
wrong("table_row", "isn't right yet", [38, 12, -20, 1.2, 2])
wrong("table_row", "should be five numbers, but it has shape", [38, 12, -20])
wrong("table_row", "should be a number, or numbers", [38, [12, -20], 1.2, 1])

right("two_rates", [2 / 16, 2 / 18], (0.125, 0.111), np.array([1 / 8, 1 / 9], np.float32))
right("two_rates", [Fraction(1, 8), Fraction(1, 9)], (Fraction(2, 16), 0.111))
wrong("two_rates", "8 is a factor in the loss", [2 / 8, 2 / 9], [Fraction(2, 8), Fraction(2, 9)])
wrong("two_rates", "limit of the flat direction", [1, 2 / 18])
wrong("two_rates", "with its factor for a curvature", [2, 2 / 9])
wrong("two_rates", "arrives in one step", [1 / 16, 1 / 18], [0.125, 0.0625])
wrong("two_rates", "The largest stable one comes first", [2 / 18, 2 / 16])
wrong("two_rates", "8 and 1 are factors", [0.125, 2 / 9])
wrong("two_rates", "flat direction is slow", [0.125, 1 / 18])
wrong("two_rates", "to the same size", [0.125, 2 / 14])
wrong("two_rates", "Halfway between the limits", [0.125, 0.5625])
wrong("two_rates", "bounces for ever", [0.125, 0.125])
wrong("two_rates", "And the steep one?", [0.125, 0.5])
wrong("two_rates", "isn't right yet", [0.15, 0.11], [0.125, 0.09])
wrong("two_rates", "should be two numbers, but it has shape", 0.125, [2, 2, 16])


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


@wrong("descent_path", "The start is missing")
def forgets_the_start(grad, start, learning_rate, steps):
    theta, path = start, []
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return path


@wrong("descent_path", "The last place is missing")
def forgets_the_end(grad, start, learning_rate, steps):
    theta, path = start, []
    for _ in range(steps):
        path.append(theta)
        theta = theta - learning_rate * grad(theta)
    return np.array(path)


@wrong("descent_path", "one place too many")
def makes_an_update_too_many(grad, start, learning_rate, steps):
    path = [start]
    for _ in range(steps + 1):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return path


@wrong("descent_path", "That is the last place")
def returns_the_end(grad, start, learning_rate, steps):
    for _ in range(steps):
        start = start - learning_rate * grad(start)
    return start


@wrong("descent_path", "All rows are the same place")
def keeps_one_array(grad, start, learning_rate, steps):
    theta = start.copy()
    path = [theta]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta)
    return path


@wrong("descent_path", "changes its argument in place")
def walks_off_with_the_start(grad, start, learning_rate, steps):
    path = [start.copy()]
    for _ in range(steps):
        start -= learning_rate * grad(start)
        path.append(start.copy())
    return path


@wrong("descent_path", "goes uphill")
def ascends(grad, start, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * grad(path[-1]))
    return path


@wrong("descent_path", "Every step is the same")
def looks_at_the_slope_once(grad, start, learning_rate, steps):
    gradient = grad(start)
    return [start - t * learning_rate * gradient for t in range(steps + 1)]


@wrong("descent_path", "Where were you before it?")
def begins_after_an_update(grad, start, learning_rate, steps):
    theta, path = start, []
    for _ in range(steps + 1):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return path


@wrong("descent_path", "learning rate is missing")
def forgets_the_rate(grad, start, learning_rate, steps):
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - grad(path[-1]))
    return path


@wrong("descent_path", "From a start of whole numbers")
def keeps_whole_numbers(grad, start, learning_rate, steps):
    path = np.array([start] * (steps + 1))
    for t in range(steps):
        path[t + 1] = path[t] - learning_rate * grad(path[t])
    return path


@wrong("descent_path", "An array of whole numbers can't hold fractions")
def moves_whole_numbers_in_place(grad, start, learning_rate, steps):
    theta = start.copy()
    path = [theta.copy()]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta.copy())
    return path


def slope(grad, start, learning_rate, steps):
    """The length of the gradient where a descent of so many updates ends."""
    theta = start
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
    return np.linalg.norm(grad(theta))


def curvatures(grad, start):
    return np.linalg.eigvalsh([grad(start + shift) - grad(start) for shift in np.eye(len(start))])


def halving(converges):
    """A search that believes `converges(grad, start, rate)`, and is called like it."""

    def search(grad, start):
        low, high = 0, 10
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if converges(grad, start, middle) else (low, middle)
        return middle

    search.__name__ = converges.__name__
    return search


@right("stable_limit")
@halving
def a_smaller_slope(grad, start, rate):
    return slope(grad, start, rate, 500) < slope(grad, start, rate, 0)


@right("stable_limit")
@halving
def shorter_steps(grad, start, rate):
    path = [start]
    for _ in range(500):
        path.append(path[-1] - rate * grad(path[-1]))
    return np.linalg.norm(path[-1] - path[-2]) < np.linalg.norm(path[1] - path[0])


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
def by_the_largest_curvature(grad, start):
    return 2 / curvatures(grad, start)[-1]


@right("stable_limit")
def by_the_direction_that_grows(grad, start):
    away = np.random.default_rng(0).normal(size=len(start))
    for _ in range(100):
        change = grad(start + away) - grad(start)
        away = change / np.linalg.norm(change)
    return 2 / np.linalg.norm(grad(start + away) - grad(start))


@wrong("stable_limit", "A steep direction may begin small")
@halving
def after_ten_updates(grad, start, rate):
    return slope(grad, start, rate, 10) < slope(grad, start, rate, 0)


@wrong("stable_limit", "A steep direction may begin small")
@halving
def after_one_update(grad, start, rate):
    return slope(grad, start, rate, 1) < slope(grad, start, rate, 0)


@wrong("stable_limit", "A steep direction may begin small")
@halving
def not_yet_infinite(grad, start, rate):
    return np.isfinite(slope(grad, start, rate, 100))


@wrong("stable_limit", "Your search ends at 10")
@halving
def nan_is_not_larger(grad, start, rate):
    return not slope(grad, start, rate, 1000) > slope(grad, start, rate, 0)


@wrong("stable_limit", "Your search ends at 10")
@halving
def the_wrong_half(grad, start, rate):
    return not slope(grad, start, rate, 500) < slope(grad, start, rate, 0)


@wrong("stable_limit", "Your search ends at 0")
@halving
def closer_to_zero(grad, start, rate):
    theta = start
    for _ in range(500):
        theta = theta - rate * grad(theta)
    return np.linalg.norm(theta) < np.linalg.norm(start)


@wrong("stable_limit", "so are larger ones")
@halving
def has_arrived(grad, start, rate):
    return slope(grad, start, rate, 100) < 1e-3


@wrong("stable_limit", "so are larger ones")
def tries_a_few(grad, start):
    first = slope(grad, start, 0, 0)
    return max(rate for rate in (0.01, 0.03, 0.1, 0.3, 1, 3) if slope(grad, start, rate, 500) < first)


@wrong("stable_limit", "about half of it")
def forgets_the_two(grad, start):
    return 1 / curvatures(grad, start)[-1]


@wrong("stable_limit", "best fixed rate")
def takes_the_best_rate(grad, start):
    return 2 / (curvatures(grad, start)[0] + curvatures(grad, start)[-1])


@wrong("stable_limit", "limit of the flattest direction")
def takes_the_smallest_curvature(grad, start):
    return 2 / curvatures(grad, start)[0]


@wrong("stable_limit", "should be one number")
def returns_the_interval(grad, start):
    return [0, 10]


@right("standardise")
def with_numpy(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


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


@right("standardise")
def from_the_squares(X):
    mean = np.mean(X, 0)
    return (X - mean) / (np.mean(X**2, 0) - mean**2) ** 0.5


@wrong("standardise", "divide by the variance")
def divides_by_the_variance(X):
    return (X - X.mean(axis=0)) / X.var(axis=0)


@wrong("standardise", "something has to be subtracted first")
def forgets_the_mean(X):
    return X / X.std(axis=0)


@wrong("standardise", "as wide as before")
def forgets_the_width(X):
    return X - X.mean(axis=0)


@wrong("standardise", "One odd example")
def divides_by_the_range(X):
    return (X - X.mean(axis=0)) / (X.max(axis=0) - X.min(axis=0))


@wrong("standardise", "between 0 and 1")
def squeezes(X):
    return (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))


@wrong("standardise", "One mean for the whole table")
def takes_one_mean(X):
    return (X - X.mean()) / X.std()


@wrong("standardise", "along the rows")
def goes_along_the_rows(X):
    return ((X.T - X.mean(axis=1)) / X.std(axis=1)).T


@wrong("standardise", "Where do brackets belong")
def forgets_the_brackets(X):
    return X - X.mean(axis=0) / X.std(axis=0)


@wrong("standardise", "A little too narrow")
def divides_by_one_less(X):
    return (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)


@wrong("standardise", "changes its argument in place")
def changes_the_callers_table(X):
    X -= X.mean(axis=0)
    X /= X.std(axis=0)
    return X


@wrong("standardise", "From a table of whole numbers")
def keeps_whole_numbers_in_the_table(X):
    table = X.copy()
    for j in range(X.shape[1]):
        table[:, j] = (X[:, j] - X[:, j].mean()) / X[:, j].std()
    return table


right(
    "updates_for_kappa", [35, 346, 3454, 17_270_000], (35.0, 346, 3454, 1.75e7), np.array([35, 346, 3454, 17_000_000])
)
wrong("updates_for_kappa", "rate 1/λmax", [66, 687, 6904, 34_500_000])
wrong("updates_for_kappa", "a loss of a millionth", [45, 559, 6735, 34_000_000])
wrong("updates_for_kappa", "until the distance", [69, 691, 6908, 34_540_000])
wrong("updates_for_kappa", "took no update", [36, 347, 3455, 17_275_000])
wrong("updates_for_kappa", "One update too few", [34, 345, 3453, 17_265_000])
wrong("updates_for_kappa", "square root", [35, 346, 3454, 244_000])
wrong("updates_for_kappa", "κ = 5000", [35, 346, 3454, 17_270])
wrong("updates_for_kappa", "How many times as large as 1000", [35, 346, 3454, 3454 * 5e6])
wrong("updates_for_kappa", "Divide each of your counts", [35, 346, 3454, 34_540], [35, 346, 3454, np.inf])
wrong("updates_for_kappa", "isn't right yet", [34.4, 345.4, 3453.9, 17_270_000])
wrong("updates_for_kappa", "should be four numbers, but it has shape", [35, 346, 3454])
wrong("updates_for_kappa", "Has it enough steps", [35, 346, np.inf, np.inf], [np.inf] * 4)
wrong("updates_for_kappa", "not a finite number", [35, 346, np.nan, 17_270_000])
