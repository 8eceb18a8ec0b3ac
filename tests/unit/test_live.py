"""LiveFigure: what the browser is sent, what readers without a kernel see, and what a click comes to."""

import base64
import inspect
import io
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image
from test_plots import Img

from gdtools import plots
from gdtools.quiz.question import Question
from gdtools.widgets import live as live_module
from gdtools.widgets.live import FAR, LiveFigure, Track

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
WORDS = ["Slow.", "Fast.", "Wild."]


@pytest.fixture(autouse=True)
def no_widget_is_left():
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def drawn():
    """Linear axes on the left, logarithmic ones on the right, in a figure of 300 × 150 pixels."""
    left, right = Figure(figsize=(3, 1.5), dpi=100).subplots(1, 2)
    left.set(xlim=(-5, 5), ylim=(-2, 2))
    right.set(xlim=(0, 10), ylim=(1e-6, 1e3), yscale="log", yticks=[1e-6, 1e3])
    return left, right


@pytest.fixture
def axes(drawn, undrawn):
    return drawn


def make(axes, labels=("0.1", "0.2", "0.3"), **options):
    return LiveFigure(axes[0].figure, "η", labels, alt="A path.", **options)


def data_of(ax, pixels):
    """Data coordinates of pixels from the upper left corner."""
    return ax.transData.inverted().transform(np.asarray(pixels) * [1, -1] + [0, ax.figure.bbox.height])


def as_live_js_reads(live, track, frame, step):
    """The points (x, y) that drawTrack in live.js takes from the buffer for one track."""
    data = np.frombuffer(live._points, dtype="<f4")
    offset = sum(2 * np.prod(earlier["shape"]) for earlier in live._tracks[:track])
    frames, steps, points = live._tracks[track]["shape"]
    first = offset + 2 * points * ((frame % frames) * steps + min(step, steps - 1))
    last = first + 2 * (min(step + 1, points) if live._tracks[track]["grow"] else points)
    return data[first:last].reshape(-1, 2)


# --- Track


@pytest.mark.parametrize("which", [0, 1], ids=["linear axes", "logarithmic axes"])
def test_a_tracks_pixels_are_those_of_matplotlib_counted_from_the_top(axes, which):
    x, y = RNG.uniform(0, 5, size=(3, 4)), 10 ** RNG.uniform(-6, 0, size=(3, 4))
    pixels = Track(axes[which], x, y, "black").pixels()
    assert (pixels.shape, pixels.dtype) == ((3, 1, 4, 2), "<f4")
    for i, j in np.ndindex(3, 4):
        across, up = axes[which].transData.transform([x[i, j], y[i, j]])
        np.testing.assert_allclose(pixels[i, 0, j], [across, 150 - up], rtol=1e-5)


@pytest.mark.parametrize(
    ("x", "y", "shape"),
    [
        (0.5, 0.5, (1, 1, 1)),
        ([0, 1], [0, 1], (1, 1, 2)),
        ([0, 1], np.zeros((3, 2)), (3, 1, 2)),
        (np.zeros((3, 1)), np.zeros(4), (3, 1, 4)),
        ([0, 1], np.zeros((3, 5, 2)), (3, 5, 2)),
        (np.zeros((5, 1)), np.zeros((3, 5, 1)), (3, 5, 1)),
    ],
)
def test_x_and_y_broadcast_to_frames_steps_and_points(axes, x, y, shape):
    assert Track(axes[0], x, y, "black").pixels().shape == (*shape, 2)


def middle(ax):
    box = ax.get_window_extent()
    return np.array([box.x0 + box.width / 2, ax.figure.bbox.height - box.y0 - box.height / 2])


@pytest.mark.parametrize("which", [0, 1], ids=["linear axes", "logarithmic axes"])
def test_points_far_outside_have_finite_pixels_and_nan_stays(axes, which):
    far = [1e9, -1e9, 1e300, -1e300, np.inf, -np.inf]
    pixels = Track(axes[which], [*far, np.nan, 1], 1, "black").pixels()[0, 0]
    offset = pixels - middle(axes[which])
    np.testing.assert_allclose(offset[:6, 0], [FAR, -FAR] * 3)
    assert (abs(offset[:6, 1]) < 1).all()
    assert np.isnan(pixels[6, 0])
    assert 0 < pixels[7, 0] < 300


