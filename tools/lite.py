"""Build the edition for the browser: JupyterLite, with Python compiled to WebAssembly (Pyodide). No server runs it.

    python -m tools.lite [--output build/lite]

The files of git, as they are in this folder, make the site. All else is pinned, and compared with its hash: the builder
and the pure wheels by pip (requirements-lite.lock, requirements-browser.lock), Pyodide's core by the integrity below,
and each wheel that Pyodide compiles by the lock that this core brings. Those are taken from the folder that the
variable PYODIDE names, Pyodide's own distribution; without one, from a wheel of the package index that carries the same
files. What was fetched stays in build/downloads, so a second build needs no network.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import nbformat

from tools import links
from tools.notebooks import LANGUAGE, Fault, read

ROOT = Path(__file__).parents[1]
PARTS = ROOT / "tools" / "templates" / "lite"
DOWNLOADS = ROOT / "build" / "downloads"
COURSE = ["notebooks", "exercises", "docs/how_we_measure.md", "docs/in_your_browser.md"]
PACKAGE = ["gdtools", "pyproject.toml", "LICENSE"]

PYODIDE = "314.0.3"
INTEGRITY = "sha512-sK40My6m8tmBUYtYH9au9rXUeh9x0wfahtHdOlGmJxZDsKBGKtP6KznyFB2+u/klbQTdDionR0uaVd176zVQzQ=="
CARRIER = "open-webui==0.12.4 --hash=sha256:02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
CORE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
COMPILED = ["matplotlib", "micropip"]  # with what they need
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget"]
SHIMS = ["ipykernel", "piplite", "pyodide_kernel", "widgetsnbextension"]  # what the kernel's extension brings

# What the kernel says of itself. A notebook that says the same is not changed by being opened.
KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
LANGUAGE_INFO = LANGUAGE | {"codemirror_mode": {"name": "python", "version": 3}, "version": "3.8"}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "lite", help="where the site is written")
    output = parser.parse_args(arguments).output.resolve()
    try:
        build(output)
    except Fault as fault:
        print(f"The edition for the browser was not built: {fault}", file=sys.stderr)
        return 1
    files = [path for path in output.rglob("*") if path.is_file()]
    print(f"{output}: {sum(path.stat().st_size for path in files) / 1e6:.0f} MB in {len(files)} files")
    return 0


def build(output):
    """Write the site into `output`, in place of what was there."""
    shutil.rmtree(output, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        os.environ["SOURCE_DATE_EPOCH"] = date()
        copy_tracked(COURSE, work / "site" / "files")
        copy_tracked(PACKAGE, work / "package")
        # Where a browser keeps no files (a private window, no HTTPS), the kernel sees none beside the notebook.
        shutil.copy(work / "site" / "files" / "notebooks" / "alt_texts.toml", work / "package" / "gdtools")
        core = pyodide_core(work)
        wheels = [
            *compiled_wheels(work, json.loads((core / "pyodide-lock.json").read_text())["packages"]),
            *pure_wheels(work),
            *shims(),
            course_wheel(work),
        ]
        names = distribution(core, wheels, work / "site" / "static" / "pyodide")
        site(work / "site", names, work / "out" / "lite")
        shutil.copytree(work / "out" / "lite", output)


def run(command, says, **options):
    """What the command prints; Fault if it fails or isn't there."""
    program = shutil.which(command[0])  # on Windows, npm is npm.cmd
    if not program:
        raise Fault(f"{says}: there is no {command[0]}")
    options |= {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    try:
        return subprocess.run([program, *command[1:]], check=True, **options).stdout
    except subprocess.CalledProcessError as error:
        raise Fault(f"{says}:\n{(error.stderr or error.stdout).strip()[-2000:]}") from None


def git(*arguments):
    return run(["git", *arguments], "this folder is no git checkout, or git is missing", cwd=ROOT)


def date():
    """When the course was last changed, so that the same course makes the same bytes."""
    return git("log", "-1", "--format=%ct").strip()


def copy_tracked(names, folder):
    """Copy what git knows below these names, as it is now: not what a session has left beside it."""
    for name in filter(None, git("ls-files", "-z", "--", *names).split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# Pyodide


def pyodide_core(work):
    """The folder with Pyodide's core, from npm."""
    archive = DOWNLOADS / f"pyodide-{PYODIDE}.tgz"
    if not archive.exists():
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        pack = ["npm", "pack", "--silent", f"pyodide@{PYODIDE}"]
        run(pack, "npm can't fetch Pyodide (is there a network?)", cwd=DOWNLOADS)
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        archive.unlink()
        raise Fault(f"{archive.name} is not what was pinned: its integrity is {found}. It has been removed; try again")
    core = work / "core"
    core.mkdir()
    with tarfile.open(archive) as packed:
        for name in [*CORE, "pyodide-lock.json"]:
            (core / name).write_bytes(packed.extractfile(f"package/{name}").read())
    return core


def compiled_wheels(work, official):
    """The wheels of Pyodide itself, each the same as in its lock."""
    wanted = {entry["file_name"]: entry["sha256"] for entry in closure(COMPILED, official)}
    if folder := os.environ.get("PYODIDE"):
        return [same(Path(folder) / name, sum) for name, sum in wanted.items()]
    if not all((DOWNLOADS / name).exists() for name in wanted):
        (work / "carrier.txt").write_text(CARRIER)
        pip_download(work / "carrier.txt", work / "carrier", "3.12")
        with zipfile.ZipFile(next((work / "carrier").iterdir())) as carrier:
            for member in carrier.namelist():
                if Path(member).name in wanted:
                    (DOWNLOADS / Path(member).name).write_bytes(carrier.read(member))
    return [same(DOWNLOADS / name, sum) for name, sum in wanted.items()]


def closure(names, official):
    """The entries of the lock for these packages, and for all that they need."""
    found = {}

    def take(name):
        if name not in found:
            found[name] = official[name]
            for need in official[name]["depends"]:
                take(need)

    for name in names:
        take(name)
    return found.values()


def same(path, expected):
    """The path, if the file there has this hash."""
    if not path.exists():
        raise Fault(f"there is no {path.name} in {path.parent}. It belongs to the distribution of Pyodide {PYODIDE}")
    if sha256(path.read_bytes()) != expected:
        raise Fault(f"{path} is not the file of Pyodide {PYODIDE}: its lock has another sha256")
    return path


# Wheels


def pip_download(requirements, folder, python):
    """Fetch the wheels for this Python that the file pins; those in build/downloads need no network."""
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"]
    pip += ["--only-binary=:all:", "--platform=any", f"--python-version={python}", "--require-hashes"]
    pip += [f"--requirement={requirements}", f"--dest={folder}"]
    try:
        run([*pip, "--no-index", f"--find-links={DOWNLOADS}"], "")
    except Fault:
        run(pip, "pip can't fetch what is pinned (is there a network?)")


def pure_wheels(work):
    """What runs in the browser and needs no compiler, by pip and its hashes."""
    pip_download(ROOT / "requirements-browser.lock", work / "pure", "3.14")
    wheels = sorted((work / "pure").iterdir())
    for wheel in wheels:
        shutil.copyfile(wheel, DOWNLOADS / wheel.name)
    return wheels


def shims():
    """Small packages that stand for what a server has: a part of the builder, in the versions that it wants."""
    folder = labextension("@jupyterlite/pyodide-kernel-extension") / "static" / "pypi"
    return [max(folder.glob(f"{name}-*.whl")) for name in SHIMS]


def course_wheel(work):
    flit = [sys.executable, "-m", "flit_core.wheel", "--outdir", work / "course", work / "package"]
    run(flit, "gdtools can't be packed")
    return next((work / "course").iterdir())


def distribution(core, wheels, folder):
    """Lay core and wheels together, with a lock of these alone; return the packages' names.

    The kernel loads all of them as it starts, so the lock needs no dependencies.
    """
    folder.mkdir(parents=True)
    for file in [*(core / name for name in CORE), *wheels]:
        shutil.copyfile(file, folder / file.name)
    lock = json.loads((core / "pyodide-lock.json").read_text())
    entries = sorted(map(entry, wheels), key=lambda entry: entry["name"])
    lock["packages"] = {entry["name"]: entry for entry in entries}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1) + "\n")
    return list(lock["packages"])


