"""The data: what the files hold. The numbers the course quotes about them are in test_syllabus.py."""

import hashlib

import numpy as np
import pytest

from gdtools import datasets

both = pytest.mark.parametrize("load", [datasets.flights, datasets.digits])


def test_flights_are_ten_thousand_whole_miles_and_minutes():
    distance, air_time = datasets.flights()
    for column, (low, high) in [(distance, (80, 5000)), (air_time, (20, 700))]:
        assert column.shape == (10_000,)
        assert column.dtype == float
        assert low <= column.min() < column.max() <= high
        assert (column == column.round()).all()


def test_the_air_speed_of_every_flight_is_possible():
    distance, air_time = datasets.flights()
    mph = distance / (air_time / 60)
    assert 70 < mph.min() < mph.max() < 720


def test_digits_are_the_1797_of_the_uci_repository():
    pixels, labels = datasets.digits()
    assert pixels.shape == (1797, 64)
    assert pixels.sum() * 16 == 561_718
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert np.unique(pixels * 16).tolist() == list(range(17))
    assert labels.dtype.kind == "i"


def test_each_label_belongs_to_its_pixels():
    pixels, labels = datasets.digits()
    means = np.array([pixels[:900][labels[:900] == digit].mean(axis=0) for digit in range(10)])
    nearest = ((pixels[900:, None] - means) ** 2).sum(axis=-1).argmin(axis=1)
    assert (nearest == labels[900:]).mean() > 0.85


@both
def test_a_caller_may_change_the_arrays_without_harm(load):
    first = load()
    for array in first:
        array[:] = 1
    assert all((array != 1).any() for array in load())


@both
def test_loading_needs_no_network_and_gives_the_same_each_time(load, monkeypatch):
    monkeypatch.setattr("socket.socket", None)
    once, again = (hashlib.sha256(b"".join(array.tobytes() for array in load())).digest() for _ in range(2))
    assert once == again
