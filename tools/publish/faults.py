"""What is wrong with the result, in words."""

from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup

NO_ALT = ("", "No description has been provided for this image")  # the latter by nbconvert


def faults(folder):
    """What is wrong with the pages in `folder`: images without alt text, links and anchors that lead nowhere."""

    @cache
    def parsed(path):
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")

    @cache
    def anchors(path):
        return {tag["id"] for tag in parsed(path).select("[id]")} if path.suffix == ".html" else set()

    for path in sorted(folder.resolve().glob("*.html")):
        for image in parsed(path).select("img"):
            if image.get("alt", "").strip() in NO_ALT:
                yield f"{path.name}: an image has no alt text: {image.get('src', '')[:60]}"
        for tag in parsed(path).select("a[href], img[src], link[href], script[src]"):
            link = tag.get("href") or tag.get("src")
            if urlsplit(link).scheme:
                continue
            target = file(path, link)
            if not target.is_file() or (urlsplit(link).fragment and urlsplit(link).fragment not in anchors(target)):
                yield f"{path.name}: the link {link} leads nowhere"


def file(path, link):
    """The file that a link on the page `path` leads to. In the browser edition, it is the notebook to be opened."""
    parts = urlsplit(link)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if opened := parse_qs(parts.query).get("path"):
        return target.parents[1] / "files" / opened[0]
    return target / "index.html" if target.is_dir() else target
