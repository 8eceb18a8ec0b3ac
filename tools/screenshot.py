"""Take the README's picture, by hand: .venv/bin/python -m tools.screenshot

It opens notebook 02 in JupyterLab, moves the slider to where the path zigzags, and photographs the explorer.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.lab import chromium, jupyterlab, run_all

ROOT = Path(__file__).parent.parent


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        shutil.copytree(ROOT / "notebooks", folder, dirs_exist_ok=True)
        with jupyterlab(folder) as url:
            page = driver.chromium.launch(**chromium()).new_page(viewport={"width": 1180, "height": 900})
            page.goto(url("02_the_learning_rate.ipynb"))
            run_all(page)
            explorer = page.locator(".gdtools-live").first
            slider = explorer.get_by_label("learning rate η")
            slider.focus()
            while slider.get_attribute("aria-valuetext") != "0.215":
                slider.press("ArrowRight")
            explorer.screenshot(path=ROOT / "docs" / "slider.png", animations="disabled")


if __name__ == "__main__":
    main()
