"""Claims of notebook 09 and its exercises."""

import numpy as np

from evidence.core import above, below, between, claim, tuned
from gdtools.descent import descend, minibatches
from gdtools.losses import Network, Surface
from gdtools.optimizers import (
    Adam,
    Clipped,
    GradientDescent,
    Nesterov,
    constant,
    cosine,
    inverse_time,
    step_decay,
    warm_up,
)

RATES = 2.0 ** np.arange(-9, 4)


# --- coming to rest: the flights


def walk(draw, schedule, steps=2000):
    """A function of rates and seeds: how far above the lowest loss the runs end."""
    line = draw.line()

    def final(rates, seeds):
        run = descend(
            line,
            (0, 0),
            schedule(np.asarray(rates)[:, None]),
            steps=steps,
            batch_size=32,
            sampling="replace",
            seed=seeds,
            record_every=steps,
        )
        return run.loss[-1] - line.floor

    return final


@claim(
    "09",
    cell="schedule-after",
    says="From one η₀, cosine is behind 1/t and step after a quarter, and then ahead.",
    holds=above(1),
)
def cosine_is_late_and_lowest(draw):
    """The smallest of: cosine over the two after 500 updates, the two over cosine at the end"""
    line, above_lowest = draw.line(), []
    for schedule in (inverse_time(0.2, 100), step_decay(0.2, 400), cosine(0.2, 2000)):
        options = {"steps": 2000, "batch_size": 32, "sampling": "replace", "record_every": 500}
        run = descend(line, (0, 0), schedule, seed=draw.seeds(128), **options)
        above_lowest.append(np.median(run.loss[[1, -1]] - line.floor, axis=1))
    others, (quarter, end) = np.array(above_lowest[:2]), above_lowest[2]
    return min(quarter / others[:, 0].max(), others[:, 1].min() / end)


@claim(
    "09",
    cell="schedule-tuned-after",
    says="Tuned, the best schedule is a factor of a few below the constant rate.",
    holds=between(2, 20),
    slow=True,
)
def a_tuned_schedule_wins_by_a_factor(draw):
    """The loss above the lowest of the constant rate over that of the cosine, each at its own η₀"""
    rates = 0.5 ** np.arange(0, 11)
    ends = [np.median(tuned(walk(draw, kind), rates, draw)[1]) for kind in (constant, lambda rate: cosine(rate, 2000))]
    return ends[0] / ends[1]


def four_epochs(draw, rates, sizes, drop_last=True, runs=400):
    """The median loss above the lowest after an epoch with each of these rates and batch sizes."""
    line, theta = draw.line(), np.zeros((runs, 2))
    for part, (rate, size) in enumerate(zip(rates, sizes, strict=True)):
        seeds = np.array(draw.seeds(runs)) + 10_000 * part
        options = {"sampling": "replace", "drop_last": drop_last, "record_every": 10_000}
        theta = descend(line, theta, rate, epochs=1, batch_size=size, seed=seeds, **options).theta[-1]
    return np.median(line.value(theta) - line.floor)


@claim(
    "09",
    cell="grow-after",
    says="Twice the batch calms descent as much as half the rate.",
    holds=between(0.6, 1.6),
    slow=True,
)
def growing_the_batch_is_as_good_as_a_smaller_rate(draw):
    """The loss above the lowest with B doubled three times over that with η halved three times"""
    halved = four_epochs(draw, 0.05 / 2.0 ** np.arange(4), [8] * 4)
    return four_epochs(draw, [0.05] * 4, [8, 16, 32, 64]) / halved


@claim("09", cell="grow-after", says="A run that ends on a short last batch ends noisier.", holds=above(1.2), slow=True)
def a_short_last_batch_is_loud(draw):
    """The loss above the lowest with the short batches over that without"""
    plan = [0.05] * 4, [8, 16, 32, 64]
    return four_epochs(draw, *plan, drop_last=False) / four_epochs(draw, *plan)


# --- the digits


def train(draw, schedule=constant, optimizer=None, size=32, epochs=5):
    """A function of rates and seeds: the training loss at the end, shape (rates, seeds)."""
    network = Network(*draw.digits()[0], hidden=16)

    def final(rates, seeds):
        rate = schedule(np.asarray(rates)[:, None])
        options = {"optimizer": optimizer, "record_every": 1_000_000}
        return descend(network, network.start(seeds), rate, epochs=epochs, batch_size=size, seed=seeds, **options).loss[
            -1
        ]

    return final


