"""Claims of notebook 04 and its exercises: gradients of the flights at (100, 150), and what they do at the minimum."""

from functools import cache

import numpy as np

from evidence.core import above, below, between, claim
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Network

HERE = np.array([100.0, 150.0])


class CoordinateDescent:
    """As in the notebook: one entry of the gradient, in turn."""

    def init(self, theta):
        return 0

    def update(self, theta, grad, learning_rate, updates):
        one = np.arange(theta.shape[-1]) == updates % theta.shape[-1]
        return theta - learning_rate * grad * one, updates + 1


def drawn(draw, batch_size, n=1000, theta=HERE):
    """The gradients of n batches (with replacement) at theta, and the true one."""
    line = draw.line()
    return line.grad(theta, draw.rng(1).integers(line.n_examples, size=(n, batch_size))), line.grad(theta)


def squared_errors(draw, batch_size, n=1000):
    g, true = drawn(draw, batch_size, n)
    return np.sum((g - true) ** 2, axis=-1)


@cache
def one_flight(draw):
    """The mean squared error of the gradient of a single flight, over all flights."""
    line = draw.line()
    every = line.grad(HERE, np.arange(line.n_examples)[:, np.newaxis])
    return np.mean(np.sum((every - line.grad(HERE)) ** 2, axis=-1))


# --- The error against B


@claim("04", cell="ask-after", says="Single flights agree on the signs.", holds=above(0.9))
def single_flights_agree_on_the_signs(draw):
    """Share of single flights that say “both down” at (100, 150)"""
    return np.mean(np.all(drawn(draw, 1, 10_000)[0] > 0, axis=-1))


@claim("04", cell="ask-after", says="Batches of 32 are much closer together.", holds=above(4))
def batches_of_32_are_closer_together(draw):
    """Standard deviation of the slope's gradient, B = 1 over B = 32"""
    one, many = (drawn(draw, b)[0][:, 1].std() for b in (1, 32))
    return one / many


@claim("04", cell="explorer-after", says="Four times the batch, half the distance.", holds=between(1.8, 2.2))
def four_times_the_batch_half_the_distance(draw):
    """Root mean square distance, B = 4 over B = 16"""
    return np.sqrt(np.mean(squared_errors(draw, 4, 4000)) / np.mean(squared_errors(draw, 16, 4000)))


@claim("04", cell="explorer-after", says="Near the minimum the gradients of the flights are shorter.", holds=below(0.5))
def gradients_are_shorter_at_the_minimum(draw):
    """Median length of a flight's gradient, at the minimum over (100, 150)"""
    near, far = (
        np.median(np.linalg.norm(drawn(draw, 1, 5000, theta)[0], axis=-1)) for theta in (draw.line().minimiser, HERE)
    )
    return near / far


@claim("04", cell="explorer-after", says="At the minimum they point to all sides.", holds=between(0.35, 0.65))
def all_sides_at_the_minimum(draw):
    """Share of the flights whose gradient at the minimum asks for a larger slope"""
    return np.mean(drawn(draw, 1, 5000, draw.line().minimiser)[0][:, 1] < 0)


@claim("04", cell="law-after", says="The mean squared error falls as 1/B.", holds=between(-1.05, -0.95))
def slope_of_the_error(draw):
    """The slope of the mean squared error against B, on logarithmic axes"""
    sizes = 4 ** np.arange(6)
    return np.polyfit(np.log(sizes), np.log([np.mean(squared_errors(draw, size)) for size in sizes]), 1)[0]


@claim("04", cell="law-after", says="It is the error of one flight, divided by B.", holds=between(0.9, 1.1))
def one_flight_over_b(draw):
    """Mean squared error at B = 64, over one flight / 64"""
    return 64 * np.mean(squared_errors(draw, 64, 4000)) / one_flight(draw)


@claim("04", cell="law-after", says="Most batches do better than the mean.", holds=between(0.55, 0.95))
def most_batches_do_better_than_the_mean(draw):
    """Share of batches of 4 with a squared error below the mean"""
    errors = squared_errors(draw, 4, 4000)
    return np.mean(errors < errors.mean())


