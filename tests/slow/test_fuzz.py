"""Anything goes in: out comes what is documented, or a refusal in the house's words, which names the argument.

Half of the calls are right but for extreme values; in the others, some arguments are of any type. Not drawn: numbers
of updates, examples or epochs that would only take long, and what Matplotlib alone looks at (colours, axes, sizes).
"""

import contextlib
import operator
import re
from unittest.mock import patch

import ipywidgets
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdtools import explorers, optimizers, plots
from gdtools.descent import SAMPLINGS, descend, minibatches, updates_per_epoch
from gdtools.losses import LeastSquares, Network, Quadratic, SineFit, Surface, bowl, rosenbrock

LINE = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 6])
SINE = SineFit([0.5, 1, 2], [0, 1, 0])
NETWORK = Network(np.eye(4), [0, 1, 2, 1], hidden=2)
LOSSES = [bowl(1, 4), Quadratic(np.diag([1.0, 2, 0])), rosenbrock(), LINE, SINE, NETWORK]
OPTIMIZERS = [racer for racer, *_ in explorers.race.RACERS.values()]
SCHEDULES = {  # with the name of the number that each counts by
    optimizers.inverse_time: "half_after",
    optimizers.step_decay: "every",
    optimizers.cosine: "steps",
    optimizers.warm_up: "steps",
}

EXTREMES = [0.0, -0.0, 1e-300, 5e-324, 1e16, 1e160, 1.7e308, -1.7e308, 2**53 + 1, 2**63, -(2**63)]
NO_NUMBERS = [np.nan, np.inf, -np.inf, 10**400, 2j, True, None, "", "0.1", b"1", "nan", (), [], {}, {1}, [[1], [2, 3]]]
NO_NUMBERS += [object(), Ellipsis, int, np.datetime64("2013-01-01"), np.longdouble("1e4000"), [None, 1]]

dtypes = st.sampled_from("f2 f4 f8 g i1 i8 u1 u8 ? c16 U3 S3 M8[s] m8[s]".split()).map(np.dtype)
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
arrays = hnp.arrays(dtypes, shapes) | hnp.arrays("O", shapes, elements=st.none())
anything = (
    st.sampled_from([*EXTREMES, *NO_NUMBERS])
    | arrays
    | st.recursive(
        st.integers(-3, 3) | st.floats() | st.text(max_size=3) | st.none(), lambda items: st.lists(items, max_size=3)
    )
)
small = st.integers(1, 6)
moderate = st.floats(-1e6, 1e6)
finite = moderate | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(EXTREMES)
rates = st.floats(0, 1) | st.floats(0, 1.7e308)


def table(shape, elements=finite):
    """Numbers of this shape: as an array of floats or of whole numbers, or as a list."""
    floats = hnp.arrays(float, shape, elements=elements)
    wholes = hnp.arrays(st.sampled_from(["i1", "i8", "u1"]), shape)
    halves = hnp.arrays(st.sampled_from(["f2", "f4"]), shape, elements=st.floats(-1e4, 1e4, width=16))
    return floats | wholes | halves | floats.map(np.ndarray.tolist)


@st.composite
def calls(draw, **right):
    """Arguments for a call: all of them right, or some of them anything."""
    arguments = {name: draw(strategy) for name, strategy in right.items()}
    if draw(st.booleans()):
        for name in draw(st.sets(st.sampled_from(sorted(right)), min_size=1, max_size=2)):
            arguments[name] = draw(anything)
    return arguments


def result_of(function, arguments, names=()):
    """What the call returns, and None for a refusal. It leaves its arguments as they are.

    `names` are what a refusal may name beside the arguments.
    """
    before = written(arguments)
    try:
        result = function(**arguments)
    except ValueError as refusal:
        check_refusal(refusal, [*arguments, *names])
        result = None
    assert written(arguments) == before
    return result