def gain(draw, schedule, n=12, **how):
    """The loss with a schedule over that at a constant rate, each at its own best rate."""
    _, constant_ends = tuned(train(draw, **how), RATES, draw, n)
    _, ends = tuned(train(draw, schedule, **how), RATES, draw, n)
    return np.median(ends) / np.median(constant_ends)


def falling(rate):
    return cosine(rate, 160)


def climbing(rate):
    return warm_up(cosine(rate, 160), 32)


@claim(
    "09",
    cell="pay-same-after",
    says="At the constant's best rate, a cosine hurts plain descent and Nesterov.",
    holds=above(1),
)
def cosine_at_the_constants_rate_hurts(draw):
    """The smaller ratio, of plain descent and Nesterov: loss with the cosine over loss at the constant rate"""
    ratios = []
    for optimizer in (None, Nesterov()):
        rate, ends = tuned(train(draw, optimizer=optimizer), RATES, draw, 12)
        fell = train(draw, falling, optimizer)([rate], draw.seeds(12))
        ratios.append(np.median(fell) / np.median(ends))
    return min(ratios)


@claim("09", cell="pay-after", says="Nesterov gains from a cosine with its own η₀.", holds=below(0.95))
def nesterov_gains_from_a_cosine(draw):
    """The loss with a cosine over that at a constant rate, each at its best rate, Nesterov"""
    return gain(draw, falling, optimizer=Nesterov())


@claim("09", cell="pay-after", says="Adam gains from a warm-up and a cosine with their own η₀.", holds=below(0.9))
def adam_gains_from_warm_up_and_cosine(draw):
    """The loss with warm-up and cosine over that at a constant rate, each at its best rate, Adam"""
    return gain(draw, climbing, optimizer=Adam())


@claim("09", cell="pay-after", says="Plain descent with B = 32 gains nothing from a cosine.", holds=above(1))
def plain_gains_nothing_at_32(draw):
    """The loss with a cosine over that at a constant rate, each at its best rate, plain descent, B = 32"""
    return gain(draw, falling)


@claim("09", cell="pay-noise-after", says="Plain descent with B = 8 gains from a cosine.", holds=below(0.95))
def plain_gains_at_8(draw):
    """The loss with a cosine over that at a constant rate, each at its best rate, plain descent, B = 8"""
    return gain(draw, lambda rate: cosine(rate, 640), size=8)


@claim(
    "09",
    cell="pay-noise-after",
    says="After twenty epochs, with nearly all examples fitted, a cosine gains nothing.",
    holds=above(0.95),
    slow=True,
)
def a_cosine_gains_nothing_when_all_is_fitted(draw):
    """The loss with a cosine over that at a constant rate, each at its best rate, plain descent, B = 8, 20 epochs"""
    return gain(draw, lambda rate: cosine(rate, 2560), size=8, epochs=20)


def medians(draw, rates, schedule=constant, optimizer=None):
    return np.median(train(draw, schedule, optimizer)(rates, draw.seeds(12)), axis=1)


def clipped():
    return Clipped(GradientDescent(), max_norm=1)


@claim(
    "09",
    cell="warmup-after",
    says="A warm-up lets plain descent train at η = 2, where it fails without.",
    holds=above(2),
)
def warm_up_moves_the_edge(draw):
    """The loss at η = 2 without a warm-up over that with one"""
    return (medians(draw, [2.0]) / medians(draw, [2.0], lambda rate: warm_up(rate, 32)))[0]


@claim(
    "09",
    cell="warmup-after",
    says="Clipping lets plain descent train at η = 2, where it fails without.",
    holds=above(2),
)
def clipping_moves_the_edge(draw):
    """The loss at η = 2 without clipping over that with it"""
    return (medians(draw, [2.0]) / medians(draw, [2.0], optimizer=clipped()))[0]


@claim("09", cell="warmup-after", says="The best loss is no better with clipping, at its own rate.", holds=above(0.7))
def clipping_does_not_beat_the_best(draw):
    """The loss with clipping over that without, each at its own best rate"""
    _, ends = tuned(train(draw, optimizer=clipped()), RATES, draw, 12)
    return np.median(ends) / np.median(tuned(train(draw), RATES, draw, 12)[1])


@claim("09", cell="warmup-after", says="Below the edge a warm-up costs a little.", holds=between(1, 1.3))
def warm_up_costs_below_the_edge(draw):
    """The loss at η = 1/2 with a warm-up over that without"""
    return (medians(draw, [0.5], lambda rate: warm_up(rate, 32)) / medians(draw, [0.5]))[0]


