"""What a class on one machine is given: limits, and the machines that larger classes need."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.hub_load import Measured, plan, plan_row

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a hub runs on Linux")
DEPLOY = Path(__file__).parents[2] / "deploy"
LECTURE = Measured(16, start=40, start_work=3, run=200, run_work=12, kernel=200, server=100, hub=200, faults=0)


@pytest.fixture
def limits(monkeypatch):
    """deploy/limits.py, without JupyterHub, which is elsewhere."""
    monkeypatch.setitem(sys.modules, "jupyterhub", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "jupyterhub.spawner", SimpleNamespace(LocalProcessSpawner=object))
    monkeypatch.syspath_prepend(DEPLOY)
    import limits

    yield limits.limits
    del sys.modules["limits"]


def test_limits_in_the_words_of_control_groups_version_1(limits, tmp_path):
    files = {str(file.relative_to(tmp_path)): value for file, value in limits("ada", 10**9, 1.5, tmp_path).items()}
    assert files == {
        "memory/jupyter-ada/memory.limit_in_bytes": 10**9,
        "cpu/jupyter-ada/cpu.cfs_period_us": 100_000,
        "cpu/jupyter-ada/cpu.cfs_quota_us": 150_000,
    }


def test_limits_in_the_words_of_control_groups_version_2(limits, tmp_path):
    (tmp_path / "cgroup.controllers").touch()
    files = {str(file.relative_to(tmp_path)): value for file, value in limits("ada", 10**9, 1, tmp_path).items()}
    assert files == {"jupyter-ada/memory.max": 10**9, "jupyter-ada/cpu.max": "100000 100000"}


def test_a_class_needs_memory_for_each_and_a_core_for_ten():
    assert plan(100, LECTURE) == (pytest.approx(30.2), 10, 3)
    assert plan_row(100, LECTURE, image=1500, lite=50) == "| 100 | 30 | 10 | 3 | 4.5 | 0 | 5.0 |"
    assert plan_row(100, LECTURE, image=1500, lite=0).endswith("| 0 | ? (make lite) |")


def test_the_machines_are_as_many_as_the_scarcer_of_memory_and_cores_asks_for():
    assert plan(40, LECTURE)[2] == 1
    assert plan(41, LECTURE)[2] == 2  # a fifth core
    large = Measured(16, start=40, start_work=3, run=200, run_work=12, kernel=900, server=100, hub=200, faults=0)
    assert plan(40, large)[2] == 3  # 40.2 GB
