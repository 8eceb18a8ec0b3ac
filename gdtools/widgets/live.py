"""LiveFigure: a Matplotlib figure whose moving parts are replayed in the browser.

Python computes every frame at once, in the figure's own pixels; live.js draws frame i over the still background.
So the slider asks no kernel, and goes on working in a saved page.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from gdtools.arguments import floats, refuse, sentence
from gdtools.plots import SHARPNESS, finite, image, nearer, png

FAR = 1e5  # pixels from the middle of its axes; a diverging run ends out here, well outside any picture

STAND_IN = "<p><em>A still of an interactive figure: run the cell to move its sliders.</em></p>"


@dataclass(frozen=True)
class Track:
    """A moving part: a line through points (x, y), in the data coordinates of `ax`.

    x and y broadcast to (frames, points), or to (frames, steps, points) for a line that is another at each step;
    with `grow`, to (frames, steps), and point k appears at step k. NaN breaks the line. Widths, dots and dashes (their
    lengths and those of the gaps, in turn) are in pixels.
    """

    ax: Axes
    x: np.ndarray
    y: np.ndarray
    color: str
    width: float = 2.0
    dot: float = 0.0
    grow: bool = False
    dash: tuple = ()

    def pixels(self):
        """The points in pixels from the figure's upper left corner: float32, shape (frames, steps, points, 2)."""
        try:
            x, y = np.broadcast_arrays(np.atleast_2d(self.x), self.y)
        except ValueError:
            refuse("tracks", "of x and y that broadcast", (np.shape(self.x), np.shape(self.y)))
        if x.ndim == 2:
            x, y = x[:, None], y[:, None]
        points = finite(np.stack([x, y], axis=-1, dtype=float))
        with np.errstate(all="ignore"):
            xy = self.ax.transData.transform(points.reshape(-1, 2)).reshape(points.shape)
        xy[..., 1] = self.ax.figure.bbox.height - xy[..., 1]
        left, top, right, bottom = _box(self.ax)
        return nearer(xy, [(left + right) / 2, (top + bottom) / 2], FAR).astype("<f4")

    def at(self, frame, step):
        """The points (x, y) shown at one frame and step."""
        x, y = np.broadcast_arrays(np.atleast_2d(self.x), self.y)
        x, y = x[frame % len(x)], y[frame % len(y)]
        if self.grow:
            return x[: step + 1], y[: step + 1]
        return (x, y) if x.ndim == 1 else (x[step % len(x)], y[step % len(y)])

    def line(self):
        """The line's colour, width and dashes in the words of Matplotlib, which counts dashes in widths."""
        dashes = [length / self.width for length in self.dash]
        width = self.width * 72 / self.ax.figure.dpi
        return {"color": self.color, "linewidth": width, "linestyle": (0, dashes) if dashes else "-"}