def written(arguments):
    """The arguments as text, without the places of objects in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(arguments))


def check_refusal(refusal, names):
    """It names one or several of these arguments, says what would be right, and what came."""
    message = re.fullmatch(r"(.+?) must be (.+), but it is (.+)", str(refusal), re.DOTALL)
    assert message, refusal
    assert set(re.findall(r"[\w.]+", message[1])) & set(names), refusal


def takes_long(value):
    """Whether it's a whole number that is right, and too large to count to."""
    try:
        return operator.index(value) > 200
    except TypeError:
        return False


# --- descents


@given(
    calls(
        n_examples=st.integers(1, 50),
        batch_size=small,
        epochs=small,
        seed=st.integers(0, 2**63),
        sampling=st.sampled_from(SAMPLINGS),
    ),
    st.booleans(),
)
def test_minibatches_are_indices_or_a_refusal(arguments, drop_last):
    assume(not any(takes_long(arguments[name]) for name in ("n_examples", "epochs")))
    batches = result_of(lambda **kwargs: list(minibatches(drop_last=drop_last, **kwargs)), arguments)
    if batches is not None:
        n, b, runs = int(arguments["n_examples"]), int(arguments["batch_size"]), np.shape(arguments["seed"])
        assert len(batches) == int(arguments["epochs"]) * updates_per_epoch(n, b, drop_last)
        for batch in batches:
            assert batch.dtype.kind == "i" and batch.shape[:-1] == runs and 1 <= batch.shape[-1] <= b
            assert 0 <= batch.min() <= batch.max() < n


@given(calls(n_examples=st.integers(1), batch_size=small | st.integers(1)), st.booleans())
def test_updates_per_epoch_is_a_count_or_a_refusal(arguments, drop_last):
    updates = result_of(lambda **kwargs: updates_per_epoch(drop_last=drop_last, **kwargs), arguments)
    assert updates is None or (isinstance(updates, int) and updates >= 1)


@st.composite
def descents(draw):
    loss = draw(st.sampled_from(LOSSES))
    runs = draw(st.sampled_from([(), (1,), (3,), (2, 3)]))
    start = table((*runs, loss.d if hasattr(loss, "d") else 2))
    rate = rates | hnp.arrays(float, (3,), elements=rates)
    rate |= st.lists(rate | rates | anything, min_size=1, max_size=3).map(lambda of: lambda t: of[min(t, len(of)) - 1])
    seeds = st.integers(0, 99) | st.lists(st.integers(0, 99), min_size=3, max_size=3)
    duration = draw(st.sampled_from(["steps", "epochs"]))
    right = {"start": start, "learning_rate": rate, "seed": seeds, "sampling": st.sampled_from(SAMPLINGS)}
    right |= {"record_every": small, "optimizer": st.none() | st.sampled_from(OPTIMIZERS)}
    if loss.n_examples:
        right["batch_size"] = st.none() | st.integers(1, loss.n_examples)
    return {"loss": loss, duration: draw(small)} | draw(calls(**right)) | {"drop_last": draw(st.booleans())}


@given(descents())
def test_a_descent_is_a_trajectory_or_a_refusal(arguments):
    run = result_of(descend, arguments)
    if run is not None:
        rows, *runs, d = run.theta.shape
        assert run.updates.shape == (rows,) and d == np.shape(arguments["start"])[-1]
        assert run.loss.shape == (rows, *runs) and not np.isnan(run.theta).any() and not np.isnan(run.loss).any()
        assert run.theta.dtype == (np.float32 if getattr(arguments["start"], "dtype", None) == np.float32 else float)
        assert run.updates_to(1.0).shape == tuple(runs)


@given(calls(loss=st.sampled_from(LOSSES[:2]), steps=small, epochs=st.none(), batch_size=st.none()))
def test_a_descent_of_anything_for_any_time_is_a_trajectory_or_a_refusal(arguments):
    assume(not any(takes_long(arguments[name]) for name in ("steps", "epochs")))
    start = np.zeros(getattr(arguments["loss"], "d", 2))
    run = result_of(lambda **kwargs: descend(start=start, learning_rate=0.1, **kwargs), arguments)
    assert run is None or run.theta.shape[1:] == start.shape


