"""The loop: against the closed form, against a textbook loop, one run against many; and what a trajectory remembers."""

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdtools.descent import descend, minibatches, updates_per_epoch
from gdtools.losses import LeastSquares, Quadratic, Surface, bowl
from gdtools.optimizers import GradientDescent, Momentum

pytestmark = pytest.mark.filterwarnings("error")

TOY = bowl(1, 4)
RNG = np.random.default_rng(0)
X = np.column_stack([np.ones(10), RNG.normal(size=10)])
Y = X @ [1, 2] + RNG.normal(size=10)
DATA = LeastSquares(X, Y)

samplings = st.sampled_from(["shuffle", "replace"])
seeds = st.integers(0, 2**32)


@st.composite
def epochs_of_batches(draw):
    n_examples = draw(st.integers(1, 40))
    return n_examples, draw(st.integers(1, n_examples)), draw(st.integers(1, 4))


# --- minibatches


@given(epochs_of_batches(), seeds)
def test_an_epoch_visits_each_example_exactly_once_and_only_its_last_batch_is_short(case, seed):
    n_examples, batch_size, epochs = case
    batches = list(minibatches(n_examples, batch_size, epochs=epochs, seed=seed))
    per_epoch = updates_per_epoch(n_examples, batch_size)
    assert len(batches) == epochs * per_epoch
    for epoch in range(epochs):
        batch_sizes = [len(batch) for batch in batches[epoch * per_epoch : (epoch + 1) * per_epoch]]
        assert batch_sizes == [batch_size] * (per_epoch - 1) + [n_examples - batch_size * (per_epoch - 1)]
        visited = np.concatenate(batches[epoch * per_epoch : (epoch + 1) * per_epoch])
        assert sorted(visited) == list(range(n_examples))


@given(epochs_of_batches(), seeds, samplings)
def test_drop_last_leaves_out_the_short_batch_and_nothing_else(case, seed, sampling):
    n_examples, batch_size, epochs = case
    options = {"epochs": epochs, "seed": seed, "sampling": sampling}
    full = [b for b in minibatches(n_examples, batch_size, **options) if len(b) == batch_size]
    dropped = list(minibatches(n_examples, batch_size, drop_last=True, **options))
    assert len(dropped) == epochs * updates_per_epoch(n_examples, batch_size, drop_last=True)
    np.testing.assert_array_equal(dropped, full)


@given(epochs_of_batches(), st.lists(seeds, min_size=1, max_size=4), samplings, st.booleans())
def test_row_i_of_many_seeds_is_seed_i_alone(case, many, sampling, drop_last):
    n_examples, batch_size, epochs = case
    options = {"epochs": epochs, "sampling": sampling, "drop_last": drop_last}
    together = list(minibatches(n_examples, batch_size, seed=many, **options))
    for i, seed in enumerate(many):
        alone = list(minibatches(n_examples, batch_size, seed=seed, **options))
        assert len(alone) == len(together)
        for rows, batch in zip(together, alone, strict=True):
            np.testing.assert_array_equal(rows[i], batch)


@given(epochs_of_batches(), seeds)
def test_with_replacement_batches_have_the_same_sizes_and_hold_examples_only(case, seed):
    n_examples, batch_size, epochs = case
    shuffled = minibatches(n_examples, batch_size, epochs=epochs)
    drawn = list(minibatches(n_examples, batch_size, epochs=epochs, seed=seed, sampling="replace"))
    assert [len(b) for b in drawn] == [len(b) for b in shuffled]
    assert all(b.dtype.kind == "i" and 0 <= b.min() <= b.max() < n_examples for b in drawn)


def test_with_replacement_examples_are_missed_and_repeated_evenly_in_the_long_run():
    counts = np.bincount(np.concatenate(list(minibatches(100, 10, epochs=1000, sampling="replace"))), minlength=100)
    assert len(set(np.concatenate(list(minibatches(100, 10, sampling="replace"))))) < 80
    assert counts.mean() == 1000
    assert counts.std() == pytest.approx(np.sqrt(1000 * 0.99), rel=0.25)


def test_every_place_in_an_epoch_is_equally_likely_for_an_example():
    places = [np.concatenate(list(minibatches(5, 2, seed=seed))).tolist().index(0) for seed in range(2000)]
    np.testing.assert_allclose(np.bincount(places), 400, atol=80)


@pytest.mark.parametrize("sampling", ["shuffle", "replace"])
def test_each_epoch_has_a_new_order(sampling):
    orders = [b.tolist() for b in minibatches(100, 100, epochs=5, sampling=sampling)]
    assert len({tuple(order) for order in orders}) == 5