def test_points_far_outside_lie_in_their_true_direction(axes):
    away = (-4.0) ** np.arange(0, 400, 7)
    offset = Track(axes[0], 3 * away, -away, "black").pixels()[0, 0] - middle(axes[0])
    slope = offset[:, 1] / offset[:, 0]
    shown = Track(axes[0], [0, 3], [0, -1], "black").pixels()[0, 0]
    assert abs(offset).max() == pytest.approx(FAR)
    np.testing.assert_allclose(slope[3:], np.divide(*np.diff(shown, axis=0)[0, ::-1]), atol=1e-3)


def test_a_point_infinitely_far_in_both_directions_breaks_the_line(axes):
    pixels = Track(axes[0], [0, -np.inf, np.inf], [0, np.inf, 1], "black").pixels()[0, 0]
    assert np.isnan(pixels).any(axis=1).tolist() == [False, True, False]


@pytest.mark.parametrize("loss", [1e300, np.inf])
def test_a_diverging_loss_lies_above_a_logarithmic_axis(axes, loss):
    (x, top), (beyond_x, beyond) = Track(axes[1], 1, [1e3, loss], "black").pixels()[0, 0]
    assert -FAR <= beyond < top
    assert np.isfinite(beyond_x)


def test_a_loss_of_zero_lies_below_a_logarithmic_axis(axes):
    bottom, beyond = Track(axes[1], 1, [1e-6, 0], "black").pixels()[0, 0, :, 1]
    assert bottom < beyond <= FAR


@pytest.mark.parametrize(
    ("options", "x", "y"),
    [
        ({}, [0, 1], RNG.random((3, 2))),
        ({}, [0, 1], RNG.random((3, 5, 2))),
        ({"grow": True}, np.arange(5), RNG.random((3, 5))),
        ({"grow": True}, np.arange(3), RNG.random((3, 3))),
        ({}, [[0, 1, 2]], 0.5),
    ],
    ids=["still", "another at each step", "growing", "growing, but shorter", "the same in all frames"],
)
def test_the_browser_reads_at_each_frame_and_step_what_python_means(axes, options, x, y):
    before = Track(axes[1], [1, 2, 3], 10.0 ** -RNG.random((3, 3)), "black")
    track = Track(axes[0], x, y, "black", **options)
    after = Track(axes[0], np.arange(5), np.zeros((3, 5)), "black", grow=True)
    live = make(axes)
    live.replay([before, track, after], WORDS)
    assert live._updates == [0, 1, 2, 3, 4]
    for frame, step in np.ndindex(3, 5):
        last = min(step, y.shape[1] - 1) if np.ndim(y) == 3 else step
        expected = np.column_stack(np.broadcast_arrays(*track.at(frame, last)))
        read = data_of(axes[0], as_live_js_reads(live, 1, frame, step))
        np.testing.assert_allclose(read, expected, atol=1e-4)
        if options:
            assert len(read) == min(step + 1, np.shape(y)[-1])


# --- replay


def test_the_points_buffer_holds_two_floats_a_point_and_nothing_else(axes):
    live = make(axes)
    live.replay([Track(axes[0], 0, np.zeros((3, 5, 2)), "black"), Track(axes[1], 1, [1, 1], "black")], WORDS)
    assert [track["shape"] for track in live._tracks] == [(3, 5, 2), (1, 1, 2)]
    assert len(live._points) == 4 * 2 * (3 * 5 * 2 + 2)


def test_the_values_buffer_holds_name_after_name_frame_after_frame_step_after_step(axes):
    w, loss = RNG.random((3, 5)), RNG.random((3, 5))
    live = make(axes)
    live.replay(
        [Track(axes[0], np.arange(5), w, "black", grow=True)],
        WORDS,
        {"w": w, "loss": loss, "step": np.tile(np.arange(5), (3, 1))},
    )
    assert live._readout == ["w", "loss", "step"]
    values = np.frombuffer(live._values, dtype="<f4")
    assert len(values) == 3 * 3 * 5
    for frame, step in np.ndindex(3, 5):
        read = [values[(n * 3 + frame) * 5 + step] for n in range(3)]
        np.testing.assert_allclose(read, [w[frame, step], loss[frame, step], step], rtol=1e-6)


def test_a_replay_may_bring_other_labels_and_the_sliders_place_is_kept(axes):
    live = make(axes, frame=2)
    live.replay([], ["All at once."], {"loss": [[1.0]]}, labels=["one"])
    assert (live._labels, live.frame, live.stand_in()[1]) == (["one"], 2, "A path. All at once.")
    live.replay([Track(axes[0], 0, np.zeros((3, 1)), "black")], WORDS, labels=[1, 2, 3])
    assert (live._labels, live.frame, live.stand_in()[1]) == (["1", "2", "3"], 2, "A path. Wild.")
    with pytest.raises(ValueError, match="^words must be 2 sentences"):
        live.replay([], WORDS, labels=["a", "b"])
    assert live._labels == ["1", "2", "3"]


