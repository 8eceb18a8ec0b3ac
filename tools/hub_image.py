"""What the image for a hub on Kubernetes is made of: `python -m tools.hub_image FOLDER`, a new one.

It is the students' copy with what a hub needs beside it. repo2docker makes the image of it; with --show, this prints
the Dockerfile which that would be, and Docker isn't needed.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from tools.binder import ROOT, dockerfile
from tools.student_repo import Refused, write

PLACE = "/srv/course"  # outside the home, over which the hub mounts each student's volume
BESIDE = ["requirements-hub.lock", "deploy/nbgrader_student", "deploy/nbgrader_instructor"]
COMMAND = """jupyter-repo2docker --no-run --user-id 1000 --user-name jovyan --target-repo-dir {place} \\
    --appendix "$(cat {appendix})" --image-name registry.example.edu/gradient-descent:1 {folder}"""


def image(folder):
    """Write what the image is made of into `folder`. Raises Refused as `tools.student_repo.write` does."""
    folder = Path(folder)
    write(folder)
    for name in BESIDE:
        (folder / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    (folder / "environment.yml").unlink()  # what is in binder/ counts, and nothing in the folder above it
    shutil.copytree(ROOT / "deploy" / "image", folder / "binder", ignore=shutil.ignore_patterns("appendix"))
    (folder / "start").rename(folder / "binder" / "start")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the Dockerfile")
    options = parser.parse_args()
    try:
        image(options.folder)
    except Refused as refused:
        sys.exit(str(refused))
    if options.show:
        print(dockerfile(options.folder))
    appendix = Path(os.path.relpath(ROOT / "deploy" / "image" / "appendix"))
    print("Now:\n\n" + COMMAND.format(place=PLACE, appendix=appendix, folder=options.folder), file=sys.stderr)


if __name__ == "__main__":
    main()