@pytest.mark.parametrize("sampling", ["shuffle", "replace"])
def test_the_seed_alone_decides_the_batches(sampling):
    once, again, other = (list(minibatches(100, 7, seed=s, sampling=sampling)) for s in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(once, again, strict=True))
    assert any((a != b).any() for a, b in zip(once, other, strict=True))


def test_minibatches_leaves_numpys_global_generator_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    list(minibatches(10, 3))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_bad_argument_is_refused_by_the_call_and_not_by_the_first_batch():
    with pytest.raises(ValueError, match="batch_size"):
        minibatches(10, 11)


@pytest.mark.parametrize(
    ("n_examples", "batch_size", "updates", "dropped"),
    [(10_000, 10_000, 1, 1), (10_000, 32, 313, 312), (10_000, 1, 10_000, 10_000), (10, 4, 3, 2), (12, 4, 3, 3)],
)
def test_updates_per_epoch_is_the_number_of_batches(n_examples, batch_size, updates, dropped):
    assert updates_per_epoch(n_examples, batch_size) == updates
    assert updates_per_epoch(n_examples, batch_size, drop_last=True) == dropped
    assert len(list(minibatches(n_examples, batch_size))) == updates
    assert len(list(minibatches(n_examples, batch_size, drop_last=True))) == dropped


# --- descend: the numbers


