"""Static pictures: axes in, axes out. `show` puts a figure, with its alt text, in the notebook.

Colours mean the same in the whole course. They are from Okabe and Ito's set, which colour-blind readers tell apart.
"""

import base64
import io
import os
import tomllib
from html import escape
from pathlib import Path

import numpy as np
from IPython.display import display
from matplotlib import colormaps, rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from gdtools.arguments import array, each_run_alone, floats, refuse, sentence

FULL_BATCH, MINI_BATCH, SGD = "#0072b2", "#009e73", "#d55e00"
MARK, NOW = "#1a1a1a", "#aa3377"  # starts and limits; where a descent is at the moment
DASHES = {MINI_BATCH: (0, (6, 2)), SGD: (0, (2, 1))}  # in print, the methods' colours are nearly the same grey
SHARES = colormaps["cividis"].resampled(10)  # ten colours, dark for a share of 0 and light for 1, see `heat_map`
ALT_TEXTS = Path("alt_texts.toml")  # in the folder of the notebook, where its kernel runs
WHITE = ["figure.facecolor", "savefig.facecolor", "axes.facecolor"]  # what a dark style changes
BLACK = ["axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"]
SHARPNESS = 2  # pixels of the picture for each pixel of the page, for fine screens

if os.environ.get("GDTOOLS_LECTURE"):  # `make lecture`: letters and lines for the last row
    rcParams.update({"font.size": 13, "lines.linewidth": 2.5})


def figure(columns=1, *, width=8.0, height=3.6):
    """A new figure of `columns` axes side by side, `width` by `height` inches: (figure, axes).

    It is not one of pyplot's, so nothing is shown twice and nothing has to be closed. The course's colours are made for
    white paper, so a dark style is put aside.
    """
    rcParams.update({name: rcParamsDefault[name] for name in WHITE + BLACK})
    new = Figure(figsize=(width, height), dpi=100, layout="constrained")
    axes = new.subplots(1, columns)
    for ax in np.ravel(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return new, axes


def method_color(batch_size, n_examples):
    """The colour of the method that this batch size makes."""
    return FULL_BATCH if batch_size == n_examples else SGD if batch_size == 1 else MINI_BATCH


def contours(loss, ax=None):
    """Draw the rings of equal loss in `loss.window`: on a bowl, the loss grows with the square of the ring's number.

    Raises ValueError unless the loss has two parameters, and a value for each of many points.
    """
    if len(getattr(loss, "names", ())) != 2:
        refuse("loss", "a loss of two parameters, to be drawn on paper", loss)
    ax = _one(ax) or figure(width=4.5, height=4)[1]
    with np.errstate(all="ignore"):
        (left, right), (bottom, top) = loss.window
        theta = np.stack(np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200)), axis=-1)
        each_run_alone("loss.value", loss.value, theta)
        height = loss.value(theta)
        rise = np.ptp(height)
    if not 0 < rise < np.inf:
        refuse("loss", "a loss that is finite and not flat", loss)
    levels = height.min() + rise * np.linspace(0, 1, 15) ** 2
    ax.contourf(theta[..., 0], theta[..., 1], height, levels, cmap="Greys", alpha=0.35)
    ax.contour(theta[..., 0], theta[..., 1], height, levels, colors="#8a8a8a", linewidths=0.6)
    ax.set(xlabel=loss.names[0], ylabel=loss.names[1], aspect="equal")
    return ax


def path(trajectory, ax=None, *, color=FULL_BATCH, label=None):
    """Draw the way that theta took, over the contours of its loss, with a ring at the start.

    Raises ValueError for a trajectory of several runs, or of other than two parameters.
    """
    theta = getattr(trajectory, "theta", None)
    if np.ndim(theta) != 2 or theta.shape[-1] != 2 or not hasattr(trajectory.loss_function, "window"):
        refuse("trajectory", "a single run, of a loss of two parameters", trajectory)
    ax = _one(ax) or contours(trajectory.loss_function)
    (left, right), (bottom, top) = window = np.array(trajectory.loss_function.window, dtype=float)
    x, y = nearer(finite(trajectory.theta), window.mean(axis=1), 1e6 * np.ptp(window, axis=1).max()).T
    ax.plot(x, y, "o-", color=color, markersize=4, linewidth=1.5, label=label)
    ax.plot(x[0], y[0], "o", color=MARK, markersize=9, fillstyle="none")
    ax.set(xlim=(left, right), ylim=(bottom, top))
    return ax


def _one(ax):
    """These axes, or None."""
    if ax is not None and not isinstance(ax, Axes):
        refuse("ax", "axes, one of them if a figure has several", ax)
    return ax


def finite(points):
    """`points`, of shape (..., 2), without infinities: far out along one axis, NaN along both: no one knows where."""
    return np.where(np.isinf(points).all(axis=-1, keepdims=True), np.nan, np.clip(points, -1e300, 1e300))


def nearer(points, centre, far):
    """`points`, of shape (..., 2), with those farther than `far` from the centre brought near, in the same direction.

    No canvas can draw to 1e300. To clip x and y one by one would turn each long line to a diagonal.
    """
    offset = points - centre
    return centre + offset * (far / np.maximum(far, abs(offset).max(axis=-1, keepdims=True)))


