"""The race of the optimizers: each path is that of `descend`; surfaces, starts, own best rates, and who wins."""

import ipywidgets
import numpy as np
import pytest

from gdtools.descent import descend
from gdtools.explorers import explore_optimizers, race
from gdtools.explorers.race import RACERS
from gdtools.losses import Quadratic, Surface, bowl, rosenbrock

pytestmark = pytest.mark.filterwarnings("error")

TOY = bowl(1, 4)
RAISED = Quadratic([[5, 2], [2, 3]], minimiser=[2, -1], floor=7, names=("a", "b"))
RACES = {"toy": (TOY, (4, 2)), "valley": (rosenbrock(), (-1, 1)), "raised": (RAISED, (0, 1))}
RATES, STEPS = [0.001, 0.01, 0.2, 1e3], 60


def explore(**changes):
    arguments = {"races": RACES, "learning_rates": RATES, "learning_rate": 0.01, "steps": STEPS}
    return explore_optimizers(**arguments | changes)


@pytest.fixture(scope="module")
def drawn_once():
    yield explore()
    ipywidgets.Widget.close_all()


@pytest.fixture
def raced(drawn_once):
    surface, own, *_ = drawn_once.children[1].children
    own.value, surface.value = False, "valley"
    surface.value = "toy"
    drawn_once.live.frame, drawn_once.live.step = 1, STEPS
    return drawn_once


def controls(explorer):
    surface, own, *boxes = explorer.children[1].children
    return surface, own, boxes


def tracks_on(explorer, left):
    return [track for track in explorer.live.tracks if track.grow and (track.ax is explorer.live.click) == left]


def runs(name, rate, start=None):
    """What `descend` says: a trajectory for each racer."""
    loss, own_start = RACES[name]
    start = own_start if start is None else start
    return [descend(loss, start, rate, steps=STEPS, optimizer=optimizer) for optimizer, *_ in RACERS.values()]


def share_left(run):
    above = run.loss - getattr(run.loss_function, "floor", 0)
    return above / above[0]


def arrival(run):
    """Since which update the run stays below 1 %, looked up backwards; infinite for never."""
    since = np.inf
    for update in range(STEPS, -1, -1):
        if not share_left(run)[update] <= 0.01:
            break
        since = update
    return since


def assert_shows(explorer, name, frame, rates, start=None):
    """The paths and the curves in this frame are those of `descend`, with a rate for each racer."""
    for i, rate in enumerate(rates):
        run = runs(name, rate, start)[i]
        x, y = tracks_on(explorer, left=True)[i].at(frame, STEPS)
        np.testing.assert_allclose([x, y], run.theta.T, rtol=1e-9)
        update, share = tracks_on(explorer, left=False)[i].at(frame, STEPS)
        np.testing.assert_array_equal(update, run.updates)
        np.testing.assert_allclose(share, np.clip(share_left(run), 1e-30, 1e30), rtol=1e-9, atol=1e-12)
    assert explorer.live.error == ""


@pytest.mark.parametrize("name", RACES)
@pytest.mark.parametrize("frame", [0, 1, 2])
def test_on_each_surface_each_racer_takes_the_path_that_descend_takes(raced, name, frame):
    controls(raced)[0].value = name
    assert_shows(raced, name, frame, [RATES[frame]] * len(RACERS))


def test_each_racer_keeps_its_colour_and_its_dashes_in_the_picture_and_in_the_legend(raced):
    legend = raced.live.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == list(RACERS)
    for left in (True, False):
        tracks = zip(tracks_on(raced, left), legend.get_lines(), RACERS.values(), strict=True)
        for track, sample, (_, color, dash) in tracks:
            assert (track.color, track.dash) == (color, dash)
            drawn = track.ax.plot([], [], **track.line())[0]
            assert sample.get_color() == drawn.get_color() == color
            assert sample._dash_pattern == drawn._dash_pattern
            drawn.remove()


