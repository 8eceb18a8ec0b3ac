"""Answers to the exercises of notebook 04."""

from fractions import Fraction

import numpy as np

from gdtools.descent import minibatches
from tests.answers import right, wrong

right("larger_batches", [100, 400, 30], (100.0, 400, 30.0), np.array([100, 400, 30]), np.float32([100, 400, 30]))
wrong("larger_batches", "First number. You divide by a square root", [300, 400, 30])
wrong("larger_batches", "900 is the error at B = 4", [25, 400, 30])
wrong("larger_batches", "Does the error grow", [8100, 400, 30])
wrong("larger_batches", "That is the distance. Asked for is the squared error", [10, 400, 30])
wrong("larger_batches", "square once too often", [11.11, 400, 30])
wrong("larger_batches", "Second number. That makes the *squared* error a tenth", [100, 40, 30])
wrong("larger_batches", "From which size", [100, 100, 30])
wrong("larger_batches", "falls as the root of the other", [100, 12.65, 30])
wrong("larger_batches", "smaller than before", [100, 0.4, 30])
wrong("larger_batches", "Third number. That is with replacement", [100, 400, 100])
wrong("larger_batches", "from shuffling alone", [100, 400, 270])
wrong("larger_batches", "Try your factor at B = 1", [100, 400, 29.41])
wrong("larger_batches", "Your factor grows with B", [100, 400, 70])
wrong("larger_batches", "Does your factor grow with B", [100, 400, 70.6])
wrong("larger_batches", "What does it multiply", [100, 400, 0.3])
wrong("larger_batches", "third number isn't right yet", [100, 400, 31])
wrong("larger_batches", "should be three numbers, but it has shape", [100, 400], 100)


@right("mean_squared_error")
def with_numpy(gradients, true):
    return np.mean(np.sum((gradients - true) ** 2, axis=1))


@right("mean_squared_error")
def with_norms(gradients, true):
    return np.mean(np.linalg.norm(gradients - true, axis=-1) ** 2)


@right("mean_squared_error")
def in_two_loops(gradients, true):
    total = 0.0
    for gradient in gradients:
        for one, other in zip(gradient, true, strict=True):
            total += (one - other) ** 2
    return total / len(gradients)


@right("mean_squared_error")
def as_variance_and_bias(gradients, true):
    return gradients.var(axis=0).sum() + sum((gradients.mean(axis=0) - true) ** 2)


@right("mean_squared_error")
def with_einsum_in_single_precision(gradients, true):
    off = np.float32(gradients - true)
    return np.einsum("kd,kd", off, off) / np.float32(len(off))


@wrong("mean_squared_error", "divide by the number of parameters, too")
def means_of_everything(gradients, true):
    return np.mean((gradients - true) ** 2)


@wrong("mean_squared_error", "How many batches are there")
def sums_over_the_wrong_axis(gradients, true):
    return np.mean(np.sum((gradients - true) ** 2, axis=0))


@wrong("mean_squared_error", "sum over the batches")
def sums_of_everything(gradients, true):
    return np.sum((gradients - true) ** 2)


@wrong("mean_squared_error", "mean distance")
def forgets_the_square(gradients, true):
    return np.mean(np.linalg.norm(gradients - true, axis=1))


@wrong("mean_squared_error", "root at the end")
def takes_a_root(gradients, true):
    return np.sqrt(np.mean(np.sum((gradients - true) ** 2, axis=1)))


@wrong("mean_squared_error", "measure from the true gradient")
def measures_from_their_own_mean(gradients, true):
    return np.mean(np.sum((gradients - gradients.mean(axis=0)) ** 2, axis=1))


@wrong("mean_squared_error", "You average before you square")
def averages_first(gradients, true):
    return np.sum((gradients.mean(axis=0) - true) ** 2)


@wrong("mean_squared_error", "parameters up before you square")
def adds_up_first(gradients, true):
    return np.mean(np.sum(gradients - true, axis=1) ** 2)


@wrong("mean_squared_error", "Nothing is squared")
def squares_nothing(gradients, true):
    return np.mean(np.sum(gradients - true, axis=1))


@wrong("mean_squared_error", "absolute values")
def takes_absolute_values(gradients, true):
    return np.abs(gradients - true).sum() / len(gradients)


@wrong("mean_squared_error", "How far are they from the true one")
def forgets_the_true_one(gradients, true):
    return np.mean(np.sum(gradients**2, axis=1))


@wrong("mean_squared_error", "should be one number, but it has shape (5,)")
def leaves_one_for_each_batch(gradients, true):
    return np.sum((gradients - true) ** 2, axis=1)


@wrong("mean_squared_error", "changes its argument in place")
def subtracts_in_place(gradients, true):
    gradients -= true
    return np.mean(np.sum(gradients**2, axis=1))


def squared_distance(gradient, true):
    return np.sum((gradient - true) ** 2)


