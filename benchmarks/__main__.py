"""Measure and print the table: python -m benchmarks [slider] [start] [descent] [heat_map]"""

import sys

from benchmarks import descent, heat_map, slider, start
from benchmarks.measure import table

PARTS = {"slider": slider.rows, "start": start.rows, "descent": descent.rows, "heat_map": heat_map.rows}

parts = sys.argv[1:] or PARTS
rows = (row for part in parts for row in PARTS[part]())
table("| what | ours: median (min–max) | the rival: median (min–max) | times better |", rows)
