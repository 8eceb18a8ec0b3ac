"""Say in the README and in each notebook where it can be opened with nothing to install, once that is known.

    python -m tools.links OWNER/NAME [--branch main] [--site ADDRESS] [--hub ADDRESS [--students OWNER/NAME]]

On Binder, which builds the repository OWNER/NAME of GitHub; in the browser edition, on the site of `make publish`; on
a JupyterHub with nbgitpuller, which copies the students' repository: a clone of this one would hold the solutions.
Nothing else in these files changes, and a second run changes nothing.
"""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

from nbformat.v4 import new_markdown_cell

from tools.notebooks import dumps, read

ROOT = Path(__file__).resolve().parents[1]
FIRST = "notebooks/00_start_here.ipynb"
START = "## Start\n\n"  # the README's line comes below this heading
BEGIN = "**Open it** "
CELL = "open-it"


def browser(site, file):
    """The address that opens `file` in the browser edition of a site made by `make publish`."""
    return f"{site.rstrip('/')}/lite/lab/index.html?path={quote(file)}"


def binder(repository, branch, file):
    """The address that opens `file` of the repository in JupyterLab, on mybinder.org."""
    return f"https://mybinder.org/v2/gh/{repository}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(file)}"


def puller(hub, repository, branch, file):
    """The address that copies the repository to one's folder on a JupyterHub, and opens `file` there."""
    opened = f"lab/tree/{repository.split('/')[1]}/{file}"
    query = {"repo": f"https://github.com/{repository}", "branch": branch, "urlpath": opened}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def line(file, repository, branch="main", site=None, hub=None, students=None):
    """Where `file` can be opened, and what becomes of one's work there: a line of Markdown."""
    places = []
    if site:
        places.append(f"[in your browser]({browser(site, file)}): in seconds, and your work stays in that browser")
    places.append(f"[on Binder]({binder(repository, branch, file)}): in a minute or two, and your work is not kept")
    if hub:
        places.append(
            f"[on your hub]({puller(hub, students or f'{repository}-students', 'main', file)}): your work is kept"
        )
    return BEGIN + "; ".join(places) + "."


def addresses(notebook):
    """What the notebook's line leads to: (words, address) for each place. Empty before `make links`."""
    lines = [cell.source for cell in notebook.cells if cell.id == CELL]
    return re.findall(r"\[([^]]+)\]\(([^)]+)\)", "".join(lines))


def set_readme(text, words):
    """The README with this line below its heading *Start*, in place of the last one."""
    if START not in text:
        raise ValueError(f"README.md has no heading {START.strip()!r}")
    return re.sub(re.escape(START) + rf"({re.escape(BEGIN)}.*\n\n)?", lambda _: f"{START}{words}\n\n", text)


def set_notebook(notebook, words):
    """The notebook with this line below its title, in a cell that is no slide."""
    cell = new_markdown_cell(words, id=CELL, metadata={"slideshow": {"slide_type": "skip"}})
    title, *others = [cell for cell in notebook.cells if cell.id != CELL]
    notebook.cells = [title, cell, *others]
    return notebook


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="on GitHub: owner/name")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--site", help="the address of the published site, with its browser edition")
    parser.add_argument("--hub", help="the address of a JupyterHub with nbgitpuller")
    parser.add_argument(
        "--students", help="where the branch of `make student-repo` is: owner/name-students, if not told"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder of the course")
    options = parser.parse_args(arguments)
    for repository in filter(None, (options.repository, options.students)):
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
            parser.error(f"the repository must be owner/name, not {repository!r}")
    for name in ("site", "hub"):
        address = getattr(options, name)
        if address and not re.fullmatch(r"https?://[^\s)>\"'\\?]+", address):
            parser.error(f"the {name} must be an address such as https://{name}.example.edu, not {address!r}")
    where = (options.repository, options.branch, options.site, options.hub, options.students)
    for path in [options.root / "README.md", *sorted(options.root.glob("notebooks/*.ipynb"))]:
        before = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            after = dumps(set_notebook(read(path), line(f"notebooks/{path.name}", *where)))
        else:
            after = set_readme(before, line(FIRST, *where))
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(options.root)}: changed")


if __name__ == "__main__":
    sys.exit(main())
