"""Static pictures: what the axes hold, and what `show` puts in the notebook."""

import base64
import io
import re
import tomllib
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from PIL import Image

from gdtools import plots
from gdtools.descent import descend
from gdtools.explorers.race import RACERS
from gdtools.losses import LeastSquares, Quadratic, Surface, bowl

pytestmark = pytest.mark.filterwarnings("error")

TOY = bowl(1, 4)
RUN = descend(TOY, (4, 2), 0.1, steps=20)
DIVERGING = descend(TOY, (4, 2), 0.9, steps=1000)
RUN_FIGURE = plots.path(RUN).figure
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LINE = LeastSquares([[1, 0], [1, 1], [1, 2]], [1, 3, 5])
COLORS = ["FULL_BATCH", "MINI_BATCH", "SGD", "MARK", "NOW"]


def linear(color):
    return np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)])


def luminance(color):
    """Relative luminance, as in WCAG 2."""
    return linear(color) @ [0.2126, 0.7152, 0.0722]


class Img(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.images = []
        self.feed(html)
        (self.attributes,) = self.images

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.images.append(dict(attributes))

    def picture(self):
        head, data = self.attributes["src"].split(",")
        assert head == "data:image/png;base64"
        return Image.open(io.BytesIO(base64.b64decode(data, validate=True)))


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr(plots, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def contrast(color, behind="white"):
    return (luminance(behind) + 0.05) / (luminance(color) + 0.05)


RACER_COLORS = [color for _, color, _ in RACERS.values()]
DASHES = {name: dash for name, (_, _, dash) in RACERS.items()}

# Linear RGB as the eye sees it: with all cones, without those for green, without those for red.
# Source: Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision Deficiency
# (2009), severity 1.
EYES = {
    "all cones": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}


def seen(color, eye):
    """A colour in OKLab, where equal distances look equally large, as an eye sees it.

    Source: Ottosson, A Perceptual Color Space for Image Processing (2020).
    """
    rgb = np.clip(EYES[eye] @ linear(color), 0, 1)
    cones = np.array([[0.412221, 0.536333, 0.051446], [0.211903, 0.680700, 0.107397], [0.088302, 0.281719, 0.629979]])
    lab = np.array([[0.210454, 0.793618, -0.004072], [1.977998, -2.428592, 0.450594], [0.025904, 0.782772, -0.808676]])
    return lab @ np.cbrt(cones @ rgb)


@pytest.mark.parametrize("color", [*(getattr(plots, name) for name in COLORS), *RACER_COLORS])
def test_every_line_colour_stands_out_from_white(color):
    assert contrast(color) >= 3


@pytest.mark.parametrize("color", RACER_COLORS)
def test_a_racer_stands_out_from_the_light_greys_of_the_contours(color):
    greys = plots.contours(TOY).collections[0].get_facecolors()
    behind = greys[:, 3:] * greys[:, :3] + 1 - greys[:, 3:]
    assert min(contrast(color, grey) for grey in behind[:10]) >= 3  # of 14: up to half of the highest loss


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("colors", [[getattr(plots, name) for name in COLORS], RACER_COLORS], ids=["course", "racers"])
def test_line_colours_are_told_apart_by_colour_blind_eyes(colors, eye):
    for one, other in combinations(colors, 2):
        assert np.linalg.norm(seen(one, eye) - seen(other, eye)) > 0.1, (one, other)


def test_racers_are_told_apart_by_their_dashes_alone():
    for one, other in combinations(DASHES.values(), 2):
        short, long = sorted((max(one, default=np.inf), max(other, default=np.inf)))
        assert len(one) != len(other) or long >= 2 * short, (one, other)


def test_no_two_line_colours_are_the_same():
    assert len({getattr(plots, name) for name in COLORS}) == len(COLORS)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.contours(TOY),
        lambda: plots.path(RUN),
        lambda: plots.figure()[1],
        lambda: plots.figure(3)[1][2],
    ],
    ids="contours|path|figure|figures".split("|"),
)
def test_no_figure_is_pyplots_so_none_is_shown_twice_or_has_to_be_closed(draw):
    assert isinstance(draw().figure, Figure)
    assert pyplot.get_fignums() == []