@claim("04", cell="unbiased-after", says="The mean of many batches settles at the true gradient.", holds=below(3))
def the_mean_of_batches_is_true(draw):
    """Distance of the mean of 100 000 batches of 4 from the true gradient, in standard errors"""
    g, true = drawn(draw, 4, 100_000)
    return np.linalg.norm(g.mean(axis=0) - true) / np.sqrt(one_flight(draw) / 4 / 100_000)


@claim(
    "04",
    cell="replace-after",
    says="Without replacement, half of all flights have half of the error.",
    holds=between(0.44, 0.56),
)
def half_of_the_flights_half_of_the_error(draw):
    """Mean squared error of shuffled batches of 5000, over one flight / 5000"""
    line, rng = draw.line(), draw.rng(2)
    g = [line.grad(HERE, rng.permutation(10_000)[:5000]) for _ in range(1000)]
    return 5000 * np.mean(np.sum((g - line.grad(HERE)) ** 2, axis=-1)) / one_flight(draw)


@claim(
    "04",
    cell="network-after",
    says="The law needs no line: a network's error falls as 1/B, too.",
    holds=between(-1.08, -0.92),
)
def slope_of_the_error_of_a_network(draw):
    """The slope of the mean squared error against B, for 1210 parameters, on logarithmic axes"""
    (pixels, labels), _ = draw.digits()
    network, rng, sizes = Network(pixels, labels), draw.rng(2), (1, 4, 16, 64, 256)
    weights = network.start(draw.seeds(1)[0])
    batches = (rng.integers(network.n_examples, size=(200, size)) for size in sizes)
    g = (network.grad(np.tile(weights, (200, 1)), batch) - network.grad(weights) for batch in batches)
    return np.polyfit(np.log(sizes), np.log([np.mean(np.sum(one**2, axis=-1)) for one in g]), 1)[0]


@claim("04", cell="halves-after", says="Two halves of the data have different true gradients.", holds=above(0.2))
def halves_differ(draw):
    """Distance between the true gradients of two halves"""
    line = draw.line()
    rows = draw.rng(2).permutation(10_000)
    first, second = (LeastSquares(line.X[half], line.y[half]).grad(HERE) for half in (rows[:5000], rows[5000:]))
    return np.linalg.norm(first - second)


# --- "It only moves in a certain plane"


def angles(draw, batch_size):
    """The angles, in degrees, between the gradients of 20 000 batches and the true one."""
    g, true = drawn(draw, batch_size, 20_000)
    return np.degrees(np.arccos(g @ true / np.linalg.norm(g, axis=-1) / np.linalg.norm(true)))


@claim("04", cell="own-surface-after", says="Half of the batches of 4 are within a few degrees.", holds=between(5, 10))
def a_typical_batch_of_4_is_close(draw):
    """Median angle between the gradient of 4 flights and the true one, degrees"""
    return np.median(angles(draw, 4))


@claim("04", cell="own-surface-after", says="Hardly one is as far off as the one in the picture.", holds=below(0.02))
def the_batch_in_the_picture_is_rare(draw):
    """Share of batches of 4 more than 30.3 degrees off"""
    return np.mean(angles(draw, 4) > 30.3)


def entries_to_stay(draw, per_update, **options):
    """Entries of the table read until the loss stays within 20 of the lowest, at the best of eight rates (median)."""
    line, rates = draw.line(), 2.0 ** np.arange(-8, 0)
    run = descend(line, (0, 0), rates[:, np.newaxis], steps=600, **options)
    return per_update * np.median(run.stays_below(line.floor + 20), axis=1).min()


@claim(
    "04", cell="rows-after", says="To save columns pays: coordinate descent reads less than full batch.", holds=above(2)
)
def columns_save(draw):
    """Entries read, full batch over coordinate descent, each at its best rate"""
    return entries_to_stay(draw, 20_000) / entries_to_stay(draw, 10_000, optimizer=CoordinateDescent())


@claim("04", cell="rows-after", says="To save rows pays more here: mini-batches read the least.", holds=above(8))
def rows_save_more(draw):
    """Entries read, coordinate descent over mini-batches of 32, each at its best rate"""
    columns = entries_to_stay(draw, 10_000, optimizer=CoordinateDescent())
    return columns / entries_to_stay(draw, 64, batch_size=32, seed=draw.seeds(32))


