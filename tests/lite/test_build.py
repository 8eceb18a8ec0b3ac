"""What the site is made of: what git knows and what is pinned, the same at each build; and what stops a build."""

import hashlib
import json
import re
import shutil
import subprocess

import pytest

from tools import lite

from .conftest import SITE, unavailable

PYODIDE = SITE / "static" / "pyodide"
LOCKED = {
    "a": {"depends": ["b"], "file_name": "a-1-wasm32.whl", "sha256": lite.sha256(b"a")},
    "b": {"depends": [], "file_name": "b-1-none.whl", "sha256": lite.sha256(b"b")},
    "c": {"depends": [], "file_name": "c-1-none.whl", "sha256": lite.sha256(b"c")},
}


@pytest.fixture(scope="module", autouse=True)
def built():
    if not (SITE / "index.html").exists():
        unavailable("These tests need the edition for the browser: make lite")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_build_makes_the_same_bytes_and_needs_no_network(tmp_path, monkeypatch):
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "npm_config_registry"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/nothing")
    monkeypatch.setenv("PIP_RETRIES", "0")
    lite.build(tmp_path / "site")
    assert contents(tmp_path / "site") == contents(SITE)


def test_each_package_has_the_hash_that_the_browser_will_ask_for():
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    for entry in lock.values():
        assert lite.sha256((PYODIDE / entry["file_name"]).read_bytes()) == entry["sha256"]
    config = json.loads((SITE / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["loadPyodideOptions"]["packages"] == sorted(lock)
    assert kernel["disablePyPIFallback"]


def test_it_holds_what_git_knows_and_no_solution():
    listed = subprocess.run(["git", "ls-files", *lite.COURSE], cwd=lite.ROOT, capture_output=True, text=True)
    assert sorted(contents(SITE / "files")) == sorted(listed.stdout.splitlines())
    assert not list(SITE.rglob("solutions"))


def test_the_compiled_packages_come_with_what_they_need_out_of_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "COMPILED", ["a"])
    monkeypatch.setenv("PYODIDE", str(tmp_path))
    for name, data in (("a-1-wasm32.whl", b"a"), ("b-1-none.whl", b"b")):
        (tmp_path / name).write_bytes(data)
    assert [path.name for path in lite.compiled_wheels(tmp_path, LOCKED)] == ["a-1-wasm32.whl", "b-1-none.whl"]


@pytest.mark.parametrize("data, fault", [(None, "there is no b-1-none.whl in"), (b"B", "is not the file of Pyodide")])
def test_a_package_that_is_missing_or_another_stops_the_build(tmp_path, monkeypatch, data, fault):
    monkeypatch.setattr(lite, "COMPILED", ["a"])
    monkeypatch.setenv("PYODIDE", str(tmp_path))
    (tmp_path / "a-1-wasm32.whl").write_bytes(b"a")
    if data:
        (tmp_path / "b-1-none.whl").write_bytes(data)
    with pytest.raises(lite.Fault, match=fault):
        lite.compiled_wheels(tmp_path, LOCKED)


def test_another_pyodide_than_the_pinned_one_stops_the_build(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "DOWNLOADS", tmp_path)
    archive = tmp_path / f"pyodide-{lite.PYODIDE}.tgz"
    archive.write_bytes(b"another")
    with pytest.raises(lite.Fault, match="is not what was pinned: its integrity is sha512-"):
        lite.pyodide_core(tmp_path)
    assert not archive.exists()


@pytest.mark.parametrize(
    "missing, fault",
    [
        ("git", "this folder is no git checkout, or git is missing"),
        ("npm", "npm can't fetch Pyodide .*there is no npm"),
    ],
)
def test_a_program_that_is_missing_is_named(tmp_path, monkeypatch, capsys, missing, fault):
    monkeypatch.setattr(lite, "DOWNLOADS", tmp_path / "downloads")
    monkeypatch.setenv("PATH", str(tmp_path))
    if missing != "git":
        (tmp_path / "git").symlink_to(shutil.which("git", path="/usr/local/bin:/usr/bin:/bin"))
    assert lite.main(["--output", str(tmp_path / "site")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("The edition for the browser was not built: ") and "Traceback" not in said
    assert re.search(fault, said)
    assert not (tmp_path / "site").exists()
