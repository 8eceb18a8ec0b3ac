"""How true a mini-batch gradient is: the laws of notebook 04, as statistical tests with fixed seeds."""

import numpy as np
import pytest

from gdtools import plots
from gdtools.datasets import digits, flights
from gdtools.descent import descend, minibatches
from gdtools.explorers import explore_gradients
from gdtools.losses import LeastSquares, Network, bowl
from gdtools.optimizers import constant, cosine, inverse_time, step_decay

DISTANCE, AIR_TIME = flights()
LINE = LeastSquares(np.stack([np.ones_like(DISTANCE), DISTANCE / 1000], axis=1), AIR_TIME)
N = LINE.n_examples
HERE = np.array([100.0, 150.0])
TRUE = LINE.grad(HERE)
EVERY = np.arange(N)[:, np.newaxis]
ONE_FLIGHT = np.mean(np.sum((LINE.grad(HERE, EVERY) - TRUE) ** 2, axis=-1))


def errors(batch_size, sampling, n_batches=1000):
    """Mini-batch gradients minus the true one, shape (n_batches, 2)."""
    batches = (next(minibatches(N, batch_size, seed=s, sampling=sampling)) for s in range(n_batches))
    return np.array([LINE.grad(HERE, batch) - TRUE for batch in batches])


def squared_error(batch_size, sampling, n_batches=1000):
    return np.mean(np.sum(errors(batch_size, sampling, n_batches) ** 2, axis=-1))


# --- the error against B


def test_the_true_gradient_is_the_mean_over_all_examples():
    np.testing.assert_allclose(LINE.grad(HERE, EVERY).mean(axis=0), TRUE, rtol=1e-12)


def test_with_replacement_the_squared_error_falls_as_1_over_b():
    sizes = np.array([1, 4, 16, 64, 256, 1024, 4096, N])
    measured = np.array([squared_error(size, "replace") for size in sizes])
    assert np.polyfit(np.log(sizes), np.log(measured), 1)[0] == pytest.approx(-1, abs=0.05)
    np.testing.assert_allclose(measured, ONE_FLIGHT / sizes, rtol=0.15)


@pytest.mark.parametrize("batch_size", [32, 2500, 5000, 7500])
def test_without_replacement_there_is_one_more_factor(batch_size):
    law = ONE_FLIGHT / batch_size * (N - batch_size) / (N - 1)
    assert squared_error(batch_size, "shuffle") == pytest.approx(law, rel=0.15)


def test_a_shuffled_batch_of_all_examples_is_exact():
    np.testing.assert_allclose(errors(N, "shuffle", n_batches=3), 0, atol=1e-10)


def test_n_draws_with_replacement_are_not():
    assert squared_error(N, "replace", n_batches=100) == pytest.approx(ONE_FLIGHT / N, rel=0.3)


@pytest.mark.parametrize("sampling", ["replace", "shuffle"])
@pytest.mark.parametrize("batch_size", [1, 16, 256])
def test_the_mean_over_batches_is_the_true_gradient(batch_size, sampling):
    away = errors(batch_size, sampling)
    standard_error = away.std(axis=0) / np.sqrt(len(away))
    assert (np.abs(away.mean(axis=0)) < 3.5 * standard_error).all()


def test_the_mean_over_one_shuffled_epoch_of_whole_batches_is_exact():
    grads = [LINE.grad(HERE, batch) for batch in minibatches(N, 16, seed=1)]
    np.testing.assert_allclose(np.mean(grads, axis=0), TRUE, rtol=1e-12)


def test_the_law_knows_nothing_of_lines():
    network = Network(*digits(), hidden=16)
    weights = network.start(seed=0)
    true, sizes, measured = network.grad(weights), [1, 4, 16, 64], []
    for size in sizes:
        batch = np.random.default_rng(size).integers(network.n_examples, size=(200, size))
        grads = network.grad(np.tile(weights, (200, 1)), batch)
        measured.append(np.mean(np.sum((grads - true) ** 2, axis=-1)))
    assert np.polyfit(np.log(sizes), np.log(measured), 1)[0] == pytest.approx(-1, abs=0.05)


def test_every_mini_batch_step_moves_all_parameters_of_the_line():
    run = descend(LINE, (0, 0), 0.01, batch_size=1, steps=200)
    assert (np.diff(run.theta, axis=0) != 0).all()


# --- the noise ball

CURVATURE, DIRECTION = np.linalg.eigh(LINE.hessian)
VARIANCE = np.mean((LINE.grad(LINE.minimiser, EVERY) @ DIRECTION) ** 2, axis=0)