def cliffs(draw, rows=(0, -1)):
    """The cliff 2/λmax in the course of a run with η = 1, median of six, at these eighths of an epoch."""
    network = Network(*draw.digits()[0], hidden=16)
    starts = network.start(draw.seeds(6)).astype(float)
    run = descend(network, starts, 1.0, epochs=5, batch_size=32, seed=draw.seeds(6), record_every=8)
    found = []
    for theta in run.theta[list(rows)]:
        v = np.random.default_rng(0).normal(size=theta.shape)
        for _ in range(30):
            v = v / np.linalg.norm(v, axis=-1, keepdims=True)
            v = (network.grad(theta + 0.001 * v) - network.grad(theta - 0.001 * v)) / 0.002
        found.append(np.median(2 / np.linalg.norm(v, axis=-1)))
    return found


@claim(
    "09",
    cell="cliff-after",
    says="The best constant rate, 1, begins above the cliff of the starting point.",
    holds=below(1),
)
def the_best_rate_begins_above_the_cliff(draw):
    """2/λmax at the start"""
    return cliffs(draw, rows=(0,))[0]


@claim("09", cell="cliff-after", says="In the course of the run the cliff moves away, beyond η = 1.", holds=above(1))
def the_cliff_moves_away(draw):
    """2/λmax after five epochs"""
    return cliffs(draw, rows=(-1,))[0]


# --- when to stop


@claim("09", cell="stop-early-after", says="On the saddle both signs come long before the way down.", holds=above(0.2))
def both_signs_stop_on_the_saddle(draw):
    """How far the loss still falls after the first update with a gradient below 0.01 and a fall below 0.001"""
    saddle = Surface(
        lambda w: w[..., 0] ** 2 - w[..., 1] ** 2 + w[..., 1] ** 4,
        lambda w: np.stack([2 * w[..., 0], -2 * w[..., 1] + 4 * w[..., 1] ** 3], axis=-1),
        window=((-1.5, 1.5), (-1.2, 1.2)),
    )
    start = (draw.rng().uniform(0.5, 1.5), 1e-6) if draw.number else (1, 1e-6)
    path = descend(saddle, start, 0.1, steps=150)
    short = np.linalg.norm(saddle.grad(path.theta[:-1]), axis=-1) < 0.01
    first = np.argmax(short & (np.diff(path.loss) > -0.001))
    return path.loss[first] - path.loss[-1]


@claim(
    "09",
    cell="stop-early-after",
    says="Batch gradients are as long in the second epoch as in the first.",
    holds=between(0.7, 1.3),
)
def a_batch_gradient_is_never_short(draw):
    """The median length of a batch's gradient in the second epoch over that in the first"""
    line, (seed,) = draw.line(), draw.seeds(1)
    run = descend(line, (0, 0), 0.1, epochs=2, batch_size=32, seed=seed)
    batches = minibatches(line.n_examples, 32, epochs=2, seed=seed)
    lengths = [np.linalg.norm(line.grad(theta, batch)) for theta, batch in zip(run.theta, batches, strict=False)]
    return np.median(lengths[313:]) / np.median(lengths[:313])


def held_back(draw):
    """The validation loss and the accuracy, shape (rows, seeds), of a network that learns 200 digits."""
    (pixels, labels), _ = draw.digits()
    few, other = (Network(pixels[part], labels[part], hidden=16) for part in (slice(200), slice(200, 700)))
    options = {"batch_size": 10, "optimizer": Nesterov(), "record_every": 20}
    run = descend(few, few.start(draw.seeds(6)), 0.2, epochs=100, seed=draw.seeds(6), **options)
    right = [other.accuracy(theta, other.X, labels[200:700]) for theta in run.theta]
    return np.array([other.value(theta) for theta in run.theta]), np.array(right)


@claim("09", cell="stop-valid-after", says="The validation loss turns and rises.", holds=above(1.02))
def validation_loss_rises(draw):
    """The validation loss at the end over its lowest value, median of six"""
    validation, _ = held_back(draw)
    return np.median(validation[-1] / validation.min(axis=0))


@claim("09", cell="stop-valid-after", says="It turns long before half-time in most runs.", holds=below(0.35))
def validation_loss_turns_early(draw):
    """When the validation loss is lowest, as a share of the time, median of six"""
    validation, _ = held_back(draw)
    return np.median(validation.argmin(axis=0)) / len(validation)


@claim(
    "09",
    cell="stop-valid-after",
    says="The share of right answers hardly changes from there to the end.",
    holds=between(-0.015, 0.015),
)
def accuracy_hardly_changes(draw):
    """Right answers at the end, less those at the lowest validation loss, median of six"""
    validation, right = held_back(draw)
    return np.median(right[-1] - right[validation.argmin(axis=0), range(6)])
