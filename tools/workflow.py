"""Run the steps of one job of the workflow here, one by one, in a clean clone of the last commit.

    python -m tools.workflow build      what is published, without publishing it
    python -m tools.workflow test

Steps that fetch another's action (a checkout, a Python) are named and left out: what is installed here serves.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
FILE = ".github/workflows/course.yml"
HOST = {"GITHUB_REPOSITORY": "owner/name", "GITHUB_REF_NAME": "main"}  # what the host would say
VALUES = {"${{ runner.os == 'Linux' }}": "true", "${{ steps.pages.outputs.base_url }}": "https://owner.github.io/name"}


def run(job, root):
    """Run the `run` steps of a job in the folder `root`. Raises CalledProcessError at the first that fails."""
    workflow = yaml.load((root / FILE).read_text(encoding="utf-8"), yaml.BaseLoader)  # else `on` would be true
    for step in workflow["jobs"][job]["steps"]:
        if "run" not in step:
            print(f"not run here: {step['uses']}", flush=True)
            continue
        own = {name: VALUES.get(value, value) for name, value in step.get("env", {}).items()}
        start = time.perf_counter()
        subprocess.run(["bash", "-e", "-c", step["run"]], cwd=root, env=os.environ | HOST | own, check=True)
        print(f"{step['name']}: {time.perf_counter() - start:.0f} s", flush=True)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("job", choices=["test", "build"])
    job = parser.parse_args(arguments).job
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        clone = Path(folder) / "name"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        try:
            run(job, clone)
        except subprocess.CalledProcessError as error:
            sys.exit(f"This step failed: {error.cmd[-1]}")


if __name__ == "__main__":
    main()