@claim("04", cell="moved-after", says="One digit moves some of the parameters only.", holds=between(0.4, 0.8))
def share_moved_by_one_digit(draw):
    """Share of the 1210 parameters that a single digit moves, mean of 100"""
    (pixels, labels), _ = draw.digits()
    network = Network(pixels, labels)
    weights = network.start(draw.seeds(1)[0])
    return np.mean([np.mean(network.grad(weights, [i]) != 0) for i in range(100)])


@claim("04", cell="moved-after", says="A batch moves more of them.", holds=above(1.2))
def a_batch_of_digits_moves_more(draw):
    """Share of the parameters that 32 digits move, over that of one, means of 30"""
    (pixels, labels), _ = draw.digits()
    network = Network(pixels, labels)
    weights = network.start(draw.seeds(1)[0])
    batches = np.arange(30 * 32).reshape(30, 32)
    many, one = (np.mean([np.mean(network.grad(weights, b) != 0) for b in rows]) for rows in (batches, batches[:, :1]))
    return many / one


# --- The ball


@cache
def ball(draw, rate, batch_size, sampling="replace"):
    """Mean square distance from the minimum in the last 200 of 600 updates, along the flat and the steep direction."""
    line = draw.line()
    options = {"steps": 600, "batch_size": batch_size, "sampling": sampling, "seed": draw.seeds(200)}
    run = descend(line, line.minimiser, rate, **options)
    return np.mean(((run.theta[-200:] - line.minimiser) @ axes(line)[1]) ** 2, axis=(0, 1))


def axes(line):
    return np.linalg.eigh(line.hessian)


def law(draw, rate, batch_size):
    """ησ² / (Bλ(2 − ηλ)) along both directions."""
    line = draw.line()
    curvature, direction = axes(line)
    every = np.arange(line.n_examples)[:, np.newaxis]
    variance = np.mean((line.grad(line.minimiser, every) @ direction) ** 2, axis=0)
    return rate * variance / (batch_size * curvature * (2 - rate * curvature))


@claim(
    "04",
    cell="ball-distance-after",
    says="Runs from afar and runs from the minimum end in the same belt.",
    holds=between(0.85, 1.15),
)
def both_end_in_the_same_belt(draw):
    """Median distance after 400 updates, started at (0, 0) over started at the minimum"""
    line = draw.line()
    options = {"steps": 400, "batch_size": 32, "sampling": "replace"}
    arrive = descend(line, (0, 0), 0.1, seed=draw.seeds(400), **options)
    leave = descend(line, line.minimiser, 0.1, seed=draw.tuning_seeds(400), **options)
    far, near = (np.median(np.linalg.norm(run.theta[-1] - line.minimiser, axis=-1)) for run in (arrive, leave))
    return far / near


@claim("04", cell="ball-after", says="The law holds to a few percent.", holds=below(0.15))
def the_law_of_the_ball(draw):
    """Largest deviation of the measured variance from the law, in three settings and two directions"""
    return max(np.abs(ball(draw, *s) / law(draw, *s) - 1).max() for s in ((0.1, 32), (0.05, 32), (0.1, 64)))


@claim("04", cell="ball-after", says="Doubling B halves the variance.", holds=between(1.75, 2.25))
def twice_the_batch_half_the_ball(draw):
    """Variance along the flat direction, B = 32 over B = 64"""
    return (ball(draw, 0.1, 32) / ball(draw, 0.1, 64))[0]


@claim("04", cell="ball-after", says="So does halving η, along the flat direction.", holds=between(1.75, 2.35))
def half_the_rate_half_the_ball(draw):
    """Variance along the flat direction, η = 0.1 over 0.05"""
    return (ball(draw, 0.1, 32) / ball(draw, 0.05, 32))[0]


@claim("04", cell="ball-after", says="Along the steep direction halving η does more.", holds=above(2.1))
def half_the_rate_more_along_the_steep(draw):
    """Variance along the steep direction, η = 0.1 over 0.05"""
    return (ball(draw, 0.1, 32) / ball(draw, 0.05, 32))[1]


@claim("04", cell="ball-limits-after", says="With B = 1 the ball is larger than the law says.", holds=above(1.1))
def one_example_makes_a_larger_ball(draw):
    """Variance over the law, along the flat direction, B = 1"""
    return (ball(draw, 0.05, 1) / law(draw, 0.05, 1))[0]