@given(table((2,)) | anything, table((2,)))
def test_a_gradient_of_any_kind_is_followed_or_refused(answer, start):
    class Slope:
        n_examples = None

        def grad(self, theta, batch=None):
            return answer

    run = result_of(lambda start: descend(Slope(), start, 0.1, steps=3), {"start": start}, ["loss.grad"])
    assert run is None or run.theta.shape == (4, 2)


# --- losses


@given(calls(a=finite, b=finite))
def test_a_bowl_is_a_loss_or_a_refusal(arguments):
    check_loss(result_of(bowl, arguments, ["hessian"]), bowls=True)


@st.composite
def symmetric(draw):
    matrix = draw(hnp.arrays(float, draw(st.sampled_from([(1, 1), (2, 2), (3, 3)])), elements=finite))
    return np.tril(matrix) + np.tril(matrix, -1).T


@given(symmetric().flatmap(lambda H: calls(hessian=st.just(H), minimiser=st.none() | table((len(H),)), floor=finite)))
def test_a_quadratic_is_a_loss_or_a_refusal(arguments):
    check_loss(result_of(Quadratic, arguments), bowls=True)


@given(st.tuples(small, small).flatmap(lambda shape: calls(X=table(shape), y=table(shape[:1]))))
def test_least_squares_are_a_loss_or_a_refusal(arguments):
    check_loss(result_of(LeastSquares, arguments, ["hessian", "minimiser", "floor"]), bowls=True)


@given(small.flatmap(lambda n: calls(x=table((n,)), y=table((n,)))))
def test_a_sine_is_a_loss_or_a_refusal(arguments):
    check_loss(result_of(SineFit, arguments, ["X"]))


@given(
    small.flatmap(
        lambda n: calls(X=table((n, 2)), labels=hnp.arrays("i1", n, elements=st.integers(0, 127)), hidden=small)
    )
)
def test_a_network_is_a_loss_or_a_refusal(arguments):
    assume(
        not takes_long(arguments["hidden"])
        and not any(map(takes_long, np.ravel(np.array(arguments["labels"], object))))
    )
    check_loss(result_of(Network, arguments, ["y"]))


@given(calls(value=st.just(np.sum), grad=st.just(np.copy), window=table((2, 2)), names=st.just("ab")))
def test_a_surface_is_a_loss_or_a_refusal(arguments):
    surface = result_of(Surface, arguments)
    assert surface is None or (np.shape(surface.window) == (2, 2) and len(surface.names) == 2)


def check_loss(loss, bowls=False):
    """A loss of these arguments has a value and a gradient at 0."""
    if loss is not None:
        theta = np.zeros((3, loss.d))
        with np.errstate(all="ignore"):
            assert loss.value(theta).shape == (3,) and loss.grad(theta).shape == (3, loss.d)
            if bowls:
                assert loss.curvatures.shape == (loss.d,) and len(loss.names) == len(loss.window) == loss.d


@pytest.mark.parametrize("loss", [LINE, SINE, NETWORK], ids=lambda loss: type(loss).__name__)
@given(st.data())
def test_any_place_and_batch_have_a_value_and_a_gradient_or_a_refusal(loss, data):
    runs = data.draw(st.sampled_from([(), (1,), (3,), (2, 3)]))
    batches = st.none() | hnp.arrays("i8", st.sampled_from([(1,), (2,), (*runs, 2)]), elements=st.integers(0, 2))
    arguments = data.draw(calls(theta=table((*runs, loss.d), moderate), batch=batches))
    with np.errstate(over="ignore", invalid="ignore"):
        grad = result_of(loss.grad, arguments)
        value = result_of(loss.value, {"theta": arguments["theta"]})
    if grad is not None:
        theta, batch = np.asarray(arguments["theta"]), arguments["batch"]
        assert grad.shape == (*np.broadcast_shapes(theta.shape[:-1], np.shape(batch)[:-1]), loss.d)
    assert value is None or value.shape == np.shape(arguments["theta"])[:-1]