def test_a_figure_has_so_many_axes_and_inches():
    figure, axes = plots.figure(3, width=6, height=2)
    assert axes.shape == (3,)
    assert figure.axes == list(axes)
    assert figure.get_size_inches().tolist() == [6, 2]


@pytest.mark.parametrize("draw", [plots.contours, plots.path])
def test_given_axes_are_drawn_in_and_returned(draw):
    _, (ax, other) = plots.figure(2)
    assert draw(TOY if draw is plots.contours else RUN, ax) is ax
    assert ax.has_data()
    assert not other.has_data()


@pytest.mark.parametrize("loss", [TOY, LINE, Quadratic([[5, 2], [2, 3]], minimiser=[-3, 1], floor=9)])
def test_contours_fill_the_window_and_name_the_parameters(loss):
    ax = plots.contours(loss)
    assert (ax.get_xlabel(), ax.get_ylabel()) == loss.names
    np.testing.assert_allclose([ax.get_xlim(), ax.get_ylim()], loss.window)
    assert ax.get_aspect() == 1


def test_the_loss_grows_with_the_square_of_a_rings_number():
    levels = plots.contours(TOY).collections[0].levels
    number = np.arange(len(levels))
    highest = TOY.value(np.transpose(np.meshgrid(*TOY.window))).max()
    np.testing.assert_allclose(levels, highest * (number / number[-1]) ** 2, atol=0.01)


def test_a_path_goes_through_the_points_of_the_trajectory_with_a_ring_at_its_start():
    way, ring = plots.path(RUN, color=plots.SGD, label="a run").lines
    np.testing.assert_allclose(way.get_xydata(), RUN.theta)
    np.testing.assert_allclose(ring.get_xydata(), [[4, 2]])
    assert (way.get_color(), way.get_label()) == (plots.SGD, "a run")
    assert ring.get_fillstyle() == "none"


@pytest.mark.parametrize("run", [RUN, DIVERGING], ids=["converging", "diverging"])
def test_a_path_is_drawn_over_the_contours_of_its_loss_inside_their_window(run):
    ax = plots.path(run)
    assert len(ax.collections) == len(plots.contours(TOY).collections)
    np.testing.assert_allclose([ax.get_xlim(), ax.get_ylim()], TOY.window)


def test_points_too_far_away_are_brought_near_in_their_direction_from_the_centre():
    points = [[110, 5], [100, 7], [100 + 2e9, 5 - 1e9], [100 - 3e300, 5]]
    expected = [[110, 5], [100, 7], [1100, -495], [-900, 5]]
    np.testing.assert_allclose(plots.nearer(np.array(points), [100, 5], 1000), expected)


def test_a_diverging_run_is_drawn_with_finite_points_that_leave_the_window():
    assert np.isinf(DIVERGING.theta).any()
    path = plots.path(DIVERGING)
    way = path.lines[0].get_xydata()
    lost = np.isinf(DIVERGING.theta).all(axis=1)
    assert (np.isfinite(way).all(axis=1) != lost).all()  # where nobody knows the direction, the line is broken
    np.testing.assert_allclose(way[:2], DIVERGING.theta[:2])
    assert abs(way[~lost][-1]).max() > 1e5
    assert len(plots.png(path.figure)) > 1000


@pytest.mark.parametrize("alt", ["The path bends, then crawls.", 'It "jumps" & w₁ < w₂ > 0, η = 0.1 <b>'])
def test_show_emits_an_image_with_its_alt_text_and_the_same_as_plain_text(shown, alt):
    figure, ax = plots.figure(width=2, height=1)
    plots.show(ax, alt=alt)
    plots.show(figure, alt=alt)
    for bundle in shown:
        assert bundle.keys() == {"text/html", "text/plain", "image/png"}
        assert bundle["text/plain"] == alt
        assert Img(bundle["text/html"]).attributes["alt"] == alt
    of_the_axes, of_the_figure = shown
    assert of_the_axes == of_the_figure


