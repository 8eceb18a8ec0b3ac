"""gdtools/__init__.py says which file may import which. They hold to it, and its two floors are as large as told."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gdtools

ROOT = Path(__file__).parents[2]
FILES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.glob("gdtools/**/*.py")}
LISTS = re.findall(r"(?:^    \w+ .*\n)+", gdtools.__doc__, re.MULTILINE)
TO_READ, SERVING = (dict(re.findall(r"^    (\w+) +(.*)$", part, re.MULTILINE)) for part in LISTS)


def imported(path):
    """The modules of gdtools that this file imports, at its top or in a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in FILES or f"{name}.__init__" in FILES else node.module for name in inner]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "gdtools")


def part(module):
    """The file of the floor to read, or the folder, that a module belongs to."""
    return module.split(".")[1]


def allowed(name):
    """What a file to read, or a folder, may import beside itself."""
    if name == "__init__":
        return []
    if name in TO_READ:
        return list(TO_READ)[: list(TO_READ).index(name)]
    return [*TO_READ, *re.findall(r"\w+", "".join(re.findall(r"\((.*)\)$", SERVING[name])))]


def lines(*paths):
    """How many lines have something on them."""
    return sum(bool(line.strip()) for path in paths for line in path.read_text(encoding="utf-8").splitlines())


def test_every_file_and_folder_is_in_one_of_the_lists():
    assert {part(module) for module in FILES} == {"__init__", *TO_READ, *SERVING}


@pytest.mark.parametrize("module", sorted(FILES))
def test_imports_go_one_way(module):
    others = {part(other) for other in imported(FILES[module])} - {part(module)}
    astray = others - set(allowed(part(module)))
    assert not astray, f"{module} imports {sorted(astray)}; gdtools/__init__.py says what it may import."


def test_there_are_no_circles():
    graph = {module.removesuffix(".__init__"): set(imported(path)) for module, path in FILES.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_readme_tells_the_size_of_both_floors():
    told = re.search(
        r"about ([\d ]+) lines of Python to read.*?about ([\d ]+) lines of Python, and ([\d ]+) of JavaScript and CSS",
        (ROOT / "README.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    to_read = [path for path in ROOT.glob("gdtools/*.py") if path.stem not in SERVING]
    counted = [
        lines(*to_read),
        lines(*set(FILES.values()) - set(to_read)),
        lines(*(path for ending in ("js", "css") for path in ROOT.glob(f"gdtools/*/*.{ending}"))),
    ]
    assert counted[0] <= 1200, "That is too much to read: move what only serves the course into a folder."
    assert [int(number.replace(" ", "")) for number in told.groups()] == pytest.approx(counted, rel=0.05)