@given(
    curvatures=st.lists(st.floats(0.01, 10), min_size=1, max_size=4),
    furthest=st.floats(0.01, 1.3),
    steps=st.integers(1, 30),
    seed=seeds,
)
def test_on_a_bowl_each_eigendirection_is_multiplied_by_one_minus_eta_lambda(curvatures, furthest, steps, seed):
    rng, d = np.random.default_rng(seed), len(curvatures)
    directions = np.linalg.qr(rng.normal(size=(d, d)))[0]
    hessian = directions @ np.diag(curvatures) @ directions.T
    minimiser, start = rng.normal(size=(2, d))
    rate = 2 * furthest / max(curvatures)
    run = descend(Quadratic((hessian + hessian.T) / 2, minimiser), start, rate, steps=steps)

    k = np.arange(steps + 1)[:, None]
    expected = (start - minimiser) @ directions * (1 - rate * np.array(curvatures)) ** k
    away = (run.theta - minimiser) @ directions
    np.testing.assert_allclose(away, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    np.testing.assert_allclose(run.loss, 0.5 * expected**2 @ curvatures, rtol=1e-8, atol=1e-12 * run.loss.max())


@given(epochs_of_batches(), seeds, samplings, st.booleans())
def test_descend_takes_the_updates_of_a_textbook_loop(case, seed, sampling, drop_last):
    _, batch_size, epochs = case
    batch_size = 1 + batch_size % 10
    options = {"epochs": epochs, "batch_size": batch_size, "seed": seed, "sampling": sampling, "drop_last": drop_last}
    run = descend(DATA, (0, 0), 0.05, **options)
    theta, rows = np.zeros(2), [np.zeros(2)]
    for batch in minibatches(10, **options):
        residual = X[batch] @ theta - Y[batch]
        theta = theta - 0.05 * 2 * X[batch].T @ residual / len(batch)
        rows.append(theta)
    np.testing.assert_allclose(run.theta, rows, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run.loss, [np.mean((X @ row - Y) ** 2) for row in rows], rtol=1e-9)


def test_a_batch_of_all_examples_is_full_batch_descent():
    full, batch = (descend(DATA, (0, 0), 0.1, epochs=20, batch_size=size) for size in (None, 10))
    np.testing.assert_allclose(batch.theta, full.theta)
    np.testing.assert_array_equal(batch.examples, full.examples)


def test_without_a_batch_size_the_seed_changes_nothing():
    one, other = (descend(DATA, (0, 0), 0.1, steps=9, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(one.theta, other.theta)


def test_the_seed_alone_decides_a_stochastic_run():
    once, again, other = (descend(DATA, (0, 0), 0.1, epochs=2, batch_size=3, seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(once.theta, again.theta)
    assert (once.theta[1:] != other.theta[1:]).all()


def test_the_optimizer_turns_the_gradient_into_a_step():
    class Counting(GradientDescent):
        def init(self, theta):
            return 0

        def update(self, theta, grad, learning_rate, state):
            return theta - (state + 1) * learning_rate * np.sign(grad), state + 1

    run = descend(TOY, (4, 2), 0.5, steps=3, optimizer=Counting())
    assert run.theta.tolist() == [[4, 2], [3.5, 1.5], [2.5, 0.5], [1, -1]]


# --- descend: many runs in one call

STARTS = RNG.normal(size=(4, 1, 1, 2))
RATES = np.array([[0.01], [0.1], [0.3]])
SEEDS = [5, 0]


@pytest.mark.parametrize(
    ("start", "rate", "seed", "runs"),
    [
        (STARTS[:, 0, 0], 0.1, 7, (4,)),
        (STARTS[0, 0, 0], RATES[:, 0], 7, (3,)),
        (STARTS[0, 0, 0], 0.1, SEEDS, (2,)),
        (STARTS[0, 0, 0], RATES, SEEDS, (3, 2)),
        (STARTS[:, 0], 0.1, SEEDS, (4, 2)),
        (STARTS, RATES, 7, (4, 3, 1)),
        (STARTS, RATES, SEEDS, (4, 3, 2)),
    ],
    ids="starts|rates|seeds|rates and seeds|starts and seeds|starts and rates|all together".split("|"),
)
@pytest.mark.parametrize("options", [{"steps": 6}, {"epochs": 2, "batch_size": 4, "record_every": 3}], ids=str)
def test_one_run_of_many_is_the_run_alone(start, rate, seed, runs, options):
    many = descend(DATA, start, rate, seed=seed, **options)
    assert many.theta.shape == (len(many.updates), *runs, 2)
    assert many.loss.shape == (len(many.updates), *runs)
    starts, rates, own = np.broadcast_to(start, (*runs, 2)), np.broadcast_to(rate, runs), np.broadcast_to(seed, runs)
    for run in np.ndindex(runs):
        alone = descend(DATA, starts[run], rates[run], seed=int(own[run]), **options)
        np.testing.assert_allclose(many.theta[:, *run], alone.theta, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(many.loss[:, *run], alone.loss, rtol=1e-10)


# --- descend: functions that mix runs


def surface(value, grad):
    return Surface(value, grad, window=((-3, 3), (-3, 3)))


def ellipse(w):
    return w[..., 0] ** 2 + 4 * w[..., 1] ** 2


def slope(w):
    return w * [2, 8]


OF_ONE_POINT = {
    "an array of coordinates": lambda w: np.array([2 * w[0], 8 * w[1]]),
    "the other coordinate": lambda w: np.array([w[1], w[0]]),
    "the length of all": lambda w: w / np.linalg.norm(w),
    "a condition": lambda w: slope(w) if w[0] > 0 else -slope(w),
    "math": lambda w: np.array([2 * math.sin(w[0]), w[1]]),
}


@pytest.mark.parametrize("grad", OF_ONE_POINT.values(), ids=OF_ONE_POINT)
@pytest.mark.parametrize("start", [(2.0, 1.0), (1.0, 1.0), np.ones((2, 2, 2)), np.ones((3, 2, 2))], ids=np.shape)
def test_a_gradient_of_one_point_is_refused_for_several_runs_in_words(grad, start):
    with pytest.raises(ValueError, match=r"loss\.grad must be .*each run.*leading axes are runs: theta\[\.\.\., 0\]"):
        descend(surface(ellipse, grad), start, [0.1, 0.05], steps=3)


@pytest.mark.parametrize("grad", OF_ONE_POINT.values(), ids=OF_ONE_POINT)
def test_a_gradient_of_one_point_is_welcome_for_a_single_run(grad):
    assert descend(surface(ellipse, grad), (2.0, 1.0), 0.1, steps=3).theta.shape == (4, 2)


@pytest.mark.parametrize(
    "value",
    [lambda w: w[0] ** 2 + 4 * w[1] ** 2, lambda w: np.sum(w**2), lambda w: w @ w, lambda w: np.linalg.norm(w)],
    ids=["coordinates", "sum", "product", "length"],
)
def test_a_value_of_one_point_is_refused_where_several_runs_ask_for_their_loss(value):
    run = descend(surface(value, slope), (2.0, 1.0), [0.1, 0.05], steps=3)
    with pytest.raises(ValueError, match=r"loss\.value must be .*leading axes are runs"):
        run.updates_to(1)
    assert descend(surface(value, slope), (2.0, 1.0), 0.1, steps=3).loss.shape == (4,)


def test_a_gradient_of_one_axis_of_runs_is_refused_for_two():
    one_axis = surface(ellipse, lambda w: np.stack([2 * w[:, 0], 8 * w[:, 1]], axis=-1) if w.ndim > 1 else slope(w))
    assert descend(one_axis, [(2.0, 1.0)] * 2, 0.1, steps=3).theta.shape == (4, 2, 2)
    with pytest.raises(ValueError, match="leading axes are runs"):
        descend(one_axis, np.ones((2, 2, 2)), 0.1, steps=3)


class ByTheLengthOfAll(GradientDescent):
    def update(self, theta, grad, learning_rate, state):
        return theta - learning_rate * grad / max(1, np.linalg.norm(grad)), state


class RemembersInItself(GradientDescent):
    def init(self, theta):
        self.velocity, self.updates = np.zeros_like(theta), getattr(self, "updates", 0)

    def update(self, theta, grad, learning_rate, state):
        self.velocity, self.updates = 0.5 * self.velocity + grad, self.updates + 1
        return theta - learning_rate * self.velocity, state


class CutsAt(GradientDescent):
    def __init__(self, most):
        self.most = most

    def update(self, theta, grad, learning_rate, state):
        return theta - learning_rate * grad * min(1, self.most / np.linalg.norm(grad)), state


class StopsWhenAllAreFlat(GradientDescent):
    def update(self, theta, grad, learning_rate, state):
        return theta - learning_rate * grad * (np.linalg.norm(grad) > 0.07), state


@pytest.mark.parametrize("optimizer", [ByTheLengthOfAll(), CutsAt(1), CutsAt(1e5), CutsAt(1e8), StopsWhenAllAreFlat()])
def test_an_optimizer_that_mixes_runs_is_refused_in_words(optimizer):
    assert descend(TOY, (4, 2), 0.1, steps=3, optimizer=optimizer).theta.shape == (4, 2)
    with pytest.raises(ValueError, match=r"optimizer\.update must be .*leading axes are runs"):
        descend(TOY, (4, 2), [0.1, 0.2], steps=3, optimizer=optimizer)


def test_an_optimizer_that_keeps_its_state_in_itself_is_not_disturbed():
    impure = RemembersInItself()
    run = descend(TOY, (4, 2), [0.1, 0.2], steps=3, optimizer=impure)
    assert impure.updates == 3
    np.testing.assert_allclose(run.theta, descend(TOY, (4, 2), [0.1, 0.2], steps=3, optimizer=Momentum(0.5)).theta)


def test_a_value_of_another_shape_than_the_runs_is_refused():
    column = surface(lambda w: w[..., :1] ** 2, slope)
    for start in ((2.0, 1.0), [(2.0, 1.0)] * 3):
        with pytest.raises(ValueError, match=r"loss\.value\(theta\) must be of shape .* one number for each run"):
            descend(column, start, 0.1, steps=3).updates_to(1)


def noise(w):
    return slope(w) + RNG.normal(size=w.shape)


def several_only(w):
    return np.stack([2 * w[:, 0], 8 * w[:, 1]], axis=1)


@pytest.mark.parametrize("grad", [slope, noise, several_only, lambda w: np.where(w > 0, np.log(w), 1 / w)])
def test_whatever_takes_each_run_by_itself_is_welcome(grad):
    run = descend(surface(ellipse, grad), [(2.0, 1.0), (-1e-9, 1e300), (0, -0.0)], 0.1, steps=3)
    assert run.theta.shape == (4, 3, 2) and run.loss.shape == (4, 3)


# --- descend: rows, updates, examples, epochs


@given(epochs_of_batches(), st.integers(1, 50), st.booleans())
def test_a_trajectory_counts_updates_examples_and_epochs_and_record_every_only_thins_it(case, every, drop_last):
    n_examples, batch_size, epochs = case
    loss = LeastSquares(np.ones((n_examples, 1)), np.arange(n_examples), names=["mean"])
    options = {"epochs": epochs, "batch_size": batch_size, "drop_last": drop_last}
    all_rows = descend(loss, [0], 0.1, **options)
    thinned = descend(loss, [0], 0.1, record_every=every, **options)

    used = np.cumsum([0] + [len(batch) for batch in minibatches(n_examples, **options)])
    np.testing.assert_array_equal(all_rows.updates, np.arange(len(used)))
    np.testing.assert_array_equal(all_rows.examples, used)
    np.testing.assert_allclose(all_rows.epochs, used / n_examples)

    total = len(used) - 1
    assert thinned.updates.tolist() == [*range(0, total, every), total]
    for name in ("theta", "examples", "epochs", "loss"):
        np.testing.assert_array_equal(getattr(thinned, name), getattr(all_rows, name)[thinned.updates])


@pytest.mark.parametrize("batch_size", [None, 1, 4, 10])
def test_two_epochs_are_as_many_steps_and_fewer_steps_are_their_beginning(batch_size):
    epochs = descend(DATA, (0, 0), 0.1, epochs=2, batch_size=batch_size)
    n_updates = 2 * updates_per_epoch(10, batch_size or 10)
    for steps in {1, n_updates // 2 + 1, n_updates}:
        run = descend(DATA, (0, 0), 0.1, steps=steps, batch_size=batch_size)
        np.testing.assert_array_equal(run.theta, epochs.theta[: steps + 1])
        np.testing.assert_array_equal(run.examples, epochs.examples[: steps + 1])


def test_without_data_there_are_updates_but_no_examples_and_no_epochs():
    run = descend(TOY, (4, 2), 0.1, steps=3)
    assert run.updates.tolist() == [0, 1, 2, 3]
    assert run.examples is None
    assert run.epochs is None


def test_the_start_is_the_first_row_and_the_callers_array_is_left_as_it_is():
    start = np.array([4.0, 2.0])
    run = descend(TOY, start, 0.1, steps=3)
    assert start.tolist() == run.theta[0].tolist() == [4, 2]
    assert not np.shares_memory(start, run.theta)


def test_a_trajectory_is_frozen_and_says_what_it_holds():
    run = descend(TOY, np.ones((5, 2)), 0.1, steps=3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.theta = None
    assert repr(run) == "Trajectory(3 updates, runs (5,), d = 2)"
    assert repr(descend(TOY, (4, 2), 0.1, steps=3)) == "Trajectory(3 updates, d = 2)"


# --- descend: schedules


def test_a_schedule_gives_the_rate_of_each_update_from_the_first_on():
    run = descend(TOY, (4, 2), lambda update: 1 / (8 * update), steps=4)
    theta = np.array([4.0, 2.0])
    for update, row in enumerate(run.theta[1:], start=1):
        theta = theta - 1 / (8 * update) * np.array([2, 8]) * theta
        np.testing.assert_allclose(row, theta)


def test_a_schedule_may_give_a_rate_for_each_run():
    rates = np.array([0.05, 0.1, 0.2])
    scheduled, constant = (descend(TOY, (4, 2), rate, steps=5) for rate in (lambda update: rates, rates))
    np.testing.assert_array_equal(scheduled.theta, constant.theta)


@pytest.mark.parametrize("later", [[0.1, 0.2, 0.3], [[0.1], [0.2]]], ids=str)
def test_a_schedule_that_begins_with_one_rate_may_not_go_on_with_several(later):
    with pytest.raises(ValueError, match="learning_rate must be of shape .* at every update, as at the first"):
        descend(TOY, (4, 2), lambda update: 0.1 if update < 3 else later, steps=5)


def test_a_rate_too_large_for_single_precision_diverges():
    run = descend(TOY, np.array([4, 2], np.float32), 1e39, steps=2)
    assert np.isinf(run.theta[-1]).all()


# --- descend: divergence


@pytest.mark.parametrize("loss", [TOY, Quadratic([[5, 2], [2, 3]]), DATA], ids=["bowl", "rotated", "data"])
@pytest.mark.parametrize("batch_size", [None, 3])
def test_a_diverging_run_ends_at_infinity_without_nan_or_warning_and_leaves_the_others_alone(loss, batch_size):
    if batch_size and not loss.n_examples:
        batch_size = None
    options = {"steps": 400, "batch_size": batch_size}
    run = descend(loss, (4, 2), [0.01, 50], **options)
    assert np.isposinf(np.abs(run.theta[-1, 1])).any()
    assert run.loss[-1, 1] == np.inf
    assert not np.isnan(run.theta).any()
    assert not np.isnan(run.loss).any()
    assert (np.diff(np.isinf(run.loss[:, 1]).astype(int)) >= 0).all()
    np.testing.assert_allclose(run.theta[:, 0], descend(loss, (4, 2), 0.01, **options).theta)


# --- updates_to


def test_updates_to_is_the_first_recorded_update_at_or_below_the_target():
    run = descend(TOY, (4, 2), 0.1, steps=60)
    for target in (32, 10.9, 1e-3):
        first = next(update for update, loss in enumerate(run.loss) if loss <= target)
        assert run.updates_to(target) == first
    assert run.updates_to(run.loss[7]) == 7
    assert run.updates_to(-1) == np.inf


def test_to_touch_a_target_is_not_to_stay_below_it():
    run = descend(TOY, (4, 2), [[0.1], [0.2], [0.3]], steps=200, optimizer=Momentum(0.9))
    touched, stayed = run.updates_to(1e-3), run.stays_below(1e-3)
    assert touched.shape == stayed.shape == (3, 1)
    for loss, first, last in zip(np.moveaxis(run.loss, 0, -1).reshape(3, -1), touched.flat, stayed.flat, strict=True):
        assert first < last and (loss[int(last) :] <= 1e-3).all() and loss[int(last) - 1] > 1e-3
    assert run.stays_below(1e9).tolist() == [[0]] * 3
    assert run.stays_below(-1).tolist() == [[np.inf]] * 3
    assert descend(TOY, (4, 2), 0.1, steps=60).stays_below(1e-3) == descend(TOY, (4, 2), 0.1, steps=60).updates_to(1e-3)


def test_updates_to_answers_for_each_run_and_counts_updates_not_rows():
    rates = [0.1, 0.2, 0.3]
    run = descend(TOY, (4, 2), rates, steps=60)
    thinned = descend(TOY, (4, 2), rates, steps=60, record_every=10)
    alone = [descend(TOY, (4, 2), rate, steps=60).updates_to(1e-3) for rate in rates]
    assert run.updates_to(1e-3).tolist() == alone
    assert alone[2] == np.inf
    assert thinned.updates_to(1e-3).tolist() == [np.ceil(k / 10) * 10 for k in alone]


def test_updates_to_may_fall_again_after_a_rise():
    run = descend(TOY, (4, 2), lambda update: 0.3 if update < 3 else 0.1, steps=40)
    assert any(after > before for before, after in pairwise(run.loss))
    assert 3 < run.updates_to(1) < np.inf


def test_stays_below_waits_for_the_last_time_that_the_loss_is_above():
    run = descend(TOY, (4, 2), lambda update: 0.8 if 10 < update < 20 else 0.1, steps=60)
    above = [update for update, loss in enumerate(run.loss) if loss > 1]
    assert run.updates_to(1) < run.stays_below(1) == above[-1] + 1
    assert run.stays_below(-1) == np.inf
    rates = [0.1, 0.2, 0.3]
    runs = descend(TOY, (4, 2), rates, steps=60)
    alone = [descend(TOY, (4, 2), rate, steps=60).stays_below(1e-3) for rate in rates]
    assert runs.stays_below(1e-3).tolist() == alone == [*runs.updates_to(1e-3)[:2], np.inf]


def test_a_run_that_has_left_all_numbers_has_an_infinite_loss_and_no_other():
    tilted = Quadratic([[2, -1.9], [-1.9, 2]])
    loss = descend(tilted, (3, -4), [10, 0.1], steps=400).loss
    assert np.isposinf(loss[-1, 0]) and np.isfinite(loss[-1, 1])
    assert (loss > 0).all()


@pytest.mark.parametrize("target", ["1", np.nan, None, [1, 2], True])
def test_a_target_that_is_no_number_is_refused(target):
    run = descend(TOY, (4, 2), 0.1, steps=3)
    for find in (run.updates_to, run.stays_below):
        with pytest.raises(ValueError, match="target must be a number, or one for each run, but it is"):
            find(target)


def test_a_target_may_be_another_for_each_run():
    run = descend(TOY, (4, 2), [0.1, 0.2], steps=30)
    targets = [1, 0.01]
    expected = [
        descend(TOY, (4, 2), rate, steps=30).updates_to(one) for rate, one in zip([0.1, 0.2], targets, strict=True)
    ]
    np.testing.assert_array_equal(run.updates_to(targets), expected)


def test_a_loss_that_was_not_made_is_refused():
    with pytest.raises(ValueError, match="loss must be an object with grad"):
        descend(LeastSquares, (0, 0), 0.1, steps=3)


@pytest.mark.parametrize(
    "made", [lambda theta, state: theta, lambda theta, state: None, lambda theta, state: (theta, state, 0)]
)
def test_an_update_that_returns_no_pair_is_refused(made):
    class Single(GradientDescent):
        def update(self, theta, grad, learning_rate, state):
            return made(theta - learning_rate * grad, state)

    with pytest.raises(ValueError, match=r"optimizer\.update\(\.\.\.\) must be two things"):
        descend(TOY, (4, 2), 0.1, steps=3, optimizer=Single())
