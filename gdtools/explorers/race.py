"""The race of the optimizers, on a surface of your choice."""

import ipywidgets
import numpy as np

from gdtools import plots
from gdtools.arguments import count, floats, refuse
from gdtools.descent import descend
from gdtools.explorers.explorer import Explorer, Picker, live_figure
from gdtools.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Nesterov, RMSProp
from gdtools.widgets.live import Track

RACERS = {  # what `explore_optimizers` races, in which colours, and with which dashes
    "plain": (GradientDescent(), plots.FULL_BATCH, ()),
    "momentum": (Momentum(), "#a9720e", (12, 4)),
    "Nesterov": (Nesterov(), "#bf166d", (2, 2)),
    "AdaGrad": (AdaGrad(), "#0c5705", (12, 3, 2, 3)),
    "RMSProp": (RMSProp(), "#010b92", (5, 3)),
    "Adam": (Adam(), "#4b0928", (8, 3, 2, 3, 2, 3)),
}


def explore_optimizers(races, learning_rates, *, learning_rate=None, steps=100):
    """Race the optimizers: a list of surfaces, a slider for their learning rate, the start by click or number.

    `races` is a dict of name and (loss, start). Left, their paths over the rings of the loss; right, what is left of
    the loss at the start, above the lowest: `loss.floor`, or 0 for a loss without. The winner is the first to stay
    below 1 % of it. A box gives each its own best of `learning_rates`: the one with which it stays below 1 % first or,
    with several or none of them, ends lowest.

    Raises ValueError for a loss that can't be drawn, and for what `descend` refuses.

    >>> from gdtools.losses import bowl, rosenbrock
    >>> races = {"bowl": (bowl(1, 4), (4, 2)), "valley": (rosenbrock(), (-1, 1))}
    >>> explorer = explore_optimizers(races, [0.001, 0.01], steps=20)
    """
    if not isinstance(races, dict) or {len(race) if isinstance(race, tuple) else 0 for race in races.values()} != {2}:
        refuse("races", "a dict of name and (loss, start)", races)
    races = {name: (loss, floats("start", start, shape=(2,))) for name, (loss, start) in races.items()}
    rates = floats("learning_rates", learning_rates, at_least=0).ravel()
    steps = count("steps", steps)
    picture, (place, curve) = plots.figure(2, width=9, height=4.4)
    picture.set_layout_engine(None)  # a layout for all surfaces takes long, and this one fits them
    picture.subplots_adjust(left=0.08, right=0.98, bottom=0.12, top=0.88, wspace=0.25)
    surfaces = {name: picture.add_subplot(place.get_subplotspec()) for name in races}
    place.remove()
    for name, (loss, _) in races.items():
        plots.contours(loss, surfaces[name])
    curve.set(xlabel="update", ylabel="share of the loss left", yscale="log", xlim=(0, steps), ylim=(1e-9, 10))
    curve.set_yticks([1e-8, 1e-6, 1e-4, 0.01, 1])
    curve.minorticks_off()
    curve.axhline(0.01, color=plots.MARK, linewidth=0.8)
    for name, (_, color, dash) in RACERS.items():
        curve.plot([], [], label=name, **Track(curve, 0, 0, color, dash=dash).line())
    picture.legend(loc="upper center", ncols=len(RACERS), frameon=False, handlelength=3.5, fontsize=10)
    alt = (
        f"Left, the rings of the loss and the paths of {', '.join(RACERS)}; right, how much of the loss each of them "
        "has left after each update."
    )
    live = live_figure(picture, list(surfaces.values()), rates, learning_rate, alt)

    wide = {"description_width": "initial"}
    surface = ipywidgets.Dropdown(options=list(races), description="surface", style=wide)
    own = ipywidgets.Checkbox(
        description="each at its own best rate", indent=False, layout={"width": "auto", "margin": "2px 16px"}
    )

    def replay(start):
        theta, left = _race(races[surface.value][0], start, rates, steps)
        names, labels = list(RACERS), [f"{rate:.4g}" for rate in rates]
        if own.value:
            best = _own_best(left)
            names = [f"{name} (η = {rates[i]:.2g})" for name, i in zip(names, best, strict=True)]
            labels = ["own"]
            theta, left = theta[range(len(best)), best, None], left[range(len(best)), best, None]
        words = [_order(names, shares) for shares in np.swapaxes(left, 0, 1)]
        tracks = _tracks(surfaces[surface.value], curve, theta, left)
        live.replay(tracks, words, dict(zip(RACERS, left, strict=True)), labels=labels)

    @live.reporting
    def another(_):
        with live.hold_sync():
            live.turn_to(surfaces[surface.value])
            picker.move(*reversed(races[surface.value]))

    loss, start = races[surface.value]
    picker = Picker(live, loss, start, replay)
    surface.observe(another, "value")
    own.observe(picker.changed, "value")
    return Explorer(live, [surface, own, *picker.boxes])


def _race(loss, start, rates, steps):
    """Where each racer is after each update, (racers, rates, steps + 1, 2), and the share of the loss that is left."""
    runs = [descend(loss, start, rates, steps=steps, optimizer=optimizer) for optimizer, *_ in RACERS.values()]
    theta = np.array([np.swapaxes(run.theta, 0, 1) for run in runs])
    floor = getattr(loss, "floor", 0.0)
    above = np.array([run.loss.T - floor for run in runs])
    if (above < -1e-6 * (abs(floor) + abs(above[..., :1]))).any():  # more than by rounding
        refuse("races", "on losses that are nowhere below their floor (0 for a loss without)", loss)
    above = np.maximum(above, 0)
    with np.errstate(over="ignore"):
        return theta, above / np.maximum(above[..., :1], 1e-300)


def _tracks(surface, curve, theta, left):
    """The start, the paths and curves of the racers, and where they are at the moment."""
    lines, heads = [], []
    for (x, y), share, (_, color, dash) in zip(np.moveaxis(theta, -1, 1), left, RACERS.values(), strict=True):
        lines += [
            Track(surface, x, y, color, grow=True, dash=dash),
            Track(curve, np.arange(share.shape[-1]), np.clip(share, 1e-30, 1e30), color, grow=True, dash=dash),
        ]
        heads.append(Track(surface, x[..., None], y[..., None], color, width=0, dot=5))
    return [*lines, Track(surface, *theta[0, 0, 0], plots.MARK, width=0, dot=4), *heads]


def _arrivals(left):
    """Since which update each share of the loss stays below 1 %; one more than there are, for never."""
    missed = ~(left <= 0.01)
    return np.where(missed.any(axis=-1), missed.shape[-1] - missed[..., ::-1].argmax(axis=-1), 0)


def _own_best(left):
    """The index of each racer's own best rate: below 1 % first or, with several or none, the lowest at the end."""
    return np.lexsort([left[..., -1], _arrivals(left)])[:, 0]


def _order(names, left):
    """Who stays below 1 % of the loss, and since which update, in a sentence."""
    updates, last = _arrivals(left), left.shape[-1] - 1
    order = np.lexsort([left[:, -1], updates])
    arrived = [f"{names[i]} after {updates[i]}" for i in order if updates[i] <= last]
    missing = ", ".join(names[i] for i in order[len(arrived) :])
    if not arrived:
        return f"Nobody stays below 1 % of the loss in {last} updates. From the lowest: {missing}."
    late = f" Not in {last}: {missing}." if missing else ""
    return f"First to stay below 1 % of the loss: {', '.join(arrived)} updates.{late}"
