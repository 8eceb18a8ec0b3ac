"""Optimizers: pure updates, state in and state out."""

import json
from pathlib import Path

import numpy as np
import pytest

from gdtools import optimizers
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Quadratic, bowl, rosenbrock
from gdtools.optimizers import (
    L2,
    AdaGrad,
    Adam,
    AdamW,
    Clipped,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSProp,
    constant,
    cosine,
    inverse_time,
    step_decay,
    warm_up,
)

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))
PROBLEMS = {problem["name"]: problem for problem in REFERENCE["problems"]}
TOY = bowl(1, 4)

RULES = [GradientDescent(), Momentum(), Nesterov(), AdaGrad(), RMSProp(), Adam(), AdamW(weight_decay=0)]
OPTIMIZERS = [*RULES, L2(Adam(), 0), Clipped(Momentum(), 1)]
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: type(o).__name__)


# --- against PyTorch: tools/make_reference.py made the table


def loss_of(problem):
    if "hessian" in problem:
        return Quadratic(problem["hessian"])
    return LeastSquares(problem["X"], problem["y"]) if "X" in problem else rosenbrock()


@pytest.mark.parametrize("run", REFERENCE["runs"], ids=lambda run: f"{run['optimizer']}-{run['problem']}")
def test_the_path_is_that_of_pytorch(run):
    problem = PROBLEMS[run["problem"]]
    loss, theta = loss_of(problem), np.array(problem["start"])
    options = run["options"] | {
        name: getattr(optimizers, inner)() for name, inner in run["options"].items() if name == "optimizer"
    }
    optimizer = getattr(optimizers, run["optimizer"])(**options)
    state, rows = optimizer.init(theta), []
    for update in range(1, REFERENCE["updates"][-1] + 1):
        batch = problem["batches"][update - 1] if "batches" in problem else None
        theta, state = optimizer.update(theta, loss.grad(theta, batch), run["learning_rate"], state)
        if update in REFERENCE["updates"]:
            rows.append(theta)
    clips_a_little_shorter = 1e-5 if run["optimizer"] == "Clipped" else 1e-12  # PyTorch divides by ‖g‖ + 1e-6
    np.testing.assert_allclose(rows, run["theta"], rtol=clips_a_little_shorter, atol=clips_a_little_shorter)


def test_the_table_has_every_optimizer_on_every_problem():
    assert {run["optimizer"] for run in REFERENCE["runs"]} == {type(o).__name__ for o in OPTIMIZERS}
    assert len(REFERENCE["runs"]) == len(OPTIMIZERS) * len(PROBLEMS) == 27
    assert "batches" in PROBLEMS["mini-batches"]


# --- the rules by hand


def test_gradient_descent_takes_the_gradient_times_the_rate_off_theta():
    theta, grad = np.array([3.0, 4.0]), np.array([6.0, 8.0])
    new, state = GradientDescent().update(theta, grad, 0.1, GradientDescent().init(theta))
    np.testing.assert_allclose(new, [2.4, 3.2])
    assert state is None


def test_the_velocity_of_a_constant_slope_grows_to_g_over_1_minus_mu():
    state = 0.0
    for _ in range(500):
        _, state = Momentum(0.9).update(0.0, 2.0, 0.1, state)
    assert state == pytest.approx(2 / (1 - 0.9))


def test_momentum_times_1_minus_mu_is_the_other_convention():
    theta, state, other, mean = np.array([4.0, 2.0]), np.zeros(2), np.array([4.0, 2.0]), np.zeros(2)
    for _ in range(20):
        theta, state = Momentum(0.9).update(theta, TOY.grad(theta), 0.01, state)
        mean = 0.9 * mean + (1 - 0.9) * TOY.grad(other)
        other = other - 0.1 * mean
    np.testing.assert_allclose(theta, other, rtol=1e-12)