def band(x, runs, ax=None, *, color=FULL_BATCH, label=None):
    """Draw the median of many runs over the band that holds 80 % of them, from the 10 % to the 90 % quantile.

    The colours of mini-batch and SGD bring their dashes.

    `runs` has shape (len(x), n_runs). Infinite values count, and are drawn at the edge.

    Raises ValueError for runs of another shape.
    """
    x = floats("x", x).ravel()
    expected = f"numbers of shape ({len(x)}, n_runs), a row for each x"
    runs = array("runs", expected, runs)
    if runs.dtype.kind not in "fiu" or runs.ndim != 2 or len(runs) != len(x) or not runs.size:
        refuse("runs", expected, runs)
    ax = _one(ax) or figure(width=6)[1]
    low, median, high = np.quantile(np.clip(runs, -1e30, 1e30), [0.1, 0.5, 0.9], axis=-1)
    ax.fill_between(x, low, high, color=color, alpha=0.25, linewidth=0)
    ax.plot(x, median, color=color, label=label, linestyle=DASHES.get(color, "-"))
    return ax


def heat_map(shares, rows, columns, ax=None, *, marked=None):
    """Draw shares from 0 to 1 as coloured cells, the first of `rows` at the bottom, with a dot in those `marked`.

    `shares` and `marked`, which holds True or False, have shape (len(rows), len(columns)); a NaN leaves its cell empty.

    Raises ValueError for shares or marks of another shape.
    """
    rows, columns = floats("rows", rows).ravel(), floats("columns", columns).ravel()
    shape = len(rows), len(columns)
    shares = array("shares", f"an array of shape {shape}, for rows and columns", shares)
    if shares.shape != shape or shares.dtype.kind not in "fiu":
        refuse("shares", f"an array of shape {shape}, for rows and columns", shares)
    marks = f"an array of shape {shape}, of True and False"
    if marked is not None and array("marked", marks, marked).shape != shape:
        refuse("marked", marks, marked)
    ax = _one(ax) or figure(width=8)[1]
    edges = [np.arange(n + 1) - 0.5 for n in shares.shape[::-1]]
    cells = ax.pcolormesh(*edges, shares, cmap=SHARES, vmin=0, vmax=1, edgecolors="white", linewidth=1.5)
    ax.set_xticks(range(len(columns)), [f"{column:.2g}" for column in columns])
    ax.set_yticks(range(len(rows)), [f"{row:.4g}" for row in rows])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.tick_params("x", rotation=45)
    bar = ax.figure.colorbar(cells, ax=ax, format="{x:.0%}", ticks=np.arange(6) / 5)
    bar.outline.set_visible(False)
    if marked is not None:
        row, column = np.nonzero(marked)
        ax.plot(column, row, "o", color=MARK, markersize=5)
    return ax


def show(picture, alt=None, *, key=None):
    """Put a figure, or the figure of these axes, in the notebook, with `alt`: what there is to be seen in it.

    The course's own cells give the `key` of these words in alt_texts.toml instead: a cell that is read before it is run
    shouldn't tell what it will show.

    Raises ValueError if there is neither, or one is empty: a reader who can't see the picture needs the words.
    """
    alt = alt_text(key) if alt is None and key is not None else sentence("alt", alt, "what there is to be seen")
    shown = picture if isinstance(picture, Figure) else getattr(picture, "figure", None)
    if shown is None:
        refuse("picture", "a figure, or axes", picture)
    picture = png(shown)
    display(bundle(image(picture, alt, shown.bbox.width), alt, picture), raw=True)


def alt_text(key):
    """The words for a figure in alt_texts.toml, beside the notebook; in the browser alone, the package has them, too.

    Where there are none, the key has to do.

    Raises ValueError for an empty key.
    """
    sentence("key", key, "which words to take")
    try:
        file = ALT_TEXTS if ALT_TEXTS.exists() else Path(__file__).with_name("alt_texts.toml")
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # the notebook has been moved, or somebody is writing that file
        tables = {}
    words = {name: text for table in tables.values() for name, text in table.items()}
    return " ".join(words.get(key, key.replace("-", " ")).split())


def bundle(html, words, picture=None):
    """What is displayed: HTML, which brings its own picture; words; and the picture alone, for exports without HTML.

    That one is half as large, so that a notebook with both stays small.
    """
    shown = {"text/html": html, "text/plain": words}
    if picture:
        whole = Image.open(io.BytesIO(picture)).convert("RGB")
        file = io.BytesIO()
        whole.reduce(SHARPNESS).quantize(64, Image.Quantize.MAXCOVERAGE).save(file, "PNG", optimize=True)
        shown["image/png"] = base64.b64encode(file.getvalue()).decode()
    return shown


def image(data, alt, width):
    """A PNG as HTML: an image that carries its own bytes and its alt text, `width` pixels wide."""
    source = "data:image/png;base64," + base64.b64encode(data).decode()
    return f'<img class="gdtools-figure" alt="{escape(alt)}" width="{width:.0f}" src="{source}">'


def png(shown):
    """The bytes of a figure's picture, in 256 colours: less than half of the size, and no difference to be seen."""
    drawn, small = io.BytesIO(), io.BytesIO()
    shown.savefig(drawn, dpi=SHARPNESS * shown.dpi)
    Image.open(drawn).convert("RGB").quantize(256).save(small, "PNG", optimize=True)
    return small.getvalue()