def test_each_track_has_its_style_and_is_clipped_to_its_axes(axes):
    live = make(axes)
    live.replay([Track(axes[1], 1, 1, "#0072b2", width=0, dot=5), Track(axes[1], 1, 1, "black", dash=(6, 3))], WORDS)
    style, dashed = live._tracks
    assert (style["dash"], dashed["dash"]) == ((), (6, 3))
    assert (style["color"], style["width"], style["dot"], style["grow"]) == ("#0072b2", 0, 5, False)
    left, top, right, bottom = style["clip"]
    np.testing.assert_allclose(data_of(axes[1], [[left, bottom], [right, top]]), [[0, 1e-6], [10, 1e3]], rtol=1e-9)


def test_the_layout_is_done_so_that_background_and_tracks_keep_the_same_pixels():
    figure, ax = plots.figure()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    live = LiveFigure(figure, "η", ["0.1"], alt="A path.")
    before = ax.transData.transform([[0, 0], [1, 1]])
    ax.set_title("A late\ntitle")
    live.replay([Track(ax, [0, 7], [0, 9], "black")], ["Slow."])
    live.stand_in()
    np.testing.assert_array_equal(ax.transData.transform([[0, 0], [1, 1]]), before)


def test_a_replay_is_one_message(axes):
    live, messages = make(axes), []
    live.comm.send = lambda **message: messages.append(message)
    live.replay([Track(axes[0], np.arange(5), np.zeros((3, 5)), "black", grow=True)], WORDS, {"w": np.zeros((3, 5))})
    (message,) = messages
    state, buffers = message["data"]["state"], message["data"]["buffer_paths"]
    assert state.keys() >= {"step", "_updates", "_tracks", "_words", "_readout", "_replays"}
    assert sorted(buffers) == [["_points"], ["_values"]]
    live.replay([Track(axes[0], np.arange(5), np.zeros((3, 5)), "black", grow=True)], WORDS, {"w": np.zeros((3, 5))})
    assert len(messages) == 2
    assert messages[1]["data"]["state"]["_replays"] == state["_replays"] + 1


def test_the_step_goes_to_the_end_of_another_number_of_steps_and_stays_otherwise(axes):
    live = make(axes)
    steps = []
    for n_steps, wish in [(5, None), (5, 2), (5, None), (8, None)]:
        live.step = live.step if wish is None else wish
        live.replay([Track(axes[0], np.arange(n_steps), np.zeros((3, n_steps)), "black", grow=True)], WORDS)
        steps.append(live.step)
    assert steps == [4, 2, 2, 7]


def test_a_step_beyond_the_end_is_the_end(axes):
    live = make(axes)
    live.replay([Track(axes[0], np.arange(5), np.zeros((3, 5)), "black", grow=True)], WORDS)
    live.set_trait("step", 150)  # as a late message from the browser does
    assert live.step == 4


def test_a_line_that_is_another_at_each_step_counts_its_steps_and_not_its_points(axes):
    live = make(axes)
    live.replay([Track(axes[0], np.zeros((3, 4, 2)), np.zeros((3, 4, 2)), "black")], WORDS)
    assert live._updates == [0, 1, 2, 3]


def test_numbers_beyond_the_browsers_floats_become_infinite_without_a_warning(axes):
    live = make(axes)
    live.replay([Track(axes[0], 1, np.full((3, 1), 1e300), "black")], WORDS, {"loss": np.full((3, 1), 1e300)})
    assert np.isinf(np.frombuffer(live._values, dtype="<f4")).all()


# --- what the browser starts with


@pytest.mark.parametrize("kind", [LiveFigure, Question])
def test_the_browser_gets_a_file_as_it_is_so_that_anywidget_can_reload_it(kind):
    file = Path(inspect.getfile(kind)).with_suffix(".js")
    assert kind._esm._path == file
    assert str(kind._esm) == file.read_text(encoding="utf-8")


def test_the_browser_gets_the_background_the_sizes_and_the_target_of_clicks(drawn):
    live = make(drawn, labels=[0.1, 0.25], frame=1, click=drawn[0])
    assert (live._name, live._labels, live._alt, live.frame) == ("η", ["0.1", "0.25"], "A path.", 1)
    assert live._size == [300, 150]
    background = Image.open(io.BytesIO(live._background))
    assert background.size == (300 * plots.SHARPNESS, 150 * plots.SHARPNESS)
    left, top, right, bottom = live._target
    np.testing.assert_allclose(data_of(drawn[0], [[left, bottom], [right, top]]), [[-5, -2], [5, 2]], atol=1e-9)
    assert make(drawn)._target == []