class LiveFigure(anywidget.AnyWidget):
    """`figure` with a slider, `name`, that has one position for each of `labels`.

    `alt` says, to those who can't see it, what there is to be seen. `click` is the axes in which a click chooses a
    point, or a list of axes in the same place: the first is shown, another after `turn_to`. Show `tracks` with
    `replay`; `frame` and `step` can be read, set, linked and observed.

    Raises ValueError without a label, for an empty `alt`, and for tracks or words that don't fit the labels.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> live = LiveFigure(figure, "slope", ["1", "2"], alt="A line that turns.")
    >>> live.replay([Track(figure.subplots(), [0, 1], [[0, 1], [0, 2]], "black")], words=["Flat.", "Steep."])
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    frame = traitlets.Int().tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)
    _name = traitlets.Unicode().tag(sync=True)
    _labels = traitlets.List().tag(sync=True)
    _alt = traitlets.Unicode().tag(sync=True)
    _size = traitlets.List().tag(sync=True)
    _background = traitlets.Bytes().tag(sync=True)
    _target = traitlets.List().tag(sync=True)
    _tracks = traitlets.List().tag(sync=True)
    _points = traitlets.Bytes().tag(sync=True)
    _words = traitlets.List().tag(sync=True)
    _readout = traitlets.List().tag(sync=True)
    _values = traitlets.Bytes().tag(sync=True)
    _updates = traitlets.List([0]).tag(sync=True)
    _replays = traitlets.Int().tag(sync=True)

    def __init__(self, figure, name, labels, *, alt, frame=0, click=None):
        if not np.size(labels) or labels is None:
            refuse("labels", "at least one text", labels)
        sentence("alt", alt, "what there is to be seen")
        if frame not in range(len(labels)):
            refuse("frame", f"the index of one of {len(labels)} labels", frame)
        faces = click if isinstance(click, list) else [click]
        if click is not None and not (faces and set(faces) <= set(figure.axes)):
            refuse("click", "axes of the figure", click)
        self.figure, self.tracks, self._faces = figure, [], dict.fromkeys(faces)
        for face in faces[1:]:
            face.set_visible(False)
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # the layout is done; from here on, the pixels must stay where they are
        for ax in figure.axes:
            ax.set_autoscale_on(False)
        super().__init__(
            frame=frame,
            _name=name,
            _labels=[str(label) for label in labels],
            _alt=alt,
            _size=[float(side) for side in figure.bbox.size],
        )
        with self.hold_sync():
            for ax in [*faces, faces[0]]:
                self.turn_to(ax)

    def turn_to(self, ax):
        """Show `ax`, one of a list `click`, and take clicks there. Its picture is drawn once, and kept."""
        for face in filter(None, self._faces):
            face.set_visible(face is ax)
        self._faces[ax] = self._faces[ax] or background(self.figure)
        with self.hold_sync():
            self._background, self._target = self._faces[ax], _box(ax) if ax else []
        self.click = ax

    def replay(self, tracks, words, readout=None, updates=None, labels=None):
        """Show these tracks from now on.

        words    one sentence a label: what there is to be seen at that position of the slider
        readout  numbers to read at each step: a dict of name and array (frames, steps)
        updates  how many updates each step stands for; one, if not given
        labels   other labels than before; the slider keeps its place, and is hidden while there is one label only
        """
        labels = self._labels if labels is None else [str(label) for label in labels]
        n_frames = len(labels)
        if len(words) != n_frames:
            refuse("words", f"{n_frames} sentences, one for each label", words)
        pixels = [track.pixels() for track in tracks]
        for track, points in zip(tracks, pixels, strict=True):
            if len(points) not in (1, n_frames):
                refuse("tracks", f"of 1 or {n_frames} frames", np.shape(track.y))
        n_steps = max([p.shape[2 if t.grow else 1] for t, p in zip(tracks, pixels, strict=True)], default=1)
        updates = range(n_steps) if updates is None else updates
        if len(updates) != n_steps:
            refuse("updates", f"{n_steps} numbers, one for each step", updates)
        values = list((readout or {}).values())
        if any(np.shape(value) != (n_frames, n_steps) for value in values):
            refuse("readout", f"a dict of arrays of shape {(n_frames, n_steps)}", readout)
        self.tracks = list(tracks)
        step = n_steps - 1 if n_steps != len(self._updates) else self.step
        with self.hold_sync():
            self._labels = labels
            self._updates = [int(update) for update in updates]
            self.step = step
            self._tracks = [_style(track, points) for track, points in zip(tracks, pixels, strict=True)]
            self._points = b"".join(points.tobytes() for points in pixels)
            self._words = list(words)
            self._readout = list(readout or {})
            self._values = _floats(values).tobytes()
            self.error = ""
            self._replays += 1

    @traitlets.validate("step")
    def _not_beyond_the_end(self, proposal):
        """A late message from the browser may name a step of a run that has become shorter."""
        return min(proposal["value"], len(self._updates) - 1)

    def on_point(self, handler):
        """Call `handler(x, y)`, in data coordinates, when a point is chosen in the axes `click`."""

        def receive(_, message, buffers):
            x, y = floats("point", message["point"], shape=(2,))
            handler(*self.click.transData.inverted().transform([x, self._size[1] - y]))

        self.on_msg(self.reporting(receive))

    def reporting(self, handler):
        """`handler`, whose exceptions are shown under the figure (and raised: nobody sees them otherwise)."""

        def guarded(*args):
            self.error = ""  # the same error again is news again
            try:
                return handler(*args)
            except Exception as error:
                self.error = f"{type(error).__name__}: {error}"
                raise

        return guarded

    def stand_in(self):
        """The present frame for readers without a kernel: HTML, the same in words, and the picture alone."""
        lines = []
        for track in self.tracks:
            x, y = track.at(self.frame, self.step)
            point = 72 / self.figure.dpi
            lines += track.ax.plot(x, y, solid_capstyle="butt", **track.line())
            lines += track.ax.plot(x, y, "o", color=track.color, markersize=2 * track.dot * point, markeredgewidth=0)
        picture = png(self.figure)
        for line in lines:
            line.remove()
        alt = f"{self._alt} {self._words[self.frame % len(self._words)]}"
        return f'<div class="gdtools-stand-in">{image(picture, alt, self._size[0])}{STAND_IN}</div>', alt, picture


def background(figure):
    """The figure as a PNG. It's sent and not stored, so it's made fast: in half of the time of `plots.png`."""
    dpi, figure.dpi = figure.dpi, SHARPNESS * figure.dpi
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    figure.dpi = dpi
    file = io.BytesIO()
    pixels.quantize(256, Image.Quantize.MAXCOVERAGE).save(file, "PNG")
    return file.getvalue()


def _floats(values):
    """As float32, for the browser; what is too large for it becomes infinite."""
    with np.errstate(over="ignore"):
        return np.array(values, dtype="<f4")


def _box(ax):
    """Left, top, right and bottom of `ax`, in pixels from the upper left corner."""
    box, height = ax.get_window_extent(), ax.figure.bbox.height
    return [float(side) for side in (box.x0, height - box.y1, box.x1, height - box.y0)]


def _style(track, points):
    return {
        "shape": points.shape[:3],
        "color": track.color,
        "width": track.width,
        "dot": track.dot,
        "grow": track.grow,
        "dash": track.dash,
        "clip": _box(track.ax),
    }
