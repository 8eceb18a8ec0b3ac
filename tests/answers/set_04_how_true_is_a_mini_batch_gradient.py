"""Answers to the exercises of notebook 04."""

from fractions import Fraction

import numpy as np

from gdtools.descent import minibatches
from tests.answers import right, slips, wrong

right("larger_batches", [100, 400, 30], (100.0, 400, 30.0), np.array([100, 400, 30]), np.float32([100, 400, 30]))
wrong("larger_batches", "third number isn't right yet", [100, 400, 31])
wrong("larger_batches", "should be three numbers, but it", [100, 400], 100)

right("mean_squared_error", lambda gradients, true: np.mean(np.linalg.norm(gradients - true, axis=-1) ** 2))
right("mean_squared_error", lambda gradients, true: gradients.var(0).sum() + sum((gradients.mean(0) - true) ** 2))


@right("mean_squared_error")
def in_two_loops(gradients, true):
    total = 0.0
    for gradient in gradients:
        for one, other in zip(gradient, true, strict=True):
            total += (one - other) ** 2
    return total / len(gradients)


@right("mean_squared_error")
def with_einsum_in_single_precision(gradients, true):
    off = np.float32(gradients - true)
    return np.einsum("kd,kd", off, off) / np.float32(len(off))


@wrong("mean_squared_error", "changes its argument in place")
def subtracts_in_place(gradients, true):
    gradients -= true
    return np.mean(np.sum(gradients**2, axis=1))


wrong("mean_squared_error", "should be one number", lambda gradients, true: np.sum((gradients - true) ** 2, axis=1))


@right("measured_error")
def one_by_one(gradients, batch_size, n_batches, rng):
    true, errors = gradients.mean(axis=0), []
    for _ in range(n_batches):
        batch = rng.choice(len(gradients), batch_size, replace=False)
        errors.append(np.sum((gradients[batch].mean(axis=0) - true) ** 2))
    return np.mean(errors)


@right("measured_error")
def with_permutations(gradients, batch_size, n_batches, rng):
    total = 0
    for _ in range(n_batches):
        batch = rng.permutation(gradients)[:batch_size]
        total += np.sum((batch.sum(axis=0) / batch_size - gradients.mean(axis=0)) ** 2)
    return float(total / n_batches)


@right("measured_error")
def with_one_shuffled_list(gradients, batch_size, n_batches, rng):
    indices, errors = list(range(len(gradients))), []
    while len(errors) < n_batches:
        rng.shuffle(indices)
        errors.append(sum((gradients[indices[-batch_size:]].mean(axis=0) - gradients.mean(axis=0)) ** 2))
    return sum(errors) / len(errors)


@right("measured_error")
def all_at_once(gradients, batch_size, n_batches, rng):
    batches = rng.random((n_batches, len(gradients))).argsort(axis=1)[:, :batch_size]
    return np.mean(np.sum((gradients[batches].mean(axis=1) - gradients.mean(axis=0)) ** 2, axis=1))


@right("measured_error")
def with_minibatches(gradients, batch_size, n_batches, rng):
    errors = []
    for seed in rng.integers(2**31, size=n_batches):
        batch = next(minibatches(len(gradients), batch_size, seed=seed))
        errors.append(np.sum((gradients[batch].mean(axis=0) - gradients.mean(axis=0)) ** 2))
    return np.mean(errors)


@right("measured_error")
def through_the_epochs(gradients, batch_size, n_batches, rng):
    errors = []
    while len(errors) < n_batches:
        order = rng.permutation(len(gradients))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            errors.append(np.sum((gradients[batch].mean(axis=0) - gradients.mean(axis=0)) ** 2))
    return np.mean(errors[:n_batches])


draw, loop = "rng.choice(len(gradients), batch_size, replace=False)", "for _ in range(n_batches):"
slips(
    "measured_error",
    one_by_one,
    ("come twice in a batch", ", replace=False", ""),
    ("nearly 0", draw, "rng.permutation(len(gradients))"),
    ("the same batch, again and again", draw, "range(batch_size)"),
    ("the same batch, again and again", draw, f"np.random.default_rng(0){draw[3:]}"),
    ("the same batch, again and again", "errors.append(", "errors.append(errors[0] if errors else "),
    ("without a generator of your own", loop, f"rng = np.random.default_rng(0)\n    {loop}"),
    ("That is the mean over 100 batches", loop, f"n_batches = 100\n    {loop}"),
    ("That is the mean over 8 batches", loop, f"n_batches += 1\n    {loop}"),
    ("You count each batch twice", "errors)", "(errors[: (n_batches + 1) // 2] * 2)[:n_batches])"),
    ("The same seed gives another error", loop, f"rng = np.random\n    {loop}"),
    ("changes its argument in place", draw, "range(batch_size); rng.shuffle(gradients)"),
)

right("accumulated_gradient", lambda gradients, sizes: np.average(gradients, axis=0, weights=sizes))
right("accumulated_gradient", lambda gradients, sizes: sizes / sum(sizes) @ gradients)
right("accumulated_gradient", lambda gradients, sizes: np.repeat(gradients, sizes, axis=0).mean(axis=0))


@right("accumulated_gradient")
def part_by_part(gradients, sizes):
    total, n_examples = 0, 0
    for gradient, size in zip(gradients, sizes, strict=True):
        total = total + size * gradient
        n_examples += size
    return list(total / n_examples)


@right("accumulated_gradient")
def in_single_precision(gradients, sizes):
    return np.sum(np.float32(gradients) * np.float32(sizes)[:, None], axis=0) / np.float32(sizes.sum())


@right("accumulated_gradient")
def as_a_running_mean(gradients, sizes):
    mean, n_examples = np.zeros(gradients.shape[1]), 0
    for gradient, size in zip(gradients, sizes, strict=True):
        n_examples += size
        mean = mean + (gradient - mean) * size / n_examples
    return mean


slips(
    "accumulated_gradient",
    in_single_precision,
    ("single number", ", axis=0", ""),
    ("changes its argument in place", "return ", "gradients *= 2; return "),
)

right("half_ball_rate", 1 / 3, 0.33, np.array([1 / 3])[0], np.float32(1 / 3), Fraction(1, 3))
wrong("half_ball_rate", "there is no ball", 1, 0, 1.5)
wrong("half_ball_rate", "more than half", 0.4, 0.5, 0.9)
wrong("half_ball_rate", "less than half", 0.3, 0.125)
wrong("half_ball_rate", "one number", [1 / 3, 16])