def test_the_background_looks_like_the_picture_for_readers_without_a_kernel(drawn):
    live = make(drawn)
    sent, stored = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)
        for data in (live._background, plots.png(drawn[0].figure))
    )
    assert np.abs(sent - stored).max() < 32
    assert np.ptp(stored) > 200


@pytest.fixture
def two_faces():
    """A figure with two axes in the same place, and a third beside them."""
    figure = Figure(figsize=(3, 1.5), dpi=100)
    here, beside = figure.subplots(1, 2)
    here.set(xlim=(0, 1), ylim=(0, 1))
    over = figure.add_subplot(here.get_subplotspec(), xlim=(5, 7), ylim=(8, 9), facecolor="#d55e00")
    return here, over, beside


def test_of_axes_in_the_same_place_one_is_shown_and_clicked_at_a_time(two_faces):
    here, over, beside = two_faces
    live, clicked = make(two_faces, click=[here, over]), []
    live.on_point(lambda *point: clicked.append(point))
    pictures = []
    for face, middle in ((here, (0.5, 0.5)), (over, (6, 8.5)), (here, (0.5, 0.5))):
        live.turn_to(face)
        pictures.append(live._background)
        assert [ax.get_visible() for ax in two_faces] == [face is here, face is over, True]
        left, top, right, bottom = live._target
        live._handle_custom_msg({"point": [(left + right) / 2, (top + bottom) / 2]}, [])
        assert clicked[-1] == pytest.approx(middle)
    assert pictures[0] == pictures[2] != pictures[1]


def test_the_first_of_the_axes_is_shown_to_begin_with(two_faces):
    here, over, _ = two_faces
    live = make(two_faces, click=[over, here])
    assert live.click is over and over.get_visible() and not here.get_visible()
    assert live._background == live_module.background(here.figure)


@pytest.mark.parametrize("click", [[], [0], [Figure().subplots()], Figure().subplots()])
def test_only_axes_of_the_figure_can_be_clicked(axes, click):
    with pytest.raises(ValueError, match="^click must be axes of the figure"):
        make(axes, click=click)


@pytest.mark.parametrize("track", [Track, "words"])
def test_what_does_not_fit_is_refused_before_anything_is_shown(axes, track):
    live = make(axes)
    live.replay([Track(axes[0], 0, 0, "black")], WORDS)
    before = live._points, live._words, live.tracks, live._replays
    with pytest.raises(ValueError):
        if track == "words":
            live.replay([], ["Slow."])
        else:
            live.replay([Track(axes[0], 0, np.zeros((2, 1)), "black")], WORDS)
    assert (live._points, live._words, live.tracks, live._replays) == before


# --- the stand-in


def filled(axes, **options):
    live = make(axes, **options)
    x, y = np.linspace(-4, 4, 5), np.array([[-1.5] * 5, [0.0] * 5, [1.0] * 5])
    live.replay(
        [Track(axes[0], x, y, "#d55e00", width=6, grow=True), Track(axes[0], x, y + 0.5, "#0072b2", 0, 5)], WORDS
    )
    return live


@pytest.mark.parametrize("frame", [0, 1, 2])
def test_the_stand_in_is_a_picture_of_the_present_frame_and_step(drawn, frame):
    live = filled(drawn, frame=frame)
    live.step = 2
    img = Img(live.stand_in()[0])
    picture = img.picture().convert("RGB")
    assert img.attributes["width"] == "300"
    assert picture.size == (300 * plots.SHARPNESS, 150 * plots.SHARPNESS)
    for track, x, visible in [(0, -3, True), (0, -1, True), (0, 1, False), (1, -2, True), (1, -1, False)]:
        y = live.tracks[track].y[frame, 0]
        across, down = (drawn[0].transData.transform([x, y]) * [1, -1] + [0, 150]) * plots.SHARPNESS
        color = 255 * np.array(to_rgb(live.tracks[track].color))
        near = np.abs(np.array(picture.getpixel((round(across), round(down)))) - color).max() < 12
        assert near == visible, (track, x)
    assert live.stand_in()[1] == f"A path. {WORDS[frame]}"


def test_a_line_in_the_stand_in_is_as_many_pixels_wide_as_in_the_browser(drawn):
    live = filled(drawn)
    picture = np.asarray(Img(live.stand_in()[0]).picture().convert("RGB"), dtype=float)
    across, _ = drawn[0].transData.transform([-3, 0]) * plots.SHARPNESS
    column = picture[:, round(across)]
    near = np.abs(column - 255 * np.array(to_rgb("#d55e00"))).max(axis=-1) < 40
    assert near.sum() == pytest.approx(6 * plots.SHARPNESS, abs=2)


