"""What notebooks 03 and 08 say that a reader finds with their explorers, as these show it."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def explorer(notebook, *ids):
    """What the last of these cells shows; none of the others is run."""
    cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS / notebook, as_version=4).cells}
    names = {"np": np}
    *before, last = "\n".join(cells[cell_id] for cell_id in ids).splitlines()
    exec("\n".join(before), names)
    return eval(last, names)


@pytest.fixture(scope="module")
def batches():
    return explorer("03_batch_stochastic_and_mini_batch.ipynb", "data", "explorer")


def test_about_eight_times_the_tuned_rate_is_first_below_1_and_does_not_stay_there(batches):
    size, again, *_ = batches.children[1].children
    size.value = 32
    first = []
    for _ in range(4):
        live = batches.live
        (median,) = (track for track in live.tracks if track.width == 2.5)
        below = [median.at(frame, len(live._updates) - 1)[1] < 1 for frame in range(len(live._labels))]
        arrivals = [np.argmax(one) if one.any() else np.inf for one in below]
        fastest = int(np.argmin(arrivals))
        first.append(64 * float(live._labels[fastest]))
        assert not below[fastest][arrivals[fastest] :].all()
        again.click()
    assert np.median(first) == pytest.approx(8, abs=0.1)
    assert min(first) > 5 and max(first) < 12


def test_sgd_diverges_at_the_right_end_and_two_epochs_of_the_full_batch_are_two_updates(batches):
    size, *_ = batches.children[1].children
    size.value = 1
    assert "8 of 8 diverge" in batches.live._words[-1]
    size.value = 10_000
    assert batches.live._updates == [0, 1, 2]


@pytest.fixture(scope="module")
def races():
    cells = ("explorer-saddle", "explorer-sine", "explorer")
    return explorer("08_a_rate_for_each_parameter.ipynb", "setup", *cells)


def seen(races, surface, own=False):
    """From each learning rate to the racers in their order, and to those of them that arrive."""
    chosen, ticked, *_ = races.children[1].children
    ticked.value, chosen.value = own, surface
    racers = "plain|momentum|Nesterov|AdaGrad|RMSProp|Adam"
    for label, words in zip(races.live._labels, races.live._words, strict=True):
        arrived = re.sub(r"Not in .*|Nobody .*", "", words)
        yield label, re.findall(rf"\b({racers})\b", words), re.findall(rf"\b({racers})\b", arrived)


def between(races, surface, low, high):
    """The orders of the racers, and who arrives at all, at these learning rates."""
    rows = [(order, arrived) for rate, order, arrived in seen(races, surface) if low <= float(rate) <= high]
    orders, arrived = zip(*rows, strict=True)
    return orders, set().union(*arrived)


def test_who_leads_at_small_rates_and_who_at_large_ones(races):
    small, _ = between(races, "turned bowl", 0.001, 0.01)
    assert all(set(order[:2]) == {"momentum", "Nesterov"} for order in small)
    large, _ = between(races, "turned bowl", 0.3, 1)
    assert all(order[0] == "Adam" for order in large)
    (right_end,), _ = between(races, "straight bowl", 1, 1)
    assert right_end[0] == "AdaGrad"


def test_who_follows_the_curve_and_who_leaves_the_ridge_last(races):
    assert between(races, "Rosenbrock", 0.001, 0.0018)[1] == {"momentum", "Nesterov"}
    assert between(races, "Rosenbrock", 0.0018, 0.005)[1] == {"momentum"}
    assert between(races, "Rosenbrock", 0.2, 1)[1] == {"Adam"}
    small, _ = between(races, "saddle", 0.0018, 0.03)
    assert all(set(order[-2:]) == {"AdaGrad", "plain"} for order in small)


def test_on_the_turned_bowl_nesterov_plain_descent_and_momentum_fly_off_in_this_order(races):
    list(seen(races, "turned bowl"))
    values = np.frombuffer(races.live._values, "<f4").reshape(6, len(races.live._labels), -1)[..., -1]
    gone = ~(values < 2)
    rates = np.array(races.live._labels, float)
    plain, momentum, nesterov, *others = [rates[one].min(initial=np.inf) for one in gone]
    assert nesterov < plain < momentum <= 1
    assert 0.1 < plain < 0.13
    assert others == [np.inf] * 3


def test_who_finds_the_minimum_of_the_sine(races):
    arrived = {float(rate): set(found) for rate, _, found in seen(races, "sine")}
    assert not set.union(*arrived.values()) & {"plain", "Nesterov"}
    assert sum("momentum" in found for found in arrived.values()) == 3
    assert {"RMSProp", "Adam"} <= set.union(*(found for rate, found in arrived.items() if rate < 0.1))
    assert {"AdaGrad", "Adam"} <= set.union(*(found for rate, found in arrived.items() if rate > 0.3))


def test_nobody_wins_on_all_five(races):
    own = {name: next(seen(races, name, own=True))[1:] for name in races.children[1].children[0].options}
    winners = {name: order[0] for name, (order, _) in own.items()}
    assert winners == dict.fromkeys(own, "AdaGrad") | {"turned bowl": "Nesterov", "Rosenbrock": "momentum"}
    assert own["turned bowl"][0][-1] == "AdaGrad"
    assert set.intersection(*(set(arrived) for _, arrived in own.values())) == {"momentum", "Adam"}