def test_exports_without_html_have_the_same_picture_in_half_the_size_and_less_than_half_the_bytes(shown):
    plots.show(RUN_FIGURE, alt="A path.")
    whole = Img(shown[0]["text/html"]).picture().convert("RGB")
    alone = Image.open(io.BytesIO(base64.b64decode(shown[0]["image/png"]))).convert("RGB")
    assert alone.size == tuple(side // plots.SHARPNESS for side in whole.size)
    assert np.abs(np.asarray(alone, dtype=int) - np.asarray(whole.reduce(2))).max() < 40
    assert len(shown[0]["image/png"]) < len(shown[0]["text/html"]) / 2


def test_show_takes_the_words_of_a_key_from_the_file_beside_the_notebook(shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("alt_texts.toml").write_text('[01]\nsteep = "Down."\n[02]\nflat = """\nIt hardly\nmoves, η.\n"""\n', "utf-8")
    plots.show(RUN_FIGURE, key="flat")
    assert shown[0]["text/plain"] == Img(shown[0]["text/html"]).attributes["alt"] == "It hardly moves, η."


@pytest.mark.parametrize("text", [None, "", "[01]\nother = 'words'\n", "[01\n"])
def test_without_words_for_it_a_figure_is_shown_with_its_key(shown, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    if text is not None:
        Path("alt_texts.toml").write_text(text)
    plots.show(RUN_FIGURE, key="three-regimes")
    assert shown[0]["text/plain"] == Img(shown[0]["text/html"]).attributes["alt"] == "three regimes"


def test_each_key_in_the_file_of_alt_texts_is_of_one_figure():
    tables = tomllib.loads((NOTEBOOKS / "alt_texts.toml").read_text(encoding="utf-8"))
    keys = [key for table in tables.values() for key in table]
    assert keys and all(words.strip() for table in tables.values() for words in table.values())
    assert [key for key in keys if keys.count(key) > 1] == []
    assert tables.keys() <= {path.name[:2] for path in NOTEBOOKS.glob("*.ipynb")}


def test_the_picture_is_sharp_on_fine_screens_and_takes_its_own_width_on_the_page(shown):
    figure, _ = plots.figure(width=5, height=2)
    plots.show(figure, alt="Nothing yet.")
    img = Img(shown[0]["text/html"])
    assert img.attributes["width"] == "500"
    assert img.picture().size == (500 * plots.SHARPNESS, 200 * plots.SHARPNESS)


def test_the_picture_shows_the_lines_in_their_colours(shown):
    plots.show(plots.path(RUN), alt="A path.")
    pixels = np.asarray(Img(shown[0]["text/html"]).picture().convert("RGB"), dtype=int)
    for color in (plots.FULL_BATCH, plots.MARK):
        near = np.abs(pixels - 255 * np.array(to_rgb(color))).max(axis=-1) < 24
        assert near.sum() > 100


def test_the_same_figure_gives_the_same_bytes_which_name_no_version():
    once, again = (plots.png(plots.path(RUN).figure) for _ in range(2))
    assert once == again
    assert not re.search(rb"matplotlib|Software", once, re.IGNORECASE)


def test_a_band_holds_80_percent_of_the_runs_round_their_median():
    runs = np.random.default_rng(0).normal(size=(5, 1000)) + np.arange(5)[:, None]
    runs[2, :50] = np.inf
    ax = plots.band(np.arange(5), runs)
    (median,), (filled,) = ax.lines, ax.collections
    np.testing.assert_allclose(median.get_ydata(), np.median(runs, axis=1))
    edge = filled.get_paths()[0].vertices
    for x, row in enumerate(runs):
        low, high = edge[edge[:, 0] == x, 1].min(), edge[edge[:, 0] == x, 1].max()
        assert np.mean((low <= row) & (row <= high)) == pytest.approx(0.8, abs=0.002)


@pytest.mark.parametrize(
    ("batch_size", "name"), [(100, "FULL_BATCH"), (1, "SGD"), (2, "MINI_BATCH"), (99, "MINI_BATCH")]
)
def test_a_method_keeps_its_colour(batch_size, name):
    assert plots.method_color(batch_size, 100) == getattr(plots, name)


def test_the_methods_can_be_told_apart_in_print():
    ax = plots.figure()[1]
    for color in (plots.FULL_BATCH, plots.MINI_BATCH, plots.SGD):
        plots.band([1, 2], [[1, 2], [3, 4]], ax, color=color)
    assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "--"]
    assert len(set(plots.DASHES.values())) == 2


def test_coloured_words_in_the_notebooks_figures_stand_out():
    code = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.ipynb"))
    names = set(re.findall(r"ax\.text\([^\n]*color=plots\.([A-Z_]+)", code))
    assert names
    assert {name: contrast(getattr(plots, name)) for name in names if contrast(getattr(plots, name)) < 4.5} == {}


@pytest.mark.parametrize("style", ["dark_background", "ggplot", "Solarize_Light2"])
def test_in_any_style_the_marks_are_dark_on_white_paper(style):
    with pyplot.style.context(style):
        figure, ax = plots.figure()
        plots.path(RUN, ax)
        ax.set_title("a title")
        words = [ax.title, ax.xaxis.label, *ax.get_xticklabels(), ax.text(0, 0, "a note")]
        behind = [figure.get_facecolor(), ax.get_facecolor()]
    assert {to_rgb(color) for color in behind} == {(1, 1, 1)}
    assert all(contrast(text.get_color()) > 10 for text in words)


@pytest.mark.parametrize("value", [lambda w: w[0] ** 2 + 4 * w[1] ** 2, lambda w: float(w[0]), lambda w: np.sum(w**2)])
def test_the_contours_of_a_function_of_one_point_are_refused_in_words(value):
    with pytest.raises(ValueError, match=r"loss\.value must be .*leading axes are runs: theta\[\.\.\., 0\]"):
        plots.contours(Surface(value, np.copy, ((-1, 1), (-1, 1))))


# --- the heat map


def test_a_heat_map_has_a_colour_for_each_share_and_the_first_row_at_the_bottom():
    shares = np.array([[0.05, 0.55], [0.95, np.nan]])
    ax = plots.heat_map(shares, [2, 16], [0.1, 0.25], marked=shares > 0.9)
    ax.figure.canvas.draw()
    mesh = ax.collections[0]
    expected = [plots.SHARES(level) for level in (0, 5, 9)]
    np.testing.assert_allclose(mesh.to_rgba(shares.ravel()[:3]), expected)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2", "16"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.1", "0.25"]
    assert ax.get_ylim()[0] < ax.get_ylim()[1]
    (dots,) = ax.lines
    assert np.transpose(dots.get_data()).tolist() == [[0, 1]]


def test_the_colours_of_shares_grow_lighter():
    light = [np.dot(to_rgba(plots.SHARES(level))[:3], [0.2126, 0.7152, 0.0722]) for level in range(plots.SHARES.N)]
    assert (np.diff(light) > 0).all()


def test_a_heat_map_refuses_shares_and_marks_of_another_shape():
    with pytest.raises(ValueError, match=r"shares must be an array of shape \(2, 3\)"):
        plots.heat_map(np.ones((3, 2)), [1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"marked must be an array of shape \(2, 3\), of True and False"):
        plots.heat_map(np.ones((2, 3)), [1, 2], [1, 2, 3], marked=[True, False])


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_not_one_of_the_axes_is_refused(which):
    """A whole figure, and all axes of one."""
    with pytest.raises(ValueError, match="ax must be axes, one of them if a figure has several, but it is"):
        plots.contours(bowl(1, 4), plots.figure(2)[which])