def entry(wheel):
    """What Pyodide's lock says of a wheel."""
    name, version = wheel.name.split("-")[:2]
    return {
        "name": re.sub(r"[-_.]+", "-", name).lower(),
        "version": version,
        "file_name": wheel.name,
        "sha256": sha256(wheel.read_bytes()),
        "install_dir": "site",
        "package_type": "package",
        "unvendored_tests": False,
        "imports": [],
        "depends": [],
    }


# JupyterLite


def labextension(name):
    return Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name


def site(folder, packages, output):
    """Have JupyterLite make a site of `folder`, with a kernel that loads these packages as it starts."""
    for path in folder.glob("files/**/*.ipynb"):
        path.write_text(for_this_kernel(read(path)), encoding="utf-8", newline="\n")
    settings = json.loads((PARTS / "jupyter-lite.json").read_text())
    kernel = settings["jupyter-config-data"]["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    kernel["loadPyodideOptions"] = {"packages": packages}
    (folder / "jupyter-lite.json").write_text(json.dumps(settings, indent=1))
    shutil.copyfile(PARTS / "overrides.json", folder / "overrides.json")
    options = {
        "apps": ["lab"],
        "federated_extensions": [*(str(labextension(name)) for name in EXTENSIONS), str(PARTS / "extension")],
        "ignore_sys_prefix": True,  # other extensions of this environment are for authors
        "no_libarchive": True,
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(output),
    }
    (folder / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": options}))
    run([sys.executable, "-m", "jupyter", "lite", "build"], "JupyterLite can't build the site", cwd=folder)
    name_the_page(output / "lab" / "index.html", settings["jupyter-config-data"]["appName"])


def name_the_page(page, name):
    """What is seen first is the course, not the software."""
    html = page.read_text(encoding="utf-8")
    html = html.replace("<title>JupyterLite<", f'<link rel="icon" href="favicon.ico">\n    <title>{name}<')
    html = html.replace("Loading JupyterLite...", f"{name}: the page is loading.")
    page.write_text(html, encoding="utf-8", newline="\n")


def for_this_kernel(notebook):
    """The notebook's file as a first look at it makes it: else each look would leave a copy that grows old.

    A server would put together the lines of its texts; here nobody does. And here it is open already.
    """
    notebook.cells = [cell for cell in notebook.cells if cell.id != links.CELL]
    notebook.metadata.update(kernelspec=KERNELSPEC, language_info=LANGUAGE_INFO)
    return nbformat.v4.writes(notebook, split_lines=False)


if __name__ == "__main__":
    sys.exit(main())
