"""Publish the notebooks: as pages to read, or as slides to project.

    python -m tools.publish site [PATHS...]     pages, into build/site
    python -m tools.publish slides [PATHS...]   slides, into build/slides

Without paths: all of notebooks/. The sliders move in both, without a kernel. What is wrong with the result is told:
images without alt text, links that lead nowhere, slides that are larger than the screen.

Pages need MathJax and Mermaid, and slides reveal.js too. What npm has brought into node_modules is copied beside the
pages, which then need no internet; elsewhere the pages take it from jsdelivr.net, in the same versions.
"""

import argparse
import sys
from pathlib import Path

from tools.notebooks import Fault
from tools.publish import pages, slides
from tools.publish.build import ROOT, build, is_ours
from tools.publish.faults import faults

KINDS = {kind.NAME: kind for kind in (pages, slides)}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--output", type=Path, help="instead of build/site or build/slides; what is in it goes")
    options = parser.parse_intermixed_args(arguments)
    if options.output and options.output.exists() and not is_ours(options.output):
        parser.error(f"--output must be a new folder, or one made by this command, but it is {options.output}")
    folder = options.output or ROOT / "build" / options.kind
    try:
        build(KINDS[options.kind], options.paths or sorted((ROOT / "notebooks").glob("*.ipynb")), folder)
    except Fault as fault:
        sys.exit(str(fault))
    found = [*faults(folder), *(slides.too_large(folder) if options.kind == "slides" else [])]
    print("\n".join([*found, f"Open {folder / 'index.html'}"]))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