def test_another_surface_brings_its_start_its_names_and_its_window(raced):
    surface, _, boxes = controls(raced)
    before = raced.live._replays
    surface.value = "raised"
    assert raced.live._replays == before + 1
    assert [box.description for box in boxes] == ["start a", "start b"]
    assert [(box.min, box.max) for box in boxes] == list(RAISED.window)
    assert [box.value for box in boxes] == [0, 1]
    assert raced.live.click.get_xlabel() == "a"


def test_each_surface_has_a_picture_of_its_own_which_is_drawn_once(raced, monkeypatch):
    monkeypatch.setattr("gdtools.widgets.live.background", lambda figure: pytest.fail("drawn again"))
    pictures = {}
    for name in [*RACES, *RACES]:
        controls(raced)[0].value = name
        assert pictures.setdefault(name, raced.live._background) == raced.live._background
    assert len(set(pictures.values())) == len(RACES)


@pytest.mark.parametrize("name", ["toy", "raised"])
def test_a_click_or_a_number_is_a_new_race_on_this_surface(raced, name):
    surface, _, boxes = controls(raced)
    surface.value = name
    live, place = raced.live, RAISED.minimiser + 1
    across, up = live.click.transData.transform(place)
    live._handle_custom_msg({"point": [across, live._size[1] - up]}, [])
    assert [box.value for box in boxes] == pytest.approx(place)
    assert_shows(raced, name, 1, [0.01] * len(RACERS), [box.value for box in boxes])
    boxes[0].value = 0.5
    assert_shows(raced, name, 1, [0.01] * len(RACERS), [0.5, boxes[1].value])


def test_a_start_outside_the_window_goes_to_its_edge(raced):
    surface, _, boxes = controls(raced)
    surface.value = "valley"
    boxes[0].value, boxes[1].value = 99, -99
    assert [box.value for box in boxes] == [2, -1]
    assert_shows(raced, "valley", 0, [0.001] * len(RACERS), (2, -1))


def best_rates(name):
    """Each racer's best rate, by trying them one after the other."""
    best = []
    for i in range(len(RACERS)):
        results = []
        for rate in RATES:
            run = runs(name, rate)[i]
            results.append((arrival(run), run.loss[-1], rate))
        best.append(min(results)[-1])
    return best


@pytest.mark.parametrize("name", RACES)
def test_each_at_its_own_best_rate_is_what_trying_all_of_them_gives(raced, name):
    surface, own, _ = controls(raced)
    surface.value, own.value = name, True
    rates = best_rates(name)
    assert len(set(rates)) > 1
    assert_shows(raced, name, 0, rates)
    (words,) = raced.live._words
    for i, (racer, rate) in enumerate(zip(RACERS, rates, strict=True)):
        since = arrival(runs(name, rate)[i])
        assert f"{racer} (η = {rate:.2g}){f' after {since}' if since <= STEPS else ''}" in words


def test_of_two_rates_that_arrive_together_the_best_is_the_one_that_ends_lower():
    left = np.array([[[1, 0.005, 0.004], [1, 0.005, 0.001], [1, 1, 0.0]], [[1, 1, 1], [1, 1, 0.5], [1, 0.001, np.inf]]])
    assert race._own_best(left).tolist() == [1, 1]


def test_the_slider_is_gone_with_its_own_rates_and_comes_back_where_it_was(raced):
    _, own, _ = controls(raced)
    own.value = True
    assert len(raced.live._labels) == len(raced.live._words) == 1
    own.value = False
    assert raced.live._labels == ["0.001", "0.01", "0.2", "1000"]
    assert (raced.live.frame, raced.live.step) == (1, STEPS)
    assert_shows(raced, "toy", 1, [0.01] * len(RACERS))


