"""What is wrong with the result, in words."""

import re

from bs4 import BeautifulSoup

NO_ALT = ("", "No description has been provided for this image")  # the latter by nbconvert


def faults(folder):
    """What is wrong with the pages in `folder`: images without alt text, links and anchors that lead nowhere."""
    pages = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in folder.glob("*.html")}
    anchors = {path: {tag["id"] for tag in soup.select("[id]")} for path, soup in pages.items()}
    for path, soup in pages.items():
        for image in soup.select("img"):
            if image.get("alt", "").strip() in NO_ALT:
                yield f"{path.name}: an image has no alt text: {image.get('src', '')[:60]}"
        for tag in soup.select("a[href], img[src], link[href], script[src]"):
            link = tag.get("href") or tag.get("src")
            name, _, anchor = link.partition("#")
            target = folder / name if name else path
            if re.match(r"\w+:", link):
                continue
            if not target.is_file() or (anchor and target in pages and anchor not in anchors[target]):
                yield f"{path.name}: the link {link} leads nowhere"
