"""Measure everything and print the table."""

import os
import platform
from importlib import metadata
from pathlib import Path

from benchmarks import descent, heat_map, slider


def machine():
    """What the figures depend on."""
    names = ("numpy", "matplotlib", "jupyterlab", "ipywidgets", "torch", "scikit-learn")
    versions = [f"{name} {metadata.version(name)}" for name in names if next(metadata.distributions(name=name), None)]
    return f"{_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {', '.join(versions)}"


def _processor():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(models), platform.processor() or platform.machine())


def rows():
    """All the rows, each measured when its turn comes."""
    yield from slider.rows()
    yield from descent.epoch_rows()
    yield descent.start_row()
    yield heat_map.heat_map_row()


print(f"Measured on {machine()}\n")
print("| what | ours: median (min–max) | the rival: median (min–max) | times better |\n|---|---|---|---|", flush=True)
for row in rows():
    print(row, flush=True)