def ball(rate, batch_size, sampling="replace"):
    """The variance along the flat and the steep direction, over 200 runs and the last 200 of 600 updates."""
    options = {"batch_size": batch_size, "sampling": sampling, "seed": range(200)}
    run = descend(LINE, LINE.minimiser, rate, steps=600, **options)
    return np.mean(((run.theta[-200:] - LINE.minimiser) @ DIRECTION) ** 2, axis=(0, 1))


@pytest.mark.parametrize(("rate", "batch_size"), [(0.1, 32), (0.05, 32), (0.1, 64), (0.2, 32)])
def test_the_ball_has_the_variance_of_the_law(rate, batch_size):
    law = rate * VARIANCE / (batch_size * CURVATURE * (2 - rate * CURVATURE))
    np.testing.assert_allclose(ball(rate, batch_size), law, rtol=0.15)


def test_half_the_rate_or_twice_the_batch_halves_the_ball():
    whole = ball(0.1, 32)
    np.testing.assert_allclose(ball(0.1, 64) / whole, 0.5, rtol=0.15)
    assert ball(0.05, 32)[0] / whole[0] == pytest.approx(0.5, rel=0.15)


def test_full_batch_descent_stays_at_the_minimum():
    np.testing.assert_allclose(descend(LINE, LINE.minimiser, 0.1, steps=100).theta[-1], LINE.minimiser)


def test_shuffled_epochs_make_a_smaller_ball():
    assert (ball(0.05, 32, "shuffle") < 0.85 * ball(0.05, 32))[0]


# --- schedules


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        (constant(0.2), {1: 0.2, 1000: 0.2}),
        (inverse_time(0.2, half_after=10), {1: 0.2, 11: 0.1, 31: 0.05, 91: 0.02}),
        (step_decay(0.2, every=10), {1: 0.2, 10: 0.2, 11: 0.1, 20: 0.1, 21: 0.05}),
        (step_decay(0.2, every=3, factor=0.1), {3: 0.2, 4: 0.02, 7: 0.002}),
        (cosine(0.2, steps=10), {1: 0.2, 6: 0.1, 11: 0, 1000: 0}),
        (cosine(0.2, steps=3), {2: 0.15, 3: 0.05}),
    ],
    ids="constant|1/t|step|step of a tenth|cosine|cosine of three".split("|"),
)
def test_the_rate_at_an_update(schedule, rates):
    for update, rate in rates.items():
        assert schedule(update) == pytest.approx(rate, abs=1e-15)


SCHEDULES = {
    "constant": constant,
    "1/t": lambda rate: inverse_time(rate, half_after=20),
    "step": lambda rate: step_decay(rate, every=20),
    "cosine": lambda rate: cosine(rate, steps=100),
}


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)
def test_a_schedule_never_rises_and_takes_many_rates_at_once(make):
    rates = [float(make(0.3)(update)) for update in range(1, 120)]
    assert rates[0] == 0.3
    assert (np.diff(rates) <= 0).all()
    np.testing.assert_allclose(make([0.1, 0.3])(50), [rates[49] / 3, rates[49]])


@pytest.mark.parametrize("make", SCHEDULES.values(), ids=SCHEDULES)
@pytest.mark.parametrize("rate", [-0.1, np.nan, np.inf, "fast", None])
def test_a_schedule_refuses_a_bad_rate(make, rate):
    with pytest.raises(ValueError, match="learning_rate must be"):
        make(rate)


@pytest.mark.parametrize("number", [0, -1, 2.5, True, None])
def test_a_schedule_refuses_a_bad_number_of_updates(number):
    with pytest.raises(ValueError, match="half_after must be"):
        inverse_time(0.1, half_after=number)
    with pytest.raises(ValueError, match="every must be"):
        step_decay(0.1, every=number)
    with pytest.raises(ValueError, match="steps must be"):
        cosine(0.1, steps=number)


@pytest.mark.parametrize("factor", [-0.5, np.nan])
def test_step_decay_refuses_a_bad_factor(factor):
    with pytest.raises(ValueError, match="factor must be"):
        step_decay(0.1, every=10, factor=factor)


def test_descend_takes_the_first_rate_at_the_first_update():
    run = descend(bowl(1, 1), (1, 1), step_decay(0.4, every=1), steps=3)
    np.testing.assert_allclose(run.theta[:, 0], [1, 0.2, 0.12, 0.096])


def test_schedules_end_the_wandering():
    above = {}
    for name, make in SCHEDULES.items():
        options = {"batch_size": 32, "sampling": "replace", "seed": range(32), "record_every": 400}
        stretched = cosine(0.2, 400) if name == "cosine" else make(0.2)
        above[name] = np.median(descend(LINE, (0, 0), stretched, steps=400, **options).loss[-1] - LINE.floor)
    assert min(above, key=above.get) == "cosine"
    assert above["cosine"] < above["constant"] / 10