def test_the_words_tell_who_arrives_and_when_and_who_does_not(raced):
    for frame, rate in enumerate(RATES):
        since = {racer: arrival(run) for racer, run in zip(RACERS, runs("toy", rate), strict=True)}
        words, missing = raced.live._words[frame], [racer for racer in RACERS if since[racer] == np.inf]
        told = words.partition(": ")[2].partition(" updates")[0]
        if len(missing) == len(RACERS):
            assert words.startswith(f"Nobody stays below 1 % of the loss in {STEPS} updates.")
        else:
            arrived = sorted(set(RACERS) - set(missing), key=since.get)
            assert [since[t.split()[0]] for t in told.split(", ")] == [since[racer] for racer in arrived]
            assert set(told.split(", ")) == {f"{racer} after {since[racer]}" for racer in arrived}
            assert set(words.partition(f"Not in {STEPS}: ")[2].rstrip(".").split(", ")) - {""} == set(missing)


def test_a_race_that_diverges_beyond_all_numbers_gives_no_warning_and_is_told(raced):
    values = np.frombuffer(raced.live._values, dtype="<f4").reshape(len(RACERS), len(RATES), STEPS + 1)
    assert np.isinf(values[0, 3, -1])
    assert "Nobody" in raced.live._words[3] or "plain" in raced.live._words[3].partition("Not in")[2]
    raced.live.frame = 3
    raced.live.stand_in()


def test_a_start_at_the_minimum_has_nothing_left_to_lose(raced):
    _, _, boxes = controls(raced)
    boxes[0].value = boxes[1].value = 0
    assert raced.live._words[0].startswith("First to stay below 1 % of the loss: plain after 0, momentum after 0")
    assert raced.live.error == ""


@pytest.mark.parametrize("what", ["surface", "start", "rates"])
def test_an_error_is_shown_under_the_figure_and_raised_and_goes_with_the_next_race(raced, monkeypatch, what):
    surface, own, boxes = controls(raced)

    def change():
        box, value = {"surface": (surface, "valley"), "start": (boxes[0], 1), "rates": (own, True)}[what]
        box.value = value

    with monkeypatch.context() as broken:
        broken.setattr(race, "descend", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            change()
        assert raced.live.error == "ZeroDivisionError: division by zero"
    boxes[1].value = 1.5
    assert raced.live.error == ""


def flat(theta):
    return 0 * theta[..., 0]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"races": {}}, "races"),
        ({"races": TOY}, "races"),
        ({"races": {"line": (Quadratic([[2]]), (1, 1))}}, "loss"),
        ({"races": {"flat": (Surface(flat, flat, ((0, 1), (0, 1))), (1, 1))}}, "loss"),
        ({"races": {"toy": (TOY, (1, 2, 3))}}, "start"),
        ({"races": RACES | {"last": (TOY, (1, np.nan))}}, "start"),
        ({"races": RACES | {"last": TOY}}, "races"),
        ({"races": RACES | {"last": (TOY, (1, 1), 3)}}, "races"),
        ({"learning_rates": [-1]}, "learning_rates"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"steps": 0}, "steps"),
    ],
)
def test_a_race_that_cannot_be_run_is_refused(changes, name):
    with pytest.raises(ValueError, match=f"^{name} must be"):
        explore(**changes)


def test_functions_of_one_point_do_not_race():
    one_point = Surface(lambda w: w[0] ** 2 + w[1] ** 2, lambda w: np.array([2 * w[0], 2 * w[1]]), ((-1, 1), (-1, 1)))
    with pytest.raises(ValueError, match="leading axes are runs"):
        explore(races={"one point": (one_point, (1, 1))})


def test_a_loss_that_falls_below_its_floor_does_not_race():
    saddle = Surface(lambda w: w[..., 0] * w[..., 1], lambda w: w[..., ::-1], ((-1, 1), (-1, 1)))
    with pytest.raises(ValueError, match=r"races must be on losses that are nowhere below their floor \(0 for"):
        explore(races={"saddle": (saddle, (0.5, -0.4))})