def test_nesterov_in_this_form_is_nesterov_with_the_gradient_ahead():
    """With θ = φ − ημv, this form is v ← μv + ∇L(φ − ημv), φ ← φ − ηv."""
    theta, state, phi, v = np.array([4.0, 2.0]), np.zeros(2), np.array([4.0, 2.0]), np.zeros(2)
    for _ in range(20):
        theta, state = Nesterov(0.8).update(theta, TOY.grad(theta), 0.05, state)
        v = 0.8 * v + TOY.grad(phi - 0.05 * 0.8 * v)
        phi = phi - 0.05 * v
        np.testing.assert_allclose(theta, phi - 0.05 * 0.8 * v, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [Momentum(0), Nesterov(0)], ids=["Momentum", "Nesterov"])
def test_without_momentum_it_is_gradient_descent(optimizer):
    run = descend(TOY, (4, 2), [0.05, 0.1], steps=20, optimizer=optimizer)
    np.testing.assert_allclose(run.theta, descend(TOY, (4, 2), [0.05, 0.1], steps=20).theta, rtol=1e-12)


@pytest.mark.parametrize("optimizer", [AdaGrad(), RMSProp(), Adam()], ids=["AdaGrad", "RMSProp", "Adam"])
def test_the_size_of_a_gradient_entry_does_not_matter(optimizer):
    theta, grad = np.array([3.0, 3.0, 3.0]), np.array([1e-3, -1.0, 1e3])
    new, _ = optimizer.update(theta, grad, 0.1, optimizer.init(theta))
    np.testing.assert_allclose(np.abs(new - theta), np.abs(new - theta)[0], rtol=1e-3)
    np.testing.assert_array_equal(np.sign(theta - new), np.sign(grad))


def test_l2_is_the_descent_of_the_loss_with_a_bowl_around_the_origin():
    decay = 0.5
    rounder = Quadratic(TOY.hessian + decay * np.eye(2))
    run = descend(TOY, (4, 2), 0.1, steps=20, optimizer=L2(Momentum(), decay))
    np.testing.assert_allclose(run.theta, descend(rounder, (4, 2), 0.1, steps=20, optimizer=Momentum()).theta)


def test_the_decay_of_adamw_is_the_same_share_whatever_the_gradients_and_that_of_l2_is_not():
    theta, grad = np.array([10.0, 10.0]), np.array([1e-3, 1e3])
    steps = {
        name: optimizer.update(theta, grad, 0.1, optimizer.init(theta))[0]
        - Adam().update(theta, grad, 0.1, Adam().init(theta))[0]
        for name, optimizer in (("AdamW", AdamW(weight_decay=0.2)), ("L2", L2(Adam(), 0.2)))
    }
    np.testing.assert_allclose(steps["AdamW"], -0.1 * 0.2 * theta)
    np.testing.assert_allclose(steps["L2"], 0, atol=1e-6)  # Adam divides the decay out again


def test_a_clipped_gradient_keeps_its_direction_and_each_run_has_a_length_of_its_own():
    grad = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    new, _ = Clipped(GradientDescent(), 2).update(np.zeros((3, 2)), grad, 1.0, None)
    np.testing.assert_allclose(new, [[-1.2, -1.6], [-0.3, -0.4], [0, 0]])


@pytest.mark.parametrize("wrapper", [L2, Clipped])
def test_what_is_no_optimizer_is_refused(wrapper):
    for wrong in (Momentum, None, "Adam"):
        with pytest.raises(ValueError, match="optimizer must be an object with init and update"):
            wrapper(wrong, 1)
    with pytest.raises(ValueError, match="must be finite and at least 0|must be a finite number above 0"):
        wrapper(Adam(), -1)


@every_optimizer
def test_a_gradient_of_zero_moves_nothing_at_first(optimizer):
    theta = np.array([3.0, 4.0])
    np.testing.assert_array_equal(optimizer.update(theta, 0 * theta, 0.1, optimizer.init(theta))[0], theta)


# --- schedules


def test_warm_up_climbs_in_equal_steps_to_a_constant():
    rates = [float(warm_up(0.3, steps=3)(t)) for t in (1, 2, 3, 4, 100)]
    np.testing.assert_allclose(rates, [0.1, 0.2, 0.3, 0.3, 0.3])


