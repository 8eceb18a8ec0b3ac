"""All that is published, in one folder for any web server: pages, slides and the edition for the browser.

    python -m tools.publish.public [--output build/public]

Then it is visited: what a reader would miss is told, and what each page loads.
"""

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools import lite
from tools.notebooks import Fault
from tools.publish import pages, slides
from tools.publish.assets import ROOT
from tools.publish.build import build, is_ours
from tools.publish.faults import faults
from tools.publish.visit import visit

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def build_pages(folder):
    build(pages, NOTEBOOKS, folder, lite="lite", slides="slides")


def build_slides(folder):
    build(slides, NOTEBOOKS, folder, lite="../lite", pages="..")


PARTS = {"": build_pages, "slides": build_slides, "lite": lite.build}  # what makes each folder of the whole


def assemble(public, parts=PARTS):
    """Build the parts beside each other, and lay them together. Raises Fault where one can't be built."""
    with tempfile.TemporaryDirectory() as work, ProcessPoolExecutor(os.cpu_count()) as pool:
        folders = {name: Path(work) / f"{name}-part" for name in parts}
        for job in [pool.submit(make, folders[name]) for name, make in parts.items()]:
            job.result()
        shutil.rmtree(public, ignore_errors=True)
        for name, folder in folders.items():
            shutil.copytree(folder, public / name, dirs_exist_ok=True)
    (public / ".nojekyll").touch()  # for a host that would take some names for its own


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "public", help="what is in it goes")
    public = parser.parse_args(arguments).output.resolve()
    if public.exists() and not is_ours(public):
        parser.error(f"--output must be a new folder, or one made by this command, but it is {public}")
    try:
        assemble(public)
    except Fault as fault:
        sys.exit(str(fault))
    found = [
        *faults(public),
        *(f"slides/{fault}" for fault in faults(public / "slides")),
        *slides.too_large(public / "slides"),
        *visit(public),
    ]
    files = [path for path in public.rglob("*") if path.is_file()]
    print(f"{public}: {sum(path.stat().st_size for path in files) / 1e6:.0f} MB in {len(files)} files", flush=True)
    print("\n".join(found))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
