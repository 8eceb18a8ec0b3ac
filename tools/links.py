"""Set the repository in the links that open the course elsewhere: on Binder, or on a JupyterHub by nbgitpuller.

    python -m tools.links OWNER/NAME [--branch main] [--hub https://hub.example.edu] [--root FOLDER]

It rewrites such links in README.md and docs/*.md, and gives the title of each notebook a line with its own. Nothing
else in these files changes, and a second run changes nothing. For OWNER/gradient-descent, which is no repository, it
says that the links don't work yet.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[1]
UNSET = "OWNER/gradient-descent"
HUB = "https://hub.example.edu"
BINDER = re.compile(r"https://mybinder\.org/v2/gh/[^\s)>\"'\\]+")
PULLER = re.compile(r"https?://[^\s)>\"'\\?]+?/hub/user-redirect/git-pull\?[^\s)>\"'\\]+")
LINE = "**Open it** [on Binder]({}), with nothing to install."
NOT_YET = " (Not yet: this link waits for `make links`.)"


def binder(repository, branch, file):
    """The address that opens `file` of the repository in JupyterLab, on mybinder.org."""
    return f"https://mybinder.org/v2/gh/{repository}/{quote(branch, safe='')}?urlpath=lab/tree/{quote(file)}"


def puller(hub, repository, branch, file):
    """The address that copies the repository to one's folder on a JupyterHub, and opens `file` there."""
    opened = f"lab/tree/{repository.split('/')[1]}/{file}"
    query = {"repo": f"https://github.com/{repository}", "branch": branch, "urlpath": opened}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(query)}"


def launched(link):
    """What a launch link opens: (repository, branch, file). Raises ValueError for a link of another form."""
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.netloc == "mybinder.org":
        (owner, name, branch), folder = parts.path.split("/")[3:], "lab/tree/"
    else:
        owner, name = urlsplit(query["repo"]).path.strip("/").split("/")
        branch, folder = query["branch"], f"lab/tree/{name}/"
    if not query.get("urlpath", "").startswith(folder):
        raise ValueError(f"{link} doesn't open a file in {folder}")
    return f"{owner}/{name}", unquote(branch), query["urlpath"].removeprefix(folder)


def find(text):
    return [match[0] for pattern in (BINDER, PULLER) for match in pattern.finditer(text)]


def set_links(text, repository, branch, hub=None):
    """The text whose launch links open the same files in this repository, on this hub if one is given."""

    def at_binder(match):
        return binder(repository, branch, launched(match[0])[2])

    def at_hub(match):
        return puller(hub or match[0].partition("/hub/")[0], repository, branch, launched(match[0])[2])

    text = PULLER.sub(at_hub, BINDER.sub(at_binder, text))
    return text if repository == UNSET else text.replace(NOT_YET, "")


def set_title(text, file, repository, branch):
    """The notebook's text with the line in the cell `title`: there already, or to be added below its last line."""
    source = "".join(next(cell["source"] for cell in json.loads(text)["cells"] if cell.get("id") == "title"))
    line = LINE.format(binder(repository, branch, file)) + (NOT_YET if repository == UNSET else "")
    others = re.sub(r"\n\n\*\*Open it\*\*.*", "", source)
    return _replace_source(text, f"{others}\n\n{line}")


def _replace_source(text, source):
    """Another source for the cell `title`, written as nbformat writes it; no other byte changes."""
    lines = ",\n".join("    " + json.dumps(line, ensure_ascii=False) for line in source.splitlines(keepends=True))
    cell = re.compile(r'("id": "title",\n(?:   .*\n)*?   "source": \[\n)(?:    ".*\n)*(?=   \])')
    new, count = cell.subn(lambda match: match[1] + lines + "\n", text)
    if count != 1:
        raise ValueError("the cell `title` isn't stored as `make notebooks` stores it")
    return new


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", help="on GitHub: owner/name")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--hub", help="the address of a JupyterHub; without it, that in the links stays")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder of the course")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", options.repository):
        parser.error(f"the repository must be owner/name, not {options.repository!r}")
    if options.hub and not re.fullmatch(r"https?://[^\s)>\"'\\?]+", options.hub):
        parser.error(f"the hub must be an address such as {HUB}, not {options.hub!r}")
    for path in [options.root / "README.md", *options.root.glob("docs/*.md"), *options.root.glob("notebooks/*.ipynb")]:
        before = path.read_bytes().decode()
        if path.suffix == ".ipynb":
            after = set_title(before, f"notebooks/{path.name}", options.repository, options.branch)
        else:
            after = set_links(before, options.repository, options.branch, options.hub)
        if after != before:
            path.write_bytes(after.encode())
            print(f"{path.relative_to(options.root)}: changed")


if __name__ == "__main__":
    sys.exit(main())
