"""What students may have of the course, with links that hold and no answers in plain words.

    python -m tools.student_repo --out FOLDER        write it into a new folder
    python -m tools.student_repo --branch student    commit it on a branch, for students to pull

The answers to questions, and the checks of the exercises, are folded: written as base64, which Python reads when they
run. That keeps them from a reader's eyes, not from one who decodes them.
"""

import argparse
import ast
import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.notebooks import ROOT, dumps, read

AS_IT_IS = [
    "LICENSE",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    "start",
    "tools/at_home.sh",
    "notebooks/alt_texts.toml",
    "exercises/*/*.ipynb",
    "gdtools/**/*",
]
FOLDED = ["gdtools/checks/set_*.py", "gdtools/quiz/exam.py"]
OF_THEIR_OWN = "deploy/student"  # README, Makefile, ...: what replaces the authors' files
SOURCES = ["LICENSE", "Makefile", "environment.yml", "pyproject.toml", "requirements.lock", "start"]
SOURCES += ["tools/at_home.sh", "notebooks", "exercises", "gdtools", OF_THEIR_OWN]
INSTALLS = re.compile(r"^(?:# The (?:matrices|kernel)|PYTHONS|\.PHONY: \$\(shell|\.venv/made:|\.venv/lab:|lab:)")
KEPT_METADATA = {"jupyter", "nbgrader"}  # what is left out are the speaker's notes, which tell what to expect
OPEN_IT = "open-it"  # the cell with links to the authors' repository
SUBJECT = "The course for students"


class Refused(Exception):
    """Why nothing was written, and what to do."""


def fold(code):
    """An expression that unpacks `code`."""
    return f'base64.b64decode("{base64.b64encode(code.encode()).decode()}")'


def unfold(text):
    """The code that was folded into `text`, the first if there are several."""
    return base64.b64decode(re.search(r'b64decode\("([^"]+)"\)', text)[1]).decode()


def folded_module(code):
    return (
        '"""Folded, for it holds answers. Nothing here helps you to learn; the notebooks and the hints do."""\n\n'
        f'import base64\n\nexec(compile({fold(code)}, __file__, "exec"))\n'
    )


def folded_question(code):
    last = ast.parse(code).body[-1]
    lines = code.splitlines(keepends=True)
    shown = "".join(lines[: last.lineno - 1]) + f"display({''.join(lines[last.lineno - 1 :])})"
    return (
        "# A question: run the cell. Its answer is folded, so that you don't read it by chance.\n"
        f"import base64\nexec({fold(shown)})"
    )


def asks(cell):
    """Whether the cell asks a question whose answer stands in its code. `exam` draws its numbers later."""
    return cell.cell_type == "code" and re.search(r"^(choose|number)\(", cell.source, re.M)


def for_students(notebook, holds):
    """The notebook without answers, notes for speakers, and links to what the copy hasn't: those not in `holds`."""

    def link(match):
        there = match[2].partition("#")[0]
        return match[0] if re.match("[a-z]+:|#", match[2]) or not there or holds(there) else match[1]

    notebook.cells = [cell for cell in notebook.cells if cell.id != OPEN_IT]
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT_METADATA}
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"(?<!!)\[([^]]+)\]\(([^)\s]+)\)", link, cell.source)
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if html.startswith('<div class="gdtools-stand-in">'):
                output.data["text/html"] = re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)
        if asks(cell):
            cell.source = folded_question(cell.source)
    return notebook


def installing(makefile):
    """The paragraphs of the Makefile that install the course and open it."""
    return "\n\n".join(part.strip("\n") for part in makefile.split("\n\n") if INSTALLS.match(part.strip("\n")))


def student_repo(root=ROOT):
    """All files of the copy: their text or bytes, by their path in it."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for pattern in AS_IT_IS
        for path in sorted(root.glob(pattern))
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"}.intersection(path.parts)
    }
    for pattern in FOLDED:
        for path in root.glob(pattern):
            files[path.relative_to(root).as_posix()] = folded_module(path.read_text(encoding="utf-8"))
    own = root / OF_THEIR_OWN
    files |= {path.relative_to(own).as_posix(): path.read_bytes() for path in own.iterdir() if path.is_file()}
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    files["Makefile"] = files["Makefile"].decode() + "\n" + installing(makefile) + "\n"
    notebooks = sorted(root.glob("notebooks/*.ipynb"))
    names = files.keys() | {f"notebooks/{path.name}" for path in notebooks}
    for path in notebooks:
        text = dumps(for_students(read(path), lambda link: os.path.normpath(f"notebooks/{link}") in names))
        files[f"notebooks/{path.name}"] = text
    return {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}


def write(folder, root=ROOT):
    """Write the copy into `folder`. Raises Refused if something is there, or if the folder is in the repository."""
    folder = Path(folder).resolve()
    if root.resolve() in (folder, *folder.parents):
        raise Refused(f"{folder} is inside the repository of the course. Choose a folder outside.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is there already, and not empty. Choose a new folder; nothing was changed.")
    for name, data in student_repo(root).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if (root / name).exists():
            shutil.copymode(root / name, path)


def git(*arguments, root, check=True, **more):
    """What git answers. Raises Refused with its own words."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, **more)
    if check and done.returncode:
        raise Refused(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def require_committed(root=ROOT):
    """Raise Refused if something that goes into the copy has not been committed."""
    changed = git("status", "--porcelain", "--", *SOURCES, root=root)
    if changed:
        raise Refused(f"Commit these first, or stash them; students would get what isn't finished:\n{changed}")


def commit(branch, root=ROOT):
    """Commit the copy on `branch`, after what was committed there by this tool. The working tree is not touched.

    The new commit, or None if nothing has changed. Raises Refused for a branch that was made otherwise.
    """
    require_committed(root)
    parent = git("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}", root=root, check=False)
    if parent and not git("log", "-1", "--format=%s", parent, root=root).startswith(SUBJECT):
        raise Refused(f"The branch {branch} holds something else. Choose another name, or a new one: BRANCH=student")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        write(copy, root)
        store = git("rev-parse", "--absolute-git-dir", root=root)
        apart = {"GIT_DIR": store, "GIT_WORK_TREE": str(copy), "GIT_INDEX_FILE": str(Path(folder, "index"))}
        git("add", "--all", "--force", root=copy, env=os.environ | apart)
        tree = git("write-tree", root=copy, env=os.environ | apart)
    if parent and tree == git("rev-parse", f"{parent}^{{tree}}", root=root):
        return None
    message = f"{SUBJECT}, as of {git('rev-parse', '--short', 'HEAD', root=root)}"
    made = git("commit-tree", tree, *(["-p", parent] if parent else []), "-m", message, root=root)
    git("branch", "--force", branch, made, root=root)  # which refuses a branch that is checked out
    return made


def main(arguments=None, root=ROOT):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="a new folder, or an empty one, outside the repository")
    where.add_argument("--branch", help="a branch of this repository: made, or moved on by a commit")
    options = parser.parse_args(arguments)
    try:
        if options.branch:
            made = commit(options.branch, root)
            print(f"The branch {options.branch} is at {made[:9]}." if made else "Nothing new for students.")
        else:
            if (root / ".git").exists():
                require_committed(root)
            write(options.out, root)
            print(f"The students' copy is in {options.out.resolve()}")
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
