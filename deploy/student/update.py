"""Bring what is new in the course, and leave what you have changed as it is: python update.py

It does what a JupyterHub does when you click the link to the course: it commits your work, and merges. A file that you
have changed stays yours, even if the course has a newer one. To get the newer one, rename yours and run this again.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ME = ["-c", "user.name=me", "-c", "user.email=me@localhost"]  # the commits stay on this machine


def git(*arguments):
    """What git answers, as a list of lines. It ends the update with git's own words where git fails."""
    done = subprocess.run(["git", *ME, *arguments], cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"git {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip("\0").split("\0") if "-z" in arguments else done.stdout.splitlines()


def free(path):
    """A name beside `path` that is not taken."""
    names = (path.with_name(f"{path.stem}_mine{number}{path.suffix}") for number in ["", *range(2, 1000)])
    return next(name for name in names if not name.exists())


def main():
    if not (HERE / ".git").exists():
        sys.exit("This folder was downloaded, not cloned, and can't be updated. Download the course anew, beside it.")
    git("fetch", "--quiet")
    news = set(git("ls-tree", "-r", "-z", "--name-only", "@{upstream}"))
    for name in news.intersection(git("ls-files", "-z", "--others")):  # of yours, in a place that the course now takes
        mine = free(HERE / name)
        (HERE / name).rename(mine)
        print(f"{name}: yours is now {mine.name}")
    for name in news.intersection(git("ls-files", "-z", "--deleted")):  # or renamed by you
        git("checkout", "@{upstream}", "--", name)
    if git("status", "--porcelain", "--untracked-files=no"):
        git("commit", "--quiet", "--all", "--message=My work, before an update")
    git("merge", "--quiet", "--no-edit", "--strategy-option=ours", "@{upstream}")
    for name in git("diff", "-z", "--name-only", "HEAD", "@{upstream}"):
        if name in news:
            print(f"{name}: yours is kept. To get the course's: rename yours, and run this again.")
    print("You have the newest course.")


if __name__ == "__main__":
    main()