@right("measured_error")
def with_choice(gradients, batch_size, n_batches, rng):
    true, errors = gradients.mean(axis=0), []
    for _ in range(n_batches):
        batch = rng.choice(len(gradients), batch_size, replace=False)
        errors.append(squared_distance(gradients[batch].mean(axis=0), true))
    return np.mean(errors)


@right("measured_error")
def with_permutations(gradients, batch_size, n_batches, rng):
    total = 0
    for _ in range(n_batches):
        batch = rng.permutation(gradients)[:batch_size]
        total += squared_distance(batch.sum(axis=0) / batch_size, gradients.mean(axis=0))
    return float(total / n_batches)


@right("measured_error")
def with_one_shuffled_list(gradients, batch_size, n_batches, rng):
    indices, errors = list(range(len(gradients))), []
    while len(errors) < n_batches:
        rng.shuffle(indices)
        errors.append(squared_distance(gradients[indices[-batch_size:]].mean(axis=0), gradients.mean(axis=0)))
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
        errors.append(squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)))
    return np.mean(errors)


@right("measured_error")
def through_the_epochs(gradients, batch_size, n_batches, rng):
    errors = []
    while len(errors) < n_batches:
        order = rng.permutation(len(gradients))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            errors.append(squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)))
    return np.mean(errors[:n_batches])


def drawn(gradients, batch_size, n_batches, rng, replace=False):
    """The gradients of the examples of each batch, shape (n_batches, B, d)."""
    batches = [rng.choice(len(gradients), batch_size, replace=replace) for _ in range(n_batches)]
    return gradients[np.array(batches)]


@wrong("measured_error", "come twice in a batch")
def draws_with_replacement(gradients, batch_size, n_batches, rng):
    batches = gradients[rng.integers(len(gradients), size=(n_batches, batch_size))]
    return np.mean(np.sum((batches.mean(axis=1) - gradients.mean(axis=0)) ** 2, axis=-1))


@wrong("measured_error", "come twice in a batch")
def forgets_to_say_without(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng, replace=True)
    return np.mean(np.sum((batches.mean(axis=1) - gradients.mean(axis=0)) ** 2, axis=-1))


@wrong("measured_error", "sum over a batch")
def sums_the_batch(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.mean(np.sum((batches.sum(axis=1) - gradients.mean(axis=0)) ** 2, axis=-1))


@wrong("measured_error", "You divide by N")
def divides_by_all_the_examples(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    grads = batches.sum(axis=1) / len(gradients)
    return np.mean(np.sum((grads - gradients.mean(axis=0)) ** 2, axis=-1))


@wrong("measured_error", "divide by the number of parameters, too")
def means_of_the_parameters(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.mean((batches.mean(axis=1) - gradients.mean(axis=0)) ** 2)


@wrong("measured_error", "sum over the batches")
def adds_the_errors_up(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.sum((batches.mean(axis=1) - gradients.mean(axis=0)) ** 2)


@wrong("measured_error", "mean distance")
def means_of_distances(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.mean(np.linalg.norm(batches.mean(axis=1) - gradients.mean(axis=0), axis=-1))


@wrong("measured_error", "You square the mean of the distances")
def squares_at_the_end(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.mean(np.linalg.norm(batches.mean(axis=1) - gradients.mean(axis=0), axis=-1)) ** 2


@wrong("measured_error", "How far are they from the true one")
def measures_the_lengths(gradients, batch_size, n_batches, rng):
    return np.mean(np.sum(drawn(gradients, batch_size, n_batches, rng).mean(axis=1) ** 2, axis=-1))


@wrong("measured_error", "error of single examples")
def draws_single_examples(gradients, batch_size, n_batches, rng):
    return np.mean(np.sum((rng.choice(gradients, n_batches) - gradients.mean(axis=0)) ** 2, axis=-1))


@wrong("measured_error", "nearly 0")
def shuffles_and_forgets_to_cut(gradients, batch_size, n_batches, rng):
    errors = [np.sum((rng.permutation(gradients).mean(0) - gradients.mean(0)) ** 2) for _ in range(n_batches)]
    return np.mean(errors)


@wrong("measured_error", "nearly 0")
def averages_all_batches_first(gradients, batch_size, n_batches, rng):
    batches = drawn(gradients, batch_size, n_batches, rng)
    return np.sum((batches.mean(axis=(0, 1)) - gradients.mean(axis=0)) ** 2)


@wrong("measured_error", "the same batch, again and again")
def draws_once(gradients, batch_size, n_batches, rng):
    batch = rng.choice(len(gradients), batch_size, replace=False)
    errors = [squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)) for _ in range(n_batches)]
    return np.mean(errors)


@wrong("measured_error", "the same batch, again and again")
def takes_the_first_examples(gradients, batch_size, n_batches, rng):
    return squared_distance(gradients[:batch_size].mean(axis=0), gradients.mean(axis=0))


@wrong("measured_error", "the same batch, again and again")
def seeds_in_the_loop(gradients, batch_size, n_batches, rng):
    errors = []
    for _ in range(n_batches):
        batch = np.random.default_rng(0).permutation(len(gradients))[:batch_size]
        errors.append(squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)))
    return np.mean(errors)


@wrong("measured_error", "measure from the true gradient")
def takes_the_mean_of_the_batches_for_the_true(gradients, batch_size, n_batches, rng):
    return drawn(gradients, batch_size, n_batches, rng).mean(axis=1).var(axis=0).sum()


@wrong("measured_error", "without a generator of your own")
def numbers_the_seeds(gradients, batch_size, n_batches, rng):
    errors = []
    for seed in range(n_batches):
        batch = next(minibatches(len(gradients), batch_size, seed=seed))
        errors.append(squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)))
    return np.mean(errors)