def test_warm_up_joins_another_schedule():
    plain, warm = cosine(0.2, steps=20), warm_up(cosine(0.2, steps=20), steps=4)
    assert [warm(t) for t in (4, 10, 20)] == [plain(t) for t in (4, 10, 20)]
    assert warm(1) == plain(1) / 4


def test_warm_up_takes_a_rate_for_each_run():
    run = descend(TOY, (4, 2), warm_up([0.1, 0.2], steps=2), steps=1)
    np.testing.assert_allclose(run.theta[-1], [[3.6, 1.2], [3.2, 0.4]])


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


# --- the form of an optimizer


@every_optimizer
def test_an_update_changes_neither_theta_nor_gradient_nor_state(optimizer):
    theta, grad = np.array([3.0, 4.0]), np.array([6.0, 8.0])
    _, state = optimizer.update(theta, grad, 0.1, optimizer.init(theta))
    before = repr(state)
    first, _ = optimizer.update(theta, grad, 0.1, state)
    again, _ = optimizer.update(theta, grad, 0.1, state)
    assert repr(state) == before
    assert theta.tolist() == [3, 4]
    assert grad.tolist() == [6, 8]
    np.testing.assert_array_equal(first, again)
    assert not np.shares_memory(first, theta)


@every_optimizer
def test_each_run_has_its_own_rate(optimizer):
    theta, rates = np.random.default_rng(0).normal(size=(2, 3, 4)), np.array([0.1, 0.5, 0.0])
    together, _ = optimizer.update(theta, theta**2, rates[:, None], optimizer.init(theta))
    for run in np.ndindex(2, 3):
        alone, _ = optimizer.update(theta[run], theta[run] ** 2, rates[run[1]], optimizer.init(theta[run]))
        np.testing.assert_allclose(together[run], alone)


@every_optimizer
def test_a_rate_of_zero_goes_nowhere(optimizer):
    theta = np.array([3.0, 4.0])
    np.testing.assert_array_equal(optimizer.update(theta, theta, 0.0, optimizer.init(theta))[0], theta)


@every_optimizer
def test_single_precision_stays_single(optimizer):
    theta = np.array([3.0, 4.0], dtype=np.float32)
    assert descend(TOY, theta, 0.1, steps=3, optimizer=optimizer).theta.dtype == np.float32
    new, state = optimizer.update(theta, theta, np.float32(0.1), optimizer.init(theta))
    assert new.dtype == np.float32
    assert all(np.asarray(part).dtype != float for part in (state if isinstance(state, tuple) else (state,)))


@pytest.mark.parametrize(
    ("optimizer", "options", "name"),
    [
        (optimizer, {name: value}, name)
        for optimizer, names in [(Momentum, ["momentum"]), (Nesterov, ["momentum"]), (RMSProp, ["decay"])]
        + [(Adam, ["beta1", "beta2"])]
        for name in names
        for value in (1, -0.1, 1.5, np.nan, "0.9", None, True, [0.9])
    ]
    + [
        (optimizer, {"epsilon": value}, "epsilon")
        for optimizer in (AdaGrad, RMSProp, Adam)
        for value in (0, -1e-8, np.inf, np.nan, "tiny", None)
    ]
    + [
        (warm_up, {"learning_rate": 0.1, "steps": 0}, "steps"),
        (warm_up, {"learning_rate": -1, "steps": 2}, "learning"),
    ],
)
def test_bad_options_are_refused_by_name(optimizer, options, name):
    with pytest.raises(ValueError, match=f"{name}.* must be .* but it is"):
        optimizer(**options)


@pytest.mark.skipif(np.finfo(np.longdouble).maxexp < 13000, reason="a long float is no longer than others here")
def test_a_number_that_is_finite_only_as_a_long_float_is_refused():
    with pytest.raises(ValueError, match="epsilon must be a finite number above 0"):
        Adam(epsilon=np.longdouble("1e4000"))