# --- optimizers and schedules


@given(
    calls(
        momentum=st.floats(0, 1),
        decay=st.floats(0, 1),
        beta1=st.floats(0, 1),
        beta2=st.floats(0, 1),
        epsilon=st.floats(0),
    ),
    small.flatmap(lambda n: st.sampled_from(["f4", "f8"]).flatmap(lambda dtype: hnp.arrays(dtype, (2, n)))),
    st.floats(0, 1.7e308),
)
def test_an_optimizer_keeps_shape_and_dtype_and_its_arguments_or_refuses(options, places, rate):
    theta, grad = places
    for make, names in {
        optimizers.Momentum: ["momentum"],
        optimizers.Nesterov: ["momentum"],
        optimizers.AdaGrad: ["epsilon"],
        optimizers.RMSProp: ["decay", "epsilon"],
        optimizers.Adam: ["beta1", "beta2", "epsilon"],
    }.items():
        optimizer = result_of(make, {name: options[name] for name in names})
        if optimizer is not None:
            with np.errstate(all="ignore"):
                state = optimizer.init(theta)
                eta = np.asarray(rate, theta.dtype)
                step = {"theta": theta, "grad": grad, "learning_rate": eta, "state": state}
                before = written(step)
                new, _ = optimizer.update(*step.values())
            assert new.shape == theta.shape and new.dtype == theta.dtype
            assert written(step) == before


@given(
    calls(learning_rate=rates | hnp.arrays(float, (3,), elements=rates), by=small | st.integers(1)),
    st.integers(1),
    st.floats(0, 1),
)
def test_a_schedule_is_a_rate_or_a_refusal(arguments, update, factor):
    for make, name in SCHEDULES.items():
        given = {"learning_rate": arguments["learning_rate"], name: arguments["by"]}
        if make is optimizers.step_decay:
            given["factor"] = factor
        schedule = result_of(make, given)
        if schedule is not None:
            rate = schedule(update)
            assert np.shape(rate) == np.shape(arguments["learning_rate"])
            assert np.isfinite(rate).all() and (np.asarray(rate) >= 0).all()
            assert (rate <= np.asarray(arguments["learning_rate"])).all()


# --- pictures


ANY_AXES = plots.figure()[1]


@given(
    st.tuples(small, small).flatmap(
        lambda n: calls(x=table(n[:1], moderate), runs=hnp.arrays(float, n, elements=st.floats()))
    )
)
def test_a_band_is_drawn_or_refused(arguments):
    ANY_AXES.clear()
    assert result_of(lambda **kwargs: plots.band(ax=ANY_AXES, **kwargs), arguments) in (None, ANY_AXES)


@given(
    st.tuples(small, small).flatmap(
        lambda n: calls(
            shares=hnp.arrays(float, n, elements=st.floats()),
            rows=table(n[:1], moderate),
            columns=table(n[1:], moderate),
            marked=st.none() | hnp.arrays(bool, n),
        )
    )
)
@settings(max_examples=40)
def test_a_heat_map_is_drawn_or_refused(arguments):
    ax = plots.figure()[1]
    assert result_of(lambda **kwargs: plots.heat_map(ax=ax, **kwargs), arguments) in (None, ax)


@given(anything | descents())
@settings(max_examples=40)
def test_a_descent_of_any_kind_is_drawn_or_refused(run):
    if isinstance(run, dict) and "loss" in run:
        run = result_of(descend, run)
    ax = plots.figure()[1]
    assert result_of(lambda trajectory: plots.path(trajectory, ax), {"trajectory": run}) in (None, ax)