# --- the explorer

FEW = LeastSquares([[1, 0], [1, 1], [1, 2], [1, 4]], [1, 3, 6, 7])


def thin_and_thick(explorer, frame):
    """The tips of the mini-batch steps that can be seen at a frame, and those of the thick line."""
    dots = [np.column_stack(track.at(frame, 0)) for track in explorer.live.tracks if track.dot == 2.5]
    (thick,) = [np.column_stack(track.at(frame, 0)) for track in explorer.live.tracks if track.width == 4]
    seen = [tips for tips in dots if not np.isnan(tips).any()]
    return seen, thick


def test_at_each_batch_size_there_are_its_steps_and_the_true_one(undrawn):
    theta, rate = np.array([0.5, 1.0]), FEW.largest_stable_rate / 2
    explorer = explore_gradients(FEW, theta, [1, 2, 4], n_batches=7)
    assert explorer.live._labels == ["1", "2", "4"]
    subsets = {1: [[i] for i in range(4)], 2: [[i, j] for i in range(4) for j in range(i)], 4: [range(4)]}
    for frame, size in enumerate([1, 2, 4]):
        (tips,), thick = thin_and_thick(explorer, frame)
        possible = theta - rate * np.array([FEW.grad(theta, list(batch)) for batch in subsets[size]])
        distance = np.linalg.norm(tips[:, None] - possible, axis=-1)
        assert tips.shape == (7, 2)
        np.testing.assert_allclose(distance.min(axis=1), 0, atol=1e-12)
        np.testing.assert_allclose(thick, [theta, theta - rate * FEW.grad(theta)])


def test_the_batch_sizes_have_the_colours_of_their_methods(undrawn):
    explorer = explore_gradients(FEW, (0, 0), [1, 2, 3, 4])
    for frame, color in enumerate([plots.SGD, plots.MINI_BATCH, plots.MINI_BATCH, plots.FULL_BATCH]):
        thin = [
            track for track in explorer.live.tracks if track.width == 1 and np.isfinite(track.at(frame, 0)[0]).any()
        ]
        assert [track.color for track in thin] == [color]


def test_the_words_tell_the_measured_distance(undrawn):
    sizes = [16, 256, 4096, N]
    explorer = explore_gradients(LINE, HERE, sizes)
    told = [float(words.split("gradients, ")[1].split()[0]) for words in explorer.live._words]
    np.testing.assert_allclose(told[:2], np.sqrt(ONE_FLIGHT / np.array(sizes[:2])), rtol=0.25)
    assert told[3] == 0
    assert all(f"length {np.linalg.norm(TRUE):.3g}." in words for words in explorer.live._words)


def test_a_click_or_a_number_moves_the_place(undrawn):
    explorer = explore_gradients(FEW, (0, 0), [1, 4])
    live, boxes = explorer.live, explorer.children[1].children
    assert [box.description for box in boxes] == ["at intercept", "at slope"]
    across, up = live.click.transData.transform([1, 1.5])
    live._handle_custom_msg({"point": [across, live._size[1] - up]}, [])
    assert thin_and_thick(explorer, 0)[1][0] == pytest.approx([1, 1.5], abs=0.01)
    boxes[0].value = 0.5
    assert thin_and_thick(explorer, 0)[1][0] == pytest.approx([0.5, 1.5], abs=0.01)


def test_the_same_seed_gives_the_same_cloud(undrawn):
    one, same, other = (thin_and_thick(explore_gradients(LINE, HERE, [8], seed=s), 0)[0][0] for s in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"loss": bowl(1, 4)}, "loss must be a LeastSquares"),
        ({"loss": LeastSquares(np.eye(3), [1, 2, 3], names="abc")}, "loss must be"),
        ({"theta": (1, 2, 3)}, "theta must be"),
        ({"theta": [(1, 2)]}, "theta must be"),
        ({"theta": (np.nan, 0)}, "theta must be"),
        ({"batch_sizes": [0, 1]}, "batch_sizes must be a whole number from 1 to 4, but it is 0"),
        ({"batch_sizes": [1, 5]}, "batch_sizes must be"),
        ({"batch_sizes": [1.5]}, "batch_sizes must be"),
        ({"batch_sizes": []}, "batch_sizes must be"),
        ({"n_batches": 0}, "n_batches must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 0.5}, "seed must be"),
        ({"seed": [1, 2]}, "seed must be"),
    ],
)
def test_bad_input_is_refused(undrawn, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        explore_gradients(**{"loss": FEW, "theta": (0, 0), "batch_sizes": [1, 2], **options})
