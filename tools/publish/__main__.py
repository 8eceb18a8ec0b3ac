"""Publish the notebooks: as pages to read, or as slides to project.

    python -m tools.publish site [PATHS...]     pages, into build/site
    python -m tools.publish slides [PATHS...]   slides, into build/slides

Without paths: all of notebooks/. The sliders move in both, without a kernel. What is wrong with the result is told:
images without alt text, links that lead nowhere, slides that are larger than the screen.

What they need from elsewhere is copied beside them, if npm has brought it into node_modules: then they need no
internet. On pages, formulas are drawn at build by KaTeX, flowcharts by Mermaid in Chromium, and pagefind makes the
search; slides have reveal.js and MathJax. What is missing is told, and taken from jsdelivr.net in the same version.
"""

import argparse
import sys
from pathlib import Path

from tools.notebooks import Fault
from tools.publish import pages, slides
from tools.publish.assets import ROOT
from tools.publish.build import build, is_ours
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
        paths = options.paths or sorted((ROOT / "notebooks").glob("*.ipynb"))
        build(KINDS[options.kind], paths, folder)
    except Fault as fault:
        sys.exit(str(fault))
    found = [*faults(folder), *(slides.too_large(folder) if options.kind == "slides" else [])]
    print("\n".join([*found, f"Open {folder / 'index.html'}"]))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