def test_a_dashed_line_in_the_stand_in_has_the_dashes_of_the_browser(drawn):
    live = make(drawn)
    live.replay([Track(drawn[0], [-5, 5], [0, 0], "#d55e00", width=4, dash=(12, 6))], WORDS)
    picture = np.asarray(Img(live.stand_in()[0]).picture().convert("RGB"), dtype=float)
    (left, up), (right, _) = drawn[0].transData.transform([[-5, 0], [5, 0]]) * plots.SHARPNESS
    row = picture[round(150 * plots.SHARPNESS - up), round(left) : round(right)]
    ink = np.abs(row - 255 * np.array(to_rgb("#d55e00"))).max(axis=-1) < 60
    x = np.arange(len(ink)) / plots.SHARPNESS
    sure = np.abs(x % 18 - 6) < 4, np.abs(x % 18 - 15) < 1.5  # the middles of the dashes and of the gaps
    inner = (x > 4) & (x < x[-1] - 4)
    assert ink[sure[0] & inner].all()
    assert not ink[sure[1] & inner].any()


def test_the_stand_ins_alt_text_is_escaped_and_the_words_go_with_it(drawn):
    live = LiveFigure(drawn[0].figure, "η", ["0.1"], alt='"η" < 1 & so on.')
    live.replay([], ["It <zigzags>."])
    html, alt, _ = live.stand_in()
    assert alt == '"η" < 1 & so on. It <zigzags>.'
    assert Img(html).attributes["alt"] == alt
    assert html.startswith('<div class="gdtools-stand-in"><img ')


def test_the_stand_in_leaves_the_figure_as_it_was(drawn):
    live = filled(drawn)
    artists, picture = drawn[0].figure.findobj(), plots.png(drawn[0].figure)
    assert live.stand_in() == live.stand_in()
    assert drawn[0].figure.findobj() == artists
    assert plots.png(drawn[0].figure) == picture
    assert live_module.background(drawn[0].figure) == live._background


def test_a_diverging_frame_has_a_stand_in(drawn):
    live = make(drawn)
    away = np.array([1, 1e10, 1e300, np.inf])
    live.replay([Track(ax, away, np.tile(away, (3, 1)), "black", dot=3, grow=True) for ax in drawn], WORDS)
    html, *_ = live.stand_in()
    assert base64.b64decode(html.split("base64,")[1].split('"')[0]).startswith(b"\x89PNG")


# --- from the browser


@pytest.mark.parametrize(("which", "point"), [(0, (-3.5, 1.25)), (0, (4, -2)), (1, (2.5, 1e-3))], ids=str)
def test_a_clicked_pixel_reaches_the_handler_in_data_coordinates(axes, which, point):
    live, points = make(axes, click=axes[which]), []
    live.on_point(lambda x, y: points.append((x, y)))
    across, down = axes[which].transData.transform(point) * [1, -1] + [0, 150]
    live._handle_custom_msg({"point": [across, down]}, [])
    np.testing.assert_allclose(points, [point])


@pytest.mark.parametrize("point", [[np.nan, 10], [None, None], [10], "ab", [np.inf, 10]], ids=str)
def test_a_point_that_is_no_point_is_refused(axes, point):
    live, points = make(axes, click=axes[0]), []
    live.on_point(lambda *xy: points.append(xy))
    live._handle_custom_msg({"point": point}, [])
    assert points == []
    assert live.error.startswith("ValueError: point must be finite numbers")


def test_an_exception_in_a_handler_is_shown_under_the_figure_and_raised(axes):
    live = filled(axes, click=axes[0])

    def fail(*_):
        raise ValueError("no such start")

    with pytest.raises(ValueError, match="no such start"):
        live.reporting(fail)()
    assert live.error == "ValueError: no such start"
    live.replay([], WORDS)
    assert live.error == ""
    live.on_point(fail)
    live._handle_custom_msg({"point": [100, 100]}, [])
    assert live.error == "ValueError: no such start"


def test_a_reporting_handler_passes_arguments_and_result_through(axes):
    live = make(axes)
    assert live.reporting(lambda a, b: a + b)(1, 2) == 3
    assert live.error == ""


def test_the_sliders_positions_can_be_set_and_observed_from_python(axes):
    live, seen = filled(axes), []
    live.observe(lambda change: seen.append((change["name"], change["new"])), ["frame", "step"])
    live.frame, live.step = 2, 1
    assert seen == [("frame", 2), ("step", 1)]