@given(symmetric().flatmap(lambda H: calls(hessian=st.just(H), minimiser=st.none() | table((len(H),)))), anything)
@example({"hessian": np.zeros((2, 2)), "minimiser": np.full(2, 7.5e307)}, None)
@settings(max_examples=40)
def test_the_contours_of_anything_are_drawn_or_refused(arguments, loss):
    with contextlib.suppress(ValueError):
        loss = Quadratic(**arguments)
    ANY_AXES.clear()
    assert result_of(lambda loss: plots.contours(loss, ANY_AXES), {"loss": loss}) in (None, ANY_AXES)


@given(calls(picture=st.just(ANY_AXES), alt=st.text()))
def test_show_shows_or_refuses(arguments):
    with patch("gdtools.plots.png", lambda figure: b""), patch("gdtools.plots.display") as display:
        result_of(plots.show, arguments)
    assert display.call_count in (0, 1)


# --- explorers


def heat_map():
    return explorers.explore_heat_map(np.random.default_rng(0).random((3, 2, 3, 4)), [1, 4], [0.1, 1, 10])


def race():
    races = {"bowl": (bowl(1, 4), (4, 2)), "valley": (rosenbrock(), (-1, 1))}
    return explorers.explore_optimizers(races, [0.001, 0.1], steps=5)


EXPLORERS = {
    "descent": lambda: explorers.explore_descent(bowl(1, 4), (4, 2), [0.1, 0.2, 3], steps=5, factors=True),
    "line": lambda: explorers.explore_line(LINE, (0, 0), [0, 0.2, 3], steps=5),
    "batches": lambda: explorers.explore_batches(LINE, (0, 0), [0.1, 3], [1, 2, 3], runs=2),
    "gradients": lambda: explorers.explore_gradients(LINE, (0, 0), [1, 2, 3], n_batches=4),
    "optimizers": race,
    "heat map": heat_map,
}


@pytest.fixture(scope="module", params=EXPLORERS)
def explorer(request):
    yield EXPLORERS[request.param]()
    ipywidgets.Widget.close_all()


points = st.lists(st.floats() | moderate, min_size=2, max_size=2)
messages = st.builds(dict, point=points | anything)
numbers = st.floats(-10, 10) | st.floats() | st.sampled_from(EXTREMES)
moves = st.tuples(st.integers(0, 9), numbers, st.integers(-2, 9), messages)


@given(st.lists(moves, min_size=1, max_size=5))
@settings(max_examples=25)
def test_an_explorer_survives_every_move(explorer, moves):
    live, controls = explorer.live, explorer.children[1].children
    for which, number, index, message in moves:
        widget = [live, live, *controls][which % (2 + len(controls))]
        try:
            if isinstance(widget, ipywidgets.Button):
                widget.click()
            elif isinstance(widget, ipywidgets.Dropdown):
                widget.set_state({"index": index % len(widget.options)})
            elif isinstance(widget, ipywidgets.Checkbox):
                widget.set_state({"value": index % 2 == 0})
            elif widget is not live:
                widget.set_state({"value": number})
            elif which == 0:
                live.set_state({"frame": index, "step": index})
            else:
                live._handle_custom_msg(message, [])
        except ValueError as refusal:
            assert live.error == f"ValueError: {refusal}"
        if live.error:
            check_refusal(live.error.removeprefix("ValueError: "), ["point", "start", "theta"])
        check_picture(live)
    across, up, right, down = live._target
    live._handle_custom_msg({"point": [(across + right) / 2, (up + down) / 2]}, [])
    assert live.error == ""


def check_picture(live):
    """What is sent to the browser fits together, and a stand-in can be made of it."""
    n_frames, n_steps = len(live._labels), len(live._updates)
    assert len(live._words) == n_frames and all(live._words)
    assert len(live._values) == 4 * len(live._readout) * n_frames * n_steps
    points = np.frombuffer(live._points, "<f4")
    assert points.size == sum(2 * np.prod(track["shape"]) for track in live._tracks)
    assert not np.isinf(points).any()
    with patch("gdtools.widgets.live.png", lambda figure: b""):
        html, words, _ = live.stand_in()
    assert words in html and "nan" not in words
