"""Notebook 08: what a reader finds in the race of the optimizers."""

import re

import numpy as np
import pytest


@pytest.fixture(scope="module")
def races(shown_by):
    cells = ("explorer-saddle", "explorer-sine", "explorer")
    return shown_by("08_a_rate_for_each_parameter.ipynb", "setup", *cells)


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
