"""Losses: gradients against differences, leading axes against loops, bowls against what defines them."""

import re
from copy import copy
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gdtools.datasets import digits
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Network, Quadratic, SineFit, Surface, bowl, rosenbrock

RNG = np.random.default_rng(0)
TOY = bowl(1, 4)
TABLE, TARGET = RNG.normal(size=(7, 3)), RNG.normal(size=7)
ROTATED = Quadratic([[5, 2, 0], [2, 3, 1], [0, 1, 4]], minimiser=[1, -2, 0.5], floor=7)
REGRESSION = LeastSquares(TABLE, TARGET, names=("a", "b", "c"))
LINE = LeastSquares([[1, 0], [1, 1], [1, 2], [1, 4]], [1, 3, 4, 10])
SINE = SineFit(RNG.uniform(-3, 3, size=8), RNG.normal(size=8))
NETWORK = Network(RNG.normal(size=(6, 4)), [0, 2, 1, 1, 0, 2], hidden=3)
SADDLE = Surface(
    lambda w: w[..., 0] ** 2 - w[..., 1] ** 2 + w[..., 1] ** 4,
    lambda w: np.stack([2 * w[..., 0], -2 * w[..., 1] + 4 * w[..., 1] ** 3], axis=-1),
    window=((-1, 1), (-1.5, 1.5)),
)
BOWLS = {"toy": TOY, "rotated": ROTATED, "line": LINE, "regression": REGRESSION}
DATA = {"line": LINE, "regression": REGRESSION, "sine": SINE, "network": NETWORK}

SURFACES = {"saddle": SADDLE, "rosenbrock": rosenbrock()}

every_loss = pytest.mark.parametrize("loss", (every := BOWLS | DATA | SURFACES).values(), ids=every)
every_bowl = pytest.mark.parametrize("loss", BOWLS.values(), ids=BOWLS)
every_data_loss = pytest.mark.parametrize("loss", DATA.values(), ids=DATA)
every_shape = pytest.mark.parametrize("runs", [(), (3,), (2, 3)], ids=str)


def random_theta(loss, runs, seed=1):
    return np.random.default_rng(seed).normal(scale=2, size=(*runs, loss.d))


def central_differences(value, theta, h=1e-4):
    steps = h * np.eye(theta.shape[-1])
    return (value(theta[..., None, :] + steps) - value(theta[..., None, :] - steps)) / (2 * h)


def value_over(loss, batch):
    """The value of the same loss, had it these examples only."""
    if isinstance(loss, LeastSquares):
        return LeastSquares(loss.X[batch], loss.y[batch], loss.names).value
    part = copy(loss)
    part.X, part.y = loss.X[batch], loss.y[batch]
    return part.value


@every_loss
@every_shape
def test_the_gradient_is_the_slope_of_the_value(loss, runs):
    theta = random_theta(loss, runs)
    np.testing.assert_allclose(loss.grad(theta), central_differences(loss.value, theta), rtol=1e-6, atol=1e-5)


@every_data_loss
@pytest.mark.parametrize("batch", [[2], [0, 3], [3, 1, 0], [1, 1, 2]], ids=str)
def test_a_batch_gradient_is_the_slope_of_the_loss_over_these_examples_alone(loss, batch):
    theta = random_theta(loss, ())
    expected = central_differences(value_over(loss, batch), theta)
    np.testing.assert_allclose(loss.grad(theta, batch), expected, rtol=1e-6, atol=1e-6)


@every_data_loss
@every_shape
@pytest.mark.parametrize("batch", [[2], [3, 1, 0], [1, 1, 2]], ids=str)
def test_a_batch_gradient_is_the_mean_of_its_examples_gradients(loss, runs, batch):
    theta = random_theta(loss, runs)
    each = [loss.grad(theta, [i]) for i in batch]
    np.testing.assert_allclose(loss.grad(theta, batch), np.mean(each, axis=0))


@every_data_loss
def test_each_run_may_have_a_batch_of_its_own(loss):
    theta, batch = random_theta(loss, (3,)), RNG.integers(loss.n_examples, size=(3, 5))
    alone = [loss.grad(theta[run], batch[run]) for run in range(3)]
    np.testing.assert_allclose(loss.grad(theta, batch), alone)


