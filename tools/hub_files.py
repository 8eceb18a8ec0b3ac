"""What a hub needs of the course, in a new folder: `python -m tools.hub_files FOLDER`.

It is the students' copy with deploy/ and the versions for a hub beside it, and no solutions: students can read it. On
one machine, put it in /srv/course. For Kubernetes, repo2docker makes the image of it; --show prints the Dockerfile
which that would be, without Docker.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

from tools.binder import ROOT, dockerfile
from tools.student_repo import Refused, write

PLACE = "/srv/course"  # outside the home, over which Kubernetes mounts each student's volume
OF_THE_STUDENTS_COPY = shutil.ignore_patterns("student", "image", "__pycache__")
COMMAND = """jupyter-repo2docker --no-run --user-id 1000 --user-name jovyan --target-repo-dir {place} \\
    --appendix "$(cat {appendix})" --image-name registry.example.edu/gradient-descent:1 {folder}"""


def hub_files(folder):
    """Write them into `folder`. Raises Refused as `tools.student_repo.write` does."""
    folder = Path(folder)
    write(folder)
    shutil.copy(ROOT / "requirements-hub.lock", folder)
    shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=OF_THE_STUDENTS_COPY)
    shutil.copytree(ROOT / "deploy" / "image", folder / "binder", ignore=shutil.ignore_patterns("appendix"))
    (folder / "environment.yml").unlink()  # for repo2docker, what is in binder/ counts
    (folder / "start").rename(folder / "binder" / "start")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print the Dockerfile")
    options = parser.parse_args()
    try:
        hub_files(options.folder)
    except Refused as refused:
        sys.exit(str(refused))
    if options.show:
        print(dockerfile(options.folder))
    appendix = Path(os.path.relpath(ROOT / "deploy" / "image" / "appendix"))
    command = COMMAND.format(place=PLACE, appendix=appendix, folder=options.folder)
    print(f"What a hub needs is in {options.folder}. To make an image of it:\n\n{command}", file=sys.stderr)


if __name__ == "__main__":
    main()
