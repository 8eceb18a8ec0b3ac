"""What students may have: it holds no answer in plain words, and its links hold."""

import ast
import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from tools.student_repo import FOLDED, Refused, asks, student_repo, unfold, write

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))


@pytest.fixture(scope="module")
def copy():
    return student_repo()


@pytest.fixture(scope="module")
def readable(copy):
    """All that can be read in the copy, without pictures and hashes."""
    texts = (data.decode() for name, data in copy.items() if not name.endswith((".gz", ".lock")))
    return plain(re.sub(r"[A-Za-z0-9+/=]{60,}", "", "\n".join(texts)))


def plain(text):
    """The same without quotes, and with every blank or end of a line as one blank."""
    return " ".join(text.replace("\\n", " ").replace("\\", "").replace('"', " ").split())


@functools.cache
def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def found(secrets, readable):
    return [secret for secret in secrets if plain(secret) in readable]


def test_the_copy_holds_what_students_need_and_nothing_else(copy):
    top = {name.split("/")[0] for name in copy}
    assert top == {
        *("notebooks", "exercises", "gdtools", "LICENSE", "README.md", "Makefile", "update.py", "start"),
        *("pyproject.toml", "requirements.lock", "environment.yml", ".gitignore", ".gitattributes", "tools"),
    }
    assert not [name for name in copy if "__pycache__" in name or ".ipynb_checkpoints" in name]
    for folder in ("notebooks", "exercises", "gdtools"):
        listed = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(f"{folder}/**/*.*")}
        assert {name for name in listed if not re.search("__pycache__|checkpoints", name)} <= copy.keys()


def test_no_solution_can_be_read(readable):
    secrets = []
    for path in ROOT.glob("solutions/*/*.ipynb"):
        for cell in cells_of(path):
            if "solution-note" in cell.metadata.get("tags", []):
                secrets += cell.source.splitlines()
            for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL):
                code = answer.strip()
                secrets += [] if re.fullmatch(r"[\d. /]+", code) else [code]  # 0.2 stands everywhere
    assert len(secrets) > 150
    assert found(filter(str.strip, secrets), readable) == []


def answers(code):
    """The texts in a cell's questions that tell what is right, and why."""
    for call in ast.walk(ast.parse(code)):
        if getattr(getattr(call, "func", None), "id", "") in ("choose", "number"):
            for keyword in call.keywords:
                inside = getattr(keyword.value, "values", [keyword.value])  # of a dict, what is said of an option
                for node in (node for part in inside for node in ast.walk(part)):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and keyword.arg != "unit":
                        yield node.value


def test_no_answer_to_a_question_can_be_read(readable):
    secrets = {text for path in NOTEBOOKS for cell in cells_of(path) if asks(cell) for text in answers(cell.source)}
    assert len(secrets) > 200
    assert found([text for text in secrets if len(text) > 12], readable) == []  # "4/3" stands elsewhere, too
    assert "<summary>Answer</summary><p>✓" not in readable


def test_no_note_for_the_speaker_can_be_read(readable):
    cells = [cell for path in NOTEBOOKS for cell in cells_of(path)]
    notes = [cell.metadata["slideshow"]["notes"] for cell in cells if cell.metadata.get("slideshow", {}).get("notes")]
    assert len(notes) > 100
    assert found(notes, readable) == []


def test_what_is_folded_is_what_was_there(copy):
    for pattern in FOLDED:
        for path in ROOT.glob(pattern):
            assert unfold(copy[path.relative_to(ROOT).as_posix()].decode()) == path.read_text(encoding="utf-8")
    for path in NOTEBOOKS:
        folded = nbformat.reads(copy[f"notebooks/{path.name}"].decode(), as_version=4).cells
        ours = [cell for cell in cells_of(path) if cell.id in {cell.id for cell in folded}]
        for cell, theirs in zip(ours, folded, strict=True):
            assert asks(cell) or cell.cell_type == "markdown" or theirs.source == cell.source
            if asks(cell):
                *steps, shown = ast.parse(unfold(theirs.source)).body
                *wanted, asked = ast.parse(cell.source).body
                assert ast.dump(shown.value.args[0]) == ast.dump(asked.value) and shown.value.func.id == "display"
                assert list(map(ast.dump, steps)) == list(map(ast.dump, wanted))


def test_the_links_hold(copy):
    notebooks = {name: json.loads(data)["cells"] for name, data in copy.items() if name.endswith(".ipynb")}
    anchors = {name: {f"cell-id={cell['id']}" for cell in cells} for name, cells in notebooks.items()}
    texts = {name: data.decode() for name, data in copy.items() if name.endswith(".md")}
    for name, cells in notebooks.items():
        texts[name] = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    astray, seen = [], 0
    for name, text in texts.items():
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            file, _, anchor = link.partition("#")
            place = os.path.normpath(f"{Path(name).parent.as_posix()}/{file}") if file else name
            seen += 1
            if not (re.match("[a-z]+:", link) or (place in copy and (not anchor or anchor in anchors[place]))):
                astray.append((name, link))
    assert seen > 200
    assert astray == []


def test_the_folder_is_new_and_outside(tmp_path):
    write(tmp_path / "new" / "folder")
    assert os.access(tmp_path / "new" / "folder" / "start", os.X_OK)
    kept = tmp_path / "new" / "folder" / "README.md"
    kept.write_text("mine")
    for folder, words in [
        (tmp_path / "new" / "folder", "not empty"),
        (kept, "not empty"),
        (ROOT / "students", "inside the repository"),
        (ROOT, "inside the repository"),
    ]:
        with pytest.raises(Refused, match=words):
            write(folder)
    assert kept.read_text() == "mine"


def test_make_asks_where_to():
    if not shutil.which("make"):
        pytest.skip("there is no make")
    asked = subprocess.run(["make", "-n", "student-repo"], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode and "make student-repo OUT=folder" in asked.stderr