@every_data_loss
@every_shape
def test_the_full_gradient_is_that_of_a_batch_of_all_in_any_order(loss, runs):
    theta, order = random_theta(loss, runs), RNG.permutation(loss.n_examples)
    np.testing.assert_allclose(loss.grad(theta), loss.grad(theta, order))


@every_loss
@every_shape
def test_leading_axes_of_theta_are_independent_runs(loss, runs):
    theta = random_theta(loss, runs)
    value, grad = loss.value(theta), loss.grad(theta)
    assert value.shape == runs
    assert grad.shape == theta.shape
    for run in np.ndindex(runs):
        np.testing.assert_allclose(value[run], loss.value(theta[run]))
        np.testing.assert_allclose(grad[run], loss.grad(theta[run]))


@pytest.mark.parametrize("loss", [LINE, REGRESSION, SINE, NETWORK], ids=DATA)
@pytest.mark.parametrize(
    ("runs", "batches"), [((), (3, 2)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((2, 3), (2, 3, 4)), ((2, 1), (3, 2))]
)
def test_leading_axes_of_theta_and_batch_broadcast(loss, runs, batches):
    theta, batch = random_theta(loss, runs), RNG.integers(loss.n_examples, size=batches)
    grad = loss.grad(theta, batch)
    shape = np.broadcast_shapes(runs, batches[:-1])
    assert grad.shape == (*shape, loss.d)
    thetas = np.broadcast_to(theta, grad.shape)
    batch = np.broadcast_to(batch, (*shape, batches[-1]))
    for run in np.ndindex(shape):
        np.testing.assert_allclose(grad[run], loss.grad(thetas[run], batch[run]))


@every_loss
def test_theta_is_left_as_it_is_and_may_hold_whole_numbers(loss):
    theta = np.arange(loss.d)
    before = theta.copy()
    np.testing.assert_allclose(loss.grad(theta), loss.grad(theta.astype(float)))
    np.testing.assert_allclose(loss.value(theta), loss.value(theta.astype(float)))
    np.testing.assert_array_equal(theta, before)


@pytest.mark.parametrize("loss", [TOY, LINE, SINE, NETWORK], ids="toy line sine network".split())
def test_theta_may_be_a_list(loss):
    theta = random_theta(loss, ())
    np.testing.assert_array_equal(loss.grad(theta.tolist()), loss.grad(theta))
    np.testing.assert_array_equal(loss.value(theta.tolist()), loss.value(theta))


def test_a_loss_keeps_its_numbers_when_the_callers_arrays_change():
    hessian, X, y = np.diag([2.0, 8.0]), TABLE.copy(), TARGET.copy()
    round_bowl, regression = Quadratic(hessian), LeastSquares(X, y, names="abc")
    hessian *= 9
    X *= 9
    y *= 9
    assert round_bowl.value([4, 2]) == 32
    assert regression.value([1, 2, 3]) == REGRESSION.value([1, 2, 3])


def test_least_squares_is_the_mean_of_the_squared_residuals():
    theta = random_theta(REGRESSION, ())
    squares = [
        (sum(x * t for x, t in zip(row, theta, strict=True)) - y) ** 2 for row, y in zip(TABLE, TARGET, strict=True)
    ]
    assert REGRESSION.value(theta) == pytest.approx(sum(squares) / 7)


def test_the_minimiser_of_a_line_is_the_one_that_polyfit_finds():
    slope, intercept = np.polyfit([0, 1, 2, 4], [1, 3, 4, 10], deg=1)
    np.testing.assert_allclose(LINE.minimiser, [intercept, slope])


@every_bowl
def test_at_the_minimiser_the_value_is_the_floor_and_the_gradient_zero(loss):
    assert loss.value(loss.minimiser) == pytest.approx(loss.floor)
    np.testing.assert_allclose(loss.grad(loss.minimiser), 0, atol=1e-12)
    assert (loss.value(loss.minimiser + RNG.normal(size=(100, loss.d))) > loss.floor).all()


@every_bowl
def test_the_curvatures_are_the_second_derivatives_along_orthogonal_directions(loss):
    directions = np.linalg.eigh(loss.hessian)[1].T
    away = 0.1 * directions
    second = (loss.value(away) - 2 * loss.value(0 * away) + loss.value(-away)) / 0.1**2
    np.testing.assert_allclose(loss.curvatures, second)
    assert loss.condition_number == pytest.approx(second.max() / second.min())
    assert loss.largest_stable_rate == pytest.approx(2 / second.max())


@every_bowl
def test_the_window_is_a_square_round_the_minimiser_with_the_origin_inside(loss):
    sides = [high - low for low, high in loss.window]
    assert sides == pytest.approx(sides[:1] * len(sides))
    for (low, high), best in zip(loss.window, loss.minimiser, strict=True):
        assert (low + high) / 2 == pytest.approx(best)
        assert low < 0 < high


@pytest.mark.parametrize(
    ("loss", "names", "n_examples"),
    [
        (TOY, ("w₁", "w₂"), None),
        (Quadratic(np.eye(10)), tuple("w₁ w₂ w₃ w₄ w₅ w₆ w₇ w₈ w₉ w₁₀".split()), None),
        (LINE, ("intercept", "slope"), 4),
        (REGRESSION, ("a", "b", "c"), 7),
        (SINE, ("ω",), 8),
        (SADDLE, ("w₁", "w₂"), None),
    ],
)
def test_a_loss_knows_its_parameters_names_and_its_number_of_examples(loss, names, n_examples):
    assert (loss.names, loss.n_examples) == (names, n_examples)


def test_examples_gives_the_rows_with_these_indices():
    X, y = LINE.examples([[3, 0], [1, 1]])
    np.testing.assert_array_equal(X[..., 1], [[4, 0], [1, 1]])
    np.testing.assert_array_equal(y, [[10, 1], [3, 3]])


def test_a_networks_value_is_the_mean_cross_entropy_of_its_softmax():
    theta = random_theta(NETWORK, ())
    W1, b1, W2, b2 = theta[:12].reshape(4, 3), theta[12:15], theta[15:24].reshape(3, 3), theta[24:]
    scores = np.tanh(NETWORK.X @ W1 + b1) @ W2 + b2
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = [0, 2, 1, 1, 0, 2]
    assert NETWORK.value(theta) == pytest.approx(-np.log(chances[range(6), labels]).mean())
    assert NETWORK.accuracy(theta, NETWORK.X, labels) == np.mean(chances.argmax(axis=1) == labels)


def test_a_network_without_weights_is_as_good_as_guessing_and_huge_scores_do_not_overflow():
    assert NETWORK.value(np.zeros(NETWORK.d)) == pytest.approx(np.log(3))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(NETWORK.value(1e4 * random_theta(NETWORK, ())))
        assert np.isfinite(NETWORK.grad(1e4 * random_theta(NETWORK, ()))).all()


def test_a_network_starts_from_seeded_weights_and_biases_of_zero():
    wide = Network(RNG.normal(size=(6, 64)), [0, 2, 1, 1, 0, 2], hidden=100)
    starts = wide.start([5, 0])
    assert starts.dtype == np.float32
    np.testing.assert_array_equal(starts[0], wide.start(5))
    assert (starts[0] != starts[1]).any()
    W1, b1, W2, b2 = wide.layers(starts[0])
    assert W1.std() == pytest.approx(64**-0.5, rel=0.1)
    assert W2.std() == pytest.approx(100**-0.5, rel=0.15)
    assert not b1.any() and not b2.any()


@every_data_loss
@every_shape
def test_the_loss_of_a_batch_is_the_mean_over_its_examples(loss, runs):
    theta, n = random_theta(loss, runs), loss.n_examples
    np.testing.assert_allclose(loss.value(theta, np.arange(n)), loss.value(theta), rtol=1e-5)
    alone = [loss.value(theta, [i]) for i in range(n)]
    np.testing.assert_allclose(loss.value(theta, [2, 0, 2]), (2 * alone[2] + alone[0]) / 3, rtol=1e-5)
    assert loss.value(theta, [2, 0, 2]).shape == runs


@every_data_loss
def test_a_batch_for_each_run_gives_a_loss_for_each(loss):
    theta, batches = random_theta(loss, (2,)), np.array([[0, 1], [2, 2]])
    expected = [loss.value(one, batch) for one, batch in zip(theta, batches, strict=True)]
    np.testing.assert_allclose(loss.value(theta, batches), expected, rtol=1e-6)


# --- the network


def test_a_start_depends_on_its_seed_alone():
    network = Network(*digits())
    starts = network.start(range(3))
    assert starts.dtype == np.float32
    assert starts.shape == (3, network.d) == (3, 1210)
    np.testing.assert_array_equal(starts[2], network.start(2))
    assert not np.array_equal(starts[0], starts[1])


def test_a_trained_network_counts_right_answers():
    X = 4 * np.eye(3)
    network = Network(X, [0, 1, 2], hidden=8)
    theta = descend(network, network.start(range(2)), 0.5, steps=300).theta[-1]
    np.testing.assert_allclose(network.accuracy(theta, X, [0, 1, 2]), [1, 1])
    np.testing.assert_allclose(network.accuracy(theta, X, [0, 2, 1]), [1 / 3, 1 / 3])
    np.testing.assert_allclose(network.accuracy(np.full(network.d, np.inf), X, [1, 1, 2]), 0)


@pytest.mark.parametrize(("X", "labels"), [(np.eye(3), [0, 1]), (np.eye(3)[0], 0), (np.ones((2, 5)), [0, 1])])
def test_accuracy_refuses_what_does_not_fit(X, labels):
    with pytest.raises(ValueError, match="must be"):
        NETWORK.accuracy(NETWORK.start(0), X, labels)


# --- data as people have them


class Frame:
    """A table whose columns are of different types, as data-frame libraries hand it to NumPy."""

    def __init__(self, rows):
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, object)