@claim(
    "04",
    cell="ball-limits-after",
    says="That is since each flight has a curvature of its own: with one for all, the law holds.",
    holds=between(0.85, 1.2),
)
def with_one_curvature_the_law_holds(draw):
    """Variance over the law, along the flat direction, B = 1, with the Hessian of all flights in each update"""
    line, rng = draw.line(), draw.rng(3)
    kicks = line.grad(line.minimiser, np.arange(line.n_examples)[:, np.newaxis])
    w, late = np.zeros((400, 2)), []
    for update in range(600):
        w = w - 0.05 * (w @ line.hessian + kicks[rng.integers(line.n_examples, size=len(w))])
        late += [w] if update >= 400 else []
    return np.mean((np.array(late) @ axes(line)[1][:, 0]) ** 2) / law(draw, 0.05, 1)[0]


@claim(
    "04", cell="ball-limits-after", says="Shuffled, the ball is smaller along the flat direction.", holds=below(0.85)
)
def shuffled_epochs_make_a_smaller_ball(draw):
    """Variance over the law, along the flat direction, B = 32, shuffled"""
    return (ball(draw, 0.05, 32, "shuffle") / law(draw, 0.05, 32))[0]


def pull(draw, sampling):
    """How much the error of the next batch pulls back, for each unit of distance along the flat direction."""
    line = draw.line()
    run = descend(line, line.minimiser, 0.05, epochs=4, batch_size=32, sampling=sampling, seed=draw.seeds(200))
    curvature, direction = axes(line)
    w = (run.theta - line.minimiser) @ direction[:, 0]
    error = (w[:-1] - w[1:]) / 0.05 - curvature[0] * w[:-1]
    return np.mean((error * w[:-1])[313:]) / np.mean(w[313:-1] ** 2)


@claim("04", cell="ball-limits-after", says="Along a shuffled run the errors pull back.", holds=between(0.08, 0.25))
def a_shuffled_run_pulls_back(draw):
    """Mean of error times distance over the mean squared distance, flat direction, shuffled"""
    return pull(draw, "shuffle")


@claim("04", cell="ball-limits-after", says="With replacement they don't.", holds=between(-0.04, 0.04))
def with_replacement_nothing_pulls_back(draw):
    """The same, with replacement"""
    return pull(draw, "replace")


@claim("04", cell="ball-limits-after", says="Where a line fits every example there is no ball.", holds=below(1e-9))
def an_exact_fit_has_no_ball(draw):
    """Distance from the minimum after two epochs with B = 1, where y lies on a line"""
    line = draw.line()
    exact = LeastSquares(line.X, line.X @ [18, 126])
    run = descend(exact, (0, 0), 0.01, epochs=2, batch_size=1, seed=draw.seeds(1)[0], record_every=20_000)
    return np.linalg.norm(run.theta[-1] - [18, 126])


@claim(
    "04",
    cell="speed-after",
    says="A tenth of η for the second half of the way, and the loss above the lowest shrinks.",
    holds=above(5),
)
def a_smaller_rate_buys_the_accuracy_back(draw):
    """Median above the lowest after 2000 updates, η = 0.1 throughout over a tenth of it from update 1001 on"""
    line = draw.line()
    options = {"steps": 2000, "batch_size": 32, "sampling": "replace", "seed": draw.seeds(64), "record_every": 2000}
    above_it = (
        np.median(descend(line, (0, 0), rate, **options).loss[-1] - line.floor)
        for rate in (0.1, lambda update: 0.1 if update <= 1000 else 0.01)
    )
    return np.divide(*above_it)


# --- The exercises


@claim(
    "04",
    cell="half-ball-rate-why",
    says="One guess for all flights: at half the rate, from 0.5 on, only a third of V is left.",
    holds=between(0.28, 0.38),
)
def a_third_is_left_at_half_the_rate(draw):
    """Variance of the ball at η = 0.25 over that at 0.5, λ = 2"""
    _, air_time = draw.flights()
    guess = LeastSquares(np.ones((len(air_time), 1)), air_time)
    options = {"steps": 300, "batch_size": 16, "sampling": "replace", "seed": draw.seeds(300)}
    half, whole = (
        np.mean((descend(guess, guess.minimiser, rate, **options).theta[-200:] - guess.minimiser) ** 2)
        for rate in (0.25, 0.5)
    )
    return half / whole
