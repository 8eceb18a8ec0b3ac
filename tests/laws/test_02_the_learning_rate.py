"""Notebook 02: the worked table, the regimes and their thresholds, and what scaling does to the flights."""

import numpy as np
import pytest

from gdtools.datasets import flights
from gdtools.descent import descend
from gdtools.losses import LeastSquares, bowl

TOY = bowl(1, 4)


def threshold(holds, low, high):
    """Where `holds(rate)` turns from true to false, by bisection."""
    assert holds(low)
    assert not holds(high)
    while high - low > 1e-7 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def not_climbing(loss, start, steps):
    """Tells whether a descent with this rate does not climb at its end."""

    def holds(rate):
        before, after = descend(loss, start, rate, steps=steps).loss[-2:]
        return np.isfinite(after) and after <= before * (1 + 1e-12)

    return holds


# --- the worked table


@pytest.mark.parametrize(
    ("iteration", "loss", "gradient", "new"),
    [
        (0, 32, [8, 16], [3.2, 0.4]),
        (1, 10.88, [6.4, 3.2], [2.56, 0.08]),
        (2, 6.5792, [5.12, 0.64], [2.048, 0.016]),
        (3, 4.195328, [4.096, 0.128], [1.6384, 0.0032]),
    ],
)
def test_the_worked_table(iteration, loss, gradient, new):
    run = descend(TOY, (4, 2), 0.1, steps=4)
    np.testing.assert_allclose(run.loss[iteration], loss, rtol=1e-14)
    np.testing.assert_allclose(TOY.grad(run.theta[iteration]), gradient, rtol=1e-13)
    np.testing.assert_allclose(run.theta[iteration + 1], new, rtol=1e-13)


def test_the_last_loss_rounds_to_4_20_not_to_4_21():
    assert f"{descend(TOY, (4, 2), 0.1, steps=3).loss[-1]:.2f}" == "4.20"


def test_curvatures_are_2_and_8_and_slopes_have_no_fixed_ratio():
    assert TOY.curvatures.tolist() == [2, 8]
    along_w1, along_w2 = TOY.grad([[4, 2], [2.56, 0.08]]).T
    np.testing.assert_allclose(along_w2 / along_w1, [2, 0.125])


def test_at_a_tenth_the_coordinates_are_multiplied_by_0_8_and_0_2():
    run = descend(TOY, (4, 2), 0.1, steps=20)
    np.testing.assert_allclose(run.theta[1:] / run.theta[:-1], np.tile([0.8, 0.2], (20, 1)))


# --- the regimes and their thresholds


def test_w2_keeps_its_sign_up_to_one_eighth():
    keeps_sign = threshold(lambda rate: (descend(TOY, (4, 2), rate, steps=9).theta[:, 1] >= 0).all(), 0.01, 0.3)
    assert keeps_sign == pytest.approx(1 / 8, abs=1e-6)


def test_the_loss_never_climbs_up_to_one_quarter():
    assert threshold(not_climbing(TOY, (4, 2), steps=400), 0.01, 1) == pytest.approx(1 / 4, abs=1e-6)


def test_the_loss_after_many_steps_is_smallest_at_one_fifth():
    rates = np.arange(1, 2500) / 10_000
    best = descend(TOY, (4, 2), rates, steps=500, record_every=500).loss[-1].argmin()
    assert rates[best] == pytest.approx(1 / 5, abs=2e-4)


def test_at_one_eighth_w2_jumps_to_the_valley_floor_in_one_step():
    assert descend(TOY, (4, 2), 1 / 8, steps=3).theta[1:, 1].tolist() == [0, 0, 0]


def test_at_one_quarter_w2_bounces_between_2_and_minus_2_for_ever():
    w2 = descend(TOY, (4, 2), 1 / 4, steps=1001).theta[:, 1]
    assert set(w2[::2]) == {2}
    assert set(w2[1::2]) == {-2}


@pytest.mark.parametrize(
    ("rate", "zigzags", "ends"),
    [
        (0.1, False, "low"),
        (0.124, False, "low"),
        (0.126, True, "low"),
        (0.2, True, "low"),
        (0.24, True, "low"),
        (0.26, True, "infinite"),
    ],
)
def test_behaviours(rate, zigzags, ends):
    run = descend(TOY, (4, 2), rate, steps=6000)
    assert (run.theta[1, 1] < 0) == zigzags
    assert (run.theta[:9, 0] > 0).all()
    assert run.loss[-1] == np.inf if ends == "infinite" else run.loss[-1] < 1e-30


@pytest.mark.parametrize(("rate", "steps"), [(0.2, 17), (0.1, 38), (0.24, 100)])
def test_steps_to_a_loss_below_a_millionth(rate, steps):
    run = descend(TOY, (4, 2), rate, steps=200)
    assert run.updates_to(1e-6) == steps
    assert run.loss[steps] < 1e-6 < run.loss[steps - 1]


# --- the flights


@pytest.fixture(scope="module")
def lines():
    distance, air_time = flights()
    standardised = (distance - distance.mean()) / distance.std()
    ones = np.ones_like(distance)
    features = {"miles": distance, "thousands of miles": distance / 1000, "standardised": standardised}
    return {unit: LeastSquares(np.column_stack([ones, x]), air_time) for unit, x in features.items()}


def test_the_best_line_takes_about_18_5_minutes_plus_0_126_a_mile_at_476_mph(lines):
    intercept, slope = lines["miles"].minimiser
    assert intercept == pytest.approx(18.5, abs=0.3)
    assert round(slope, 3) == 0.126
    assert 60 / slope == pytest.approx(476, abs=2)


def test_the_line_explains_98_percent_of_the_variance(lines):
    assert round(1 - lines["miles"].floor / lines["miles"].y.var(), 2) == 0.98


@pytest.mark.parametrize(
    ("unit", "rate", "condition_number"),
    [("miles", 6e-7, 5e6), ("thousands of miles", 0.415, 10.9), ("standardised", 1, 1)],
)
def test_scaling_the_distance_makes_a_rounder_bowl(lines, unit, rate, condition_number):
    loss = lines[unit]
    assert loss.condition_number == pytest.approx(condition_number, rel=0.005)
    assert loss.largest_stable_rate == pytest.approx(rate, rel=0.02)
    assert loss.n_examples == 10_000


@pytest.mark.parametrize("unit", ["miles", "thousands of miles", "standardised"])
def test_the_largest_stable_rate_is_where_descent_on_the_flights_begins_to_climb(lines, unit):
    loss = lines[unit]
    with np.errstate(all="raise"):
        limit = threshold(
            not_climbing(loss, (0, 0), steps=60), loss.largest_stable_rate / 3, loss.largest_stable_rate * 3
        )
    assert limit == pytest.approx(loss.largest_stable_rate, rel=1e-3)
