"""Explorers: what the sliders show is what `descend` computes; a new start by number and by click; the words."""

import base64
from types import SimpleNamespace

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from test_plots import Img

from gdtools.descent import descend
from gdtools.explorers import Explorer, bowls, explore_descent, explore_line
from gdtools.losses import LeastSquares, Quadratic, bowl
from gdtools.widgets import cells as cells_module
from gdtools.widgets.live import LiveFigure

pytestmark = pytest.mark.filterwarnings("error")

TOY = bowl(1, 4)
TILTED = Quadratic([[5, 2], [2, 3]], minimiser=[2, -1], floor=1)
LINE = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 6])
RATES = [0.05, 0.125, 0.2, 0.25, 0.3]


@pytest.fixture(autouse=True)
def no_explorer_is_remembered(monkeypatch):
    monkeypatch.setattr(Explorer, "_shown", {})


@pytest.fixture(scope="module")
def drawn_once():
    yield explore_descent(TOY, (4, 2), RATES, steps=10, factors=True)
    ipywidgets.Widget.close_all()


@pytest.fixture
def toy(drawn_once):
    boxes(drawn_once)[0].value, boxes(drawn_once)[1].value = 4, 2
    drawn_once.live.set_trait("frame", 0)
    drawn_once.live.set_trait("step", 10)
    return drawn_once


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr(cells_module, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def boxes(explorer):
    return explorer.children[1].children


def start_of(explorer):
    return [box.value for box in boxes(explorer)]


def tracks_in(explorer, x_label):
    tracks = [track for track in explorer.live.tracks if track.ax.get_xlabel().startswith(x_label)]
    assert tracks
    return tracks


def path_of(explorer, frame):
    """Where the path goes at one position of the slider, shape (rows, 2)."""
    growing = [
        t for t in tracks_in(explorer, explorer.live.click.get_xlabel()) if t.grow and t.ax is explorer.live.click
    ]
    (way,) = growing
    return np.column_stack(way.at(frame, np.shape(way.x)[-1] - 1))


def click(explorer, x, y):
    live = explorer.live
    across, up = live.click.transData.transform([x, y])
    live._handle_custom_msg({"point": [across, live._size[1] - up]}, [])


# --- what is shown


@pytest.mark.parametrize(
    ("explore", "loss", "options"),
    [
        (explore_descent, TOY, {}),
        (explore_descent, TOY, {"factors": True}),
        (explore_descent, TILTED, {"factors": True}),
        (explore_descent, LINE, {}),
        (explore_line, LINE, {}),
    ],
    ids="toy|toy with factors|tilted with factors|line as a bowl|line".split("|"),
)
def test_at_each_position_of_the_slider_the_path_is_that_of_descend(undrawn, explore, loss, options):
    explorer = explore(loss, (3, 0.5), RATES, steps=10, **options)
    live = explorer.live
    assert live._labels == ["0.05", "0.125", "0.2", "0.25", "0.3"]
    values = np.frombuffer(live._values, dtype="<f4").reshape(3, 5, 11)
    assert live._readout == [*loss.names, "loss"]
    for frame, rate in enumerate(RATES):
        run = descend(loss, (3, 0.5), rate, steps=10)
        np.testing.assert_allclose(path_of(explorer, frame), run.theta, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(values[:2, frame].T, run.theta, rtol=1e-5, atol=1e-12)
        np.testing.assert_allclose(values[2, frame], run.loss, rtol=1e-5)


def test_the_start_keeps_its_dot_and_a_dot_moves_with_the_step(toy):
    _, *dots = [track for track in toy.live.tracks if track.ax is toy.live.click]
    for frame, step in [(0, 0), (2, 3), (4, 10)]:
        now = descend(TOY, (4, 2), RATES[frame], steps=10).theta[step]
        points = [np.column_stack(np.broadcast_arrays(*dot.at(frame, step))).tolist() for dot in dots]
        assert points == [[[4, 2]], [pytest.approx(now)]]


def test_the_loss_curve_is_that_of_descend(toy):
    curve, dot = tracks_in(toy, "update")
    for frame, step in [(0, 10), (2, 3), (4, 10)]:
        run = descend(TOY, (4, 2), RATES[frame], steps=10)
        np.testing.assert_allclose(np.column_stack(curve.at(frame, step)), np.c_[run.updates, run.loss][: step + 1])
        np.testing.assert_allclose(np.ravel(dot.at(frame, step)), [step, run.loss[step]])


@pytest.mark.parametrize("loss", [TOY, TILTED, bowl(4, 1)], ids=["toy", "tilted", "steep first"])
def test_the_bars_are_the_shares_that_each_direction_keeps_of_its_distance(undrawn, loss):
    explorer = explore_descent(loss, (1, 0.5), RATES, steps=3, factors=True)
    bars = tracks_in(explorer, "|1 − ηλ|")
    directions = np.linalg.eigh(loss.hessian)[1]
    for frame, rate in enumerate(RATES):
        before, after = ((descend(loss, (1, 0.5), rate, steps=1).theta - loss.minimiser) @ directions)[:2]
        for bar, kept in zip(bars, np.abs(after / before), strict=True):
            np.testing.assert_allclose(bar.at(frame, 0)[0], [0, kept], atol=1e-12)
    labels = [label.get_text() for label in bars[0].ax.get_yticklabels()]
    assert labels == (["w₁", "w₂"] if loss is TOY else ["the flat direction", "the steep direction"])


def test_the_fitted_line_is_intercept_plus_slope_times_x(undrawn):
    explorer = explore_line(LINE, (0.5, 2), RATES, steps=10, labels=("miles", "minutes"))
    (line,) = tracks_in(explorer, "miles")
    assert line.ax.get_ylabel() == "minutes"
    for frame, step in [(0, 0), (1, 4), (4, 10)]:
        intercept, slope = descend(LINE, (0.5, 2), RATES[frame], steps=10).theta[step]
        x, y = line.at(frame, step)
        np.testing.assert_allclose(y, intercept + slope * x)
        assert x[0] < 0 < 2 < x[-1]


def test_the_line_is_drawn_among_the_data(undrawn):
    data = explore_line(LINE, (0, 0), [0.1]).live.figure.axes[0].lines[0]
    np.testing.assert_array_equal(data.get_xydata(), [[0, 1], [1, 3], [2, 6]])


@pytest.mark.parametrize(("rate", "frame"), [(None, 0), (0.2, 2), (0.19, 2), (9, 4), (0, 0)])
def test_the_slider_begins_at_the_rate_nearest_to_the_wish_and_at_the_last_step(undrawn, rate, frame):
    live = explore_descent(TOY, (4, 2), RATES, learning_rate=rate, steps=7).live
    assert (live.frame, live.step, len(live._updates)) == (frame, 7, 8)


# --- the words


@pytest.mark.parametrize(
    ("rate", "fate", "factors"),
    [
        (0, "It stays where it is.", ("1", "1")),
        (0.1, "It converges without zigzag.", ("0.8", "0.2")),
        (0.124, "It converges without zigzag.", ("0.752", "0.008")),
        (0.125, "It converges without zigzag.", ("0.75", "0")),
        (0.126, "It zigzags and converges.", ("0.748", "−0.008")),
        (0.2, "It zigzags and converges.", ("0.6", "−0.6")),
        (0.249, "It zigzags and converges.", ("0.502", "−0.992")),
        (0.25, "It bounces for ever.", ("0.5", "−1")),
        (0.251, "It diverges.", ("0.498", "−1.01")),
        (0.3, "It diverges.", ("0.4", "−1.4")),
        (1, "It diverges.", ("−1", "−7")),
    ],
)
def test_the_words_say_what_each_rate_does(rate, fate, factors):
    (words,) = bowls._verdicts(TOY, (4, 2), np.array([rate]))
    along = "along w₁ by {}, along w₂ by {}".format(*factors)
    assert words == f"{fate} Each update multiplies the distance {along}."


@pytest.mark.parametrize("loss", [TOY, TILTED, LINE], ids=["toy", "tilted", "line"])
def test_the_words_agree_with_long_runs(loss):
    limit = loss.largest_stable_rate
    rates = limit * np.array([0.1, 0.3, 0.45, 0.7, 0.9, 0.99, 1.01, 1.5])
    start = loss.minimiser + [1, 0.7]
    away = descend(loss, start, rates, steps=3000).theta - loss.minimiser
    steep, end = away[:2] @ np.linalg.eigh(loss.hessian)[1][:, -1], np.abs(away[-1]).max(axis=-1)
    for run, words in enumerate(bowls._verdicts(loss, start, rates)):
        assert ("converges" in words) == (end[run] < 1e-6)
        assert ("diverges" in words) == (end[run] > 1e6)
        assert ("without zigzag" in words) == (steep[1, run] * steep[0, run] > 0)


def test_a_rate_that_crawls_for_a_million_updates_still_converges():
    raw_miles = bowl(0.3, 1.6e6)
    below, zigzag, above = bowls._verdicts(raw_miles, (1, 1), np.array([1e-7, 5e-7, 7e-7]))
    assert below.startswith("It converges without zigzag.")
    assert zigzag.startswith("It zigzags and converges.")
    assert above.startswith("It diverges.")


@pytest.mark.parametrize("loss", [TOY, TILTED, LINE], ids=["toy", "tilted", "line"])
def test_from_a_start_on_an_axis_only_that_direction_counts(loss):
    _, directions = np.linalg.eigh(loss.hessian)
    rates = np.array([1.5 * loss.largest_stable_rate])
    (flat,) = bowls._verdicts(loss, loss.minimiser + directions[:, 0], rates)
    (steep,) = bowls._verdicts(loss, loss.minimiser + directions[:, 1], rates)
    assert flat.startswith("It converges")
    assert steep.startswith("It diverges")
    assert [words.count("along") for words in (flat, steep)] == [1, 1]


def test_at_the_minimum_there_is_nothing_to_tell_apart():
    (words,) = bowls._verdicts(TOY, TOY.minimiser, np.array([9]))
    assert words == "The start is the minimum: no update moves it."


# --- a new start


def test_typing_a_new_start_moves_the_path_and_the_loss(toy):
    boxes(toy)[0].value = -3
    boxes(toy)[1].value = 1.5
    for frame, rate in enumerate(RATES):
        run = descend(TOY, (-3, 1.5), rate, steps=10)
        np.testing.assert_allclose(path_of(toy, frame), run.theta)
        np.testing.assert_allclose(tracks_in(toy, "update")[0].at(frame, 10)[1], run.loss)


def test_a_click_sets_both_numbers_and_moves_the_path(toy):
    click(toy, -3.5, 1.25)
    assert start_of(toy) == [-3.5, 1.25]
    np.testing.assert_allclose(path_of(toy, 2), descend(TOY, (-3.5, 1.25), 0.2, steps=10).theta)


def test_a_click_or_a_number_costs_one_descent_and_one_replay(toy, monkeypatch):
    starts = []
    monkeypatch.setattr(bowls, "descend", lambda *args, **kw: starts.append(args[1]) or descend(*args, **kw))
    before = toy.live._replays
    click(toy, -3.5, 1.25)
    assert (starts, toy.live._replays) == ([[-3.5, 1.25]], before + 1)
    boxes(toy)[0].value = 2
    assert (starts[1:], toy.live._replays) == ([[2, 1.25]], before + 2)


def test_the_numbers_still_work_after_a_click(toy):
    click(toy, -3.5, 1.25)
    boxes(toy)[1].value = -2
    np.testing.assert_allclose(path_of(toy, 0)[0], [-3.5, -2])


def test_a_new_start_keeps_the_sliders_where_they_are(toy):
    toy.live.frame, toy.live.step = 3, 4
    click(toy, 1, 1)
    assert (toy.live.frame, toy.live.step) == (3, 4)


@pytest.mark.parametrize("way", ["given", "typed", "clicked"])
def test_a_start_outside_the_window_goes_to_its_edge(undrawn, toy, way):
    if way == "given":
        toy = explore_descent(TOY, (99, -99), RATES, steps=10)
    elif way == "typed":
        boxes(toy)[0].value, boxes(toy)[1].value = 99, -99
    else:
        click(toy, 99, -99)
    assert start_of(toy) == [5, -5]
    assert path_of(toy, 0)[0].tolist() == [5, -5]


@pytest.mark.parametrize("loss", [TOY, TILTED, LINE], ids=["toy", "tilted", "line"])
def test_the_numbers_are_named_and_range_over_the_window(undrawn, loss):
    explorer = explore_descent(loss, (0, 0), [0.1])
    assert [box.description for box in boxes(explorer)] == [f"start {name}" for name in loss.names]
    assert tuple((box.min, box.max) for box in boxes(explorer)) == loss.window


def test_a_click_that_is_no_place_leaves_the_start_as_it_is(toy):
    toy.live._handle_custom_msg({"point": [float("nan"), 10]}, [])
    assert start_of(toy) == [4, 2]
    assert toy.live.error.startswith("ValueError: point must be finite numbers")
    click(toy, 1, 1)
    assert (start_of(toy), toy.live.error) == ([1, 1], "")


def test_an_error_at_a_new_start_is_shown_under_the_figure_and_raised_and_goes_with_the_next_start(toy, monkeypatch):
    def fail(*_, **__):
        raise ValueError("too hot")

    with monkeypatch.context() as broken:
        broken.setattr(bowls, "descend", fail)
        with pytest.raises(ValueError, match="too hot"):
            boxes(toy)[0].value = 1
        assert toy.live.error == "ValueError: too hot"
        toy.live.error = ""
        click(toy, 1, 1)
        assert toy.live.error == "ValueError: too hot"
    click(toy, 2, 2)
    assert toy.live.error == ""


def test_rates_that_diverge_beyond_all_numbers_give_no_warning():
    live = explore_descent(TOY, (4, 2), [0.1, 2, 1e3], learning_rate=1e3, steps=300, factors=True).live
    assert "It diverges." in live.stand_in()[1]
    assert np.isinf(np.frombuffer(live._values, dtype="<f4").reshape(3, 3, 301)[2, 1:, -1]).all()


def test_a_line_that_diverges_beyond_all_numbers_gives_no_warning(undrawn):
    live = explore_line(LINE, (0, 0), [0.1, 2, 1e3], learning_rate=1e3, steps=300).live
    assert "It diverges." in live.stand_in()[1]


# --- in the notebook


class Cells:
    """A kernel, as far as explorers ask it: which cell is running, in which request."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(cells_module, "get_ipython", lambda: SimpleNamespace(kernel=self))

    def get_parent(self):
        return {"metadata": {"cellId": self.cell}, "header": {"msg_id": self.run}}

    def display(self, explorer, cell, run):
        self.cell, self.run = cell, run
        explorer._ipython_display_()


def small():
    figure = LiveFigure(Figure(figsize=(1, 1)), "η", ["0.1"], alt="Nothing.")
    figure.replay([], ["Still nothing."])
    return Explorer(figure, [ipywidgets.FloatText()])


def alive(explorer):
    widgets = [explorer, *explorer.children, *boxes(explorer)] if explorer.children else [explorer]
    assert len({widget.comm is None for widget in widgets}) == 1
    return explorer.comm is not None


def test_a_notebook_gets_a_picture_with_its_words_and_then_the_widget(shown, toy):
    toy.live.frame = 3
    toy._ipython_display_()
    stand_in, widget = shown
    assert "It bounces for ever." in stand_in["text/plain"]
    assert stand_in["text/plain"] == Img(stand_in["text/html"]).attributes["alt"]
    assert base64.b64decode(stand_in["image/png"]).startswith(b"\x89PNG")
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"] == toy.model_id


def test_closing_frees_the_arrays_too():
    explorer = small()
    explorer.live.tracks = [np.zeros(9)]
    explorer.close_all()
    assert explorer.live.tracks == []


def test_a_second_run_of_a_cell_frees_what_the_first_has_shown(shown, monkeypatch):
    cells, (first, second) = Cells(monkeypatch), (small(), small())
    cells.display(first, "a", run=1)
    assert alive(first)
    cells.display(second, "a", run=2)
    assert not alive(first)
    assert alive(second)


def test_explorers_of_one_run_and_of_other_cells_live_side_by_side(shown, monkeypatch):
    cells, (one, two, elsewhere, again) = Cells(monkeypatch), [small() for _ in range(4)]
    cells.display(one, "a", run=1)
    cells.display(two, "a", run=1)
    cells.display(elsewhere, "b", run=2)
    assert alive(one) and alive(two) and alive(elsewhere)
    cells.display(again, "a", run=3)
    assert [alive(explorer) for explorer in (one, two, elsewhere, again)] == [False, False, True, True]


def test_an_explorer_shown_again_by_the_same_cell_stays_alive(shown, monkeypatch):
    cells, explorer = Cells(monkeypatch), small()
    cells.display(explorer, "a", run=1)
    cells.display(explorer, "a", run=2)
    assert alive(explorer)


@pytest.mark.parametrize("kernel", ["names no cell", "has no request", "is missing"])
def test_where_no_cell_is_known_all_explorers_stay(shown, monkeypatch, kernel):
    cells, (first, second) = Cells(monkeypatch), (small(), small())
    if kernel == "has no request":
        monkeypatch.setattr(Cells, "get_parent", lambda self: {})
    if kernel == "is missing":
        monkeypatch.setattr(cells_module, "get_ipython", lambda: None)
    cells.display(first, None, run=1)
    cells.display(second, None, run=2)
    assert alive(first) and alive(second)
    assert len(shown) == 4


def test_a_loss_below_zero_has_a_place_on_the_axis(undrawn):
    explorer = explore_descent(Quadratic([[2, 0], [0, 8]], floor=-50), (4, 2), RATES, steps=10)
    (curve,) = [ax for ax in explorer.live.figure.axes if ax.get_ylabel() == "loss"]
    assert curve.get_yscale() == "linear"
    low, high = curve.get_ylim()
    run = descend(Quadratic([[2, 0], [0, 8]], floor=-50), (4, 2), 0.1, steps=10)
    assert low <= run.loss.min() < 0 and run.loss.max() <= high
