"""Is everything here? Notebook 00 asks it; and make, which mends what it can.

Nothing is imported before it is asked for: what is missing must not keep this file from saying so.
"""

import sys
from filecmp import cmp
from importlib import import_module, metadata
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parent


def report():
    """That everything is here, and where gdtools comes from; or what is wrong and what to do, in a sentence each."""
    if hiding := [*hidden()]:
        return "\n".join([*hiding, "Then choose  Kernel → Restart Kernel  and run this cell again."])
    if wrong := [*misfits(imported), *strangers()]:
        return "\n".join([*wrong, "Close JupyterLab and start it with  make lab  (or see the README)."])
    place = "this page" if sys.platform == "emscripten" else "this folder" if own() else PACKAGE.parent
    return f"Everything is here. gdtools comes from {place}."


def hidden():
    """Files beside the notebook that hide a package of the course, or a module of Python's own: random.py, say."""
    beside = Path.cwd()
    for name in sorted({*sys.stdlib_module_names, *(need.name for need in required())}):
        spec = PathFinder.find_spec(name, [str(beside)])
        if spec and spec.origin:
            yield f"{Path(spec.origin).relative_to(beside)} hides the real {name}. Rename it."


def misfits(version):
    """Packages that the course needs and that are missing, broken or of another version: `version` tells of a name."""
    for need in required():
        try:
            found = version(need.name)
        except Exception as error:
            yield f"{need.name} is missing or broken: {type(error).__name__}: {error}."
        else:
            if not need.specifier.contains(found, prereleases=True):
                yield f"The course needs {need}, and finds {found} in {Path(find_spec(need.name).origin).parent}."


def required():
    """What pyproject.toml lists, as it was noted when gdtools was installed.

    JupyterLab may be missing: a hub's can run in another Python, and the browser edition's in none.
    """
    from packaging.requirements import Requirement

    needs = map(Requirement, metadata.requires("gdtools"))
    return [need for need in needs if need.name != "jupyterlab" or find_spec(need.name)]


def imported(name):
    """The version that a package tells of itself, as it may hide the installed one. A kernel imports no JupyterLab."""
    return metadata.version(name) if name == "jupyterlab" else import_module(name).__version__


def course():
    """The folder gdtools of the course that the notebook lies in, or None: it may lie alone."""
    folders = (place / "gdtools" for place in [Path.cwd(), *Path.cwd().parents])
    return next((folder for folder in folders if (folder / "__init__.py").is_file()), None)


def own():
    """gdtools is that of the course that the notebook lies in."""
    return course() is not None and course().samefile(PACKAGE)


def strangers():
    """gdtools that is another than that of the course that the notebook lies in."""
    files = [file.relative_to(course()) for file in course().rglob("*.[jp][sy]")] if course() else []
    if not all((PACKAGE / file).is_file() and cmp(course() / file, PACKAGE / file, shallow=False) for file in files):
        yield f"gdtools comes from {PACKAGE.parent}, and differs from that of this folder."


if __name__ == "__main__":  # make asks: exit with 1 if .venv is not this folder's; name .venv/lab if packages don't fit
    print(".venv/lab" if any(misfits(metadata.version)) else "")
    sys.exit(not own())