@wrong("measured_error", "The same seed gives another error")
def draws_from_the_global_generator(gradients, batch_size, n_batches, rng):
    errors = []
    for _ in range(n_batches):
        batch = np.random.permutation(len(gradients))[:batch_size]  # noqa: NPY002
        errors.append(squared_distance(gradients[batch].mean(axis=0), gradients.mean(axis=0)))
    return np.mean(errors)


@wrong("measured_error", "changes its argument in place")
def shuffles_the_callers_rows(gradients, batch_size, n_batches, rng):
    true, errors = gradients.mean(axis=0), []
    for _ in range(n_batches):
        rng.shuffle(gradients)
        errors.append(squared_distance(gradients[:batch_size].mean(axis=0), true))
    return np.mean(errors)


@right("accumulated_gradient")
def with_average(gradients, sizes):
    return np.average(gradients, axis=0, weights=sizes)


@right("accumulated_gradient")
def with_a_product(gradients, sizes):
    return sizes / sum(sizes) @ gradients


@right("accumulated_gradient")
def part_by_part(gradients, sizes):
    total, n_examples = 0, 0
    for gradient, size in zip(gradients, sizes, strict=True):
        total = total + size * gradient
        n_examples += size
    return list(total / n_examples)


@right("accumulated_gradient")
def with_rows_repeated(gradients, sizes):
    return np.repeat(gradients, sizes, axis=0).mean(axis=0)


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


@wrong("accumulated_gradient", "Each part counts the same")
def means_the_means(gradients, sizes):
    return gradients.mean(axis=0)


@wrong("accumulated_gradient", "sum over all examples")
def forgets_to_divide(gradients, sizes):
    return sizes @ gradients


@wrong("accumulated_gradient", "Over how many examples")
def divides_by_the_parts(gradients, sizes):
    return np.mean(gradients * sizes[:, np.newaxis], axis=0)


@wrong("accumulated_gradient", "as large as the first")
def divides_by_full_parts(gradients, sizes):
    return np.sum(gradients * sizes[:, np.newaxis], axis=0) / (len(sizes) * sizes[0])


@wrong("accumulated_gradient", "sum of the parts")
def adds_the_means_up(gradients, sizes):
    return gradients.sum(axis=0)


@wrong("accumulated_gradient", "divide it once more")
def divides_without_multiplying(gradients, sizes):
    return gradients.sum(axis=0) / sizes.sum()


@wrong("accumulated_gradient", "The sizes weight the columns")
def weights_the_parameters(gradients, sizes):
    return np.sum(gradients * sizes, axis=0) / sizes.sum()


@wrong("accumulated_gradient", "smaller the part")
def divides_by_the_sizes(gradients, sizes):
    return np.average(gradients, axis=0, weights=1 / sizes)


@wrong("accumulated_gradient", "The last parts count most")
def averages_two_at_a_time(gradients, sizes):
    mean = gradients[0]
    for gradient in gradients[1:]:
        mean = (mean + gradient) / 2
    return mean


@wrong("accumulated_gradient", "single number")
def forgets_the_axis(gradients, sizes):
    return np.sum(gradients * sizes[:, np.newaxis]) / sizes.sum()


@wrong("accumulated_gradient", "changes its argument in place")
def weights_in_place(gradients, sizes):
    gradients *= sizes[:, np.newaxis]
    return gradients.sum(axis=0) / sizes.sum()


right("half_ball_rate", 1 / 3, 0.33, np.array([1 / 3])[0], np.float32(1 / 3), Fraction(1, 3))
wrong("half_ball_rate", "right where ηλ is small", 0.25)
wrong("half_ball_rate", "rate for λ = 1", 2 / 7)
wrong("half_ball_rate", "halves the distance", 0.2)
wrong("half_ball_rate", "divide by √2", 0.354)
wrong("half_ball_rate", "there is no ball", 1, 0, 1.5)
wrong("half_ball_rate", "more than half", 0.4, 0.5, 0.9)
wrong("half_ball_rate", "less than half", 0.3, 0.125)
wrong("half_ball_rate", "one number", [1 / 3, 16])