MIXED = [[1, 0.5], [1, Fraction(3, 2)], [True, Decimal("2.5")]]


def test_a_table_of_mixed_columns_is_one_of_numbers_if_all_of_them_are():
    mixed, plain = (LeastSquares(X, [1, 3, 5]) for X in (Frame(MIXED), [[1, 0.5], [1, 1.5], [1, 2.5]]))
    np.testing.assert_array_equal(mixed.X, plain.X)
    assert Network(Frame(MIXED), np.array([0, 1, 1], object), hidden=2).X.dtype == np.float32


@pytest.mark.parametrize("odd", [None, "JFK", 2j, np.nan, 10**400])
def test_the_one_entry_that_is_no_number_is_named_with_its_place(odd):
    rows = [[1, float(i)] for i in range(3000)]
    rows[1234][1] = odd
    place = "" if odd == 10**400 else re.escape(f"but it is {odd!r} at [1234, 1]")
    with pytest.raises(ValueError, match=f"^X must be finite numbers, {place}"):
        LeastSquares(Frame(rows), np.zeros(3000))


MASKED = np.ma.array([1.0, 3.0, 1e6], mask=[False, False, True])


@pytest.mark.parametrize(
    "make",
    [
        lambda: LeastSquares([[1, 0], [1, 1], [1, 2]], MASKED),
        lambda: LeastSquares(np.stack([np.ones(3), MASKED], axis=1), [1, 3, 5]),  # which has lost the mask
        lambda: LeastSquares([MASKED, MASKED], [1, 3]),
        lambda: SineFit(MASKED, [1, 3, 5]),
        lambda: Network([[1], [1], [1]], np.ma.array([0, 1, 9], mask=[0, 0, 1])),
    ],
)
def test_what_a_mask_hides_is_not_fitted(make):
    with pytest.raises(ValueError, match=r"without a mask \(see \.compressed\(\) and \.filled\(\)\)"):
        make()


def test_a_column_that_is_a_table_is_told_its_shape_and_the_right_one():
    with pytest.raises(ValueError, match=r"y must be of shape \(10,\), one number .*, but it is of shape \(10, 1\)"):
        LeastSquares(np.ones((10, 2)), np.ones((10, 1)))
    with pytest.raises(ValueError, match=r"X must be a table, .*, but it is of shape \(10,\)"):
        LeastSquares(np.ones(10), np.ones(10))
    with pytest.raises(ValueError, match=r"X must be a column, .*, but it is of shape \(10, 1\)"):
        SineFit(np.ones((10, 1)), np.ones(10))


def test_a_refusal_is_short_however_long_the_argument():
    with pytest.raises(ValueError) as caught:
        bowl(list(range(100_000)), 1)
    assert len(str(caught.value)) < 600
