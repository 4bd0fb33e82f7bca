"""Make docs/picture.png, the README's picture: a question, its cited answer, and the first minute, in the real demo.

.venv/bin/python docs/make_picture.py        (needs Chromium)
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "picture.png"
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


def main() -> int:
    """Start the demo in a folder of its own, take the picture, end the demo."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.stderr.write("docs/make_picture.py: Chromium is not installed.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", "--no-open"],
            cwd=ROOT,
            env={**os.environ, "IBID_DATA_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            with sync_playwright() as playwright:
                sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
                page = playwright.chromium.launch(executable_path=browser, args=[*QUIET, *sandbox]).new_page(
                    viewport={"width": 1280, "height": 800}
                )
                page.goto(_address(demo))
                _ask(page)
                page.screenshot(path=PICTURE)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
    return 0


def _address(demo: subprocess.Popen[str]) -> str:
    for line in demo.stdout or ():
        if "http://" in line:
            return "http://" + line.split("http://")[1].split()[0]
    raise SystemExit("docs/make_picture.py: the demo ended by itself.")


def _ask(page: Page) -> None:
    expect(page.locator("#notice")).to_contain_text("policies are ready", timeout=120_000)
    page.locator("#composer textarea").fill("@Ibid how many days can i carry over in the uk?")
    page.locator("#composer textarea").press("Enter")
    answer = page.locator("#panel article").last
    expect(answer.get_by_role("button", name="Behind this answer")).to_be_visible(timeout=20_000)
    page.locator("#panel .panel-body").evaluate("(box) => { box.scrollTop = 0; }")
    page.mouse.move(5, 5)


if __name__ == "__main__":
    sys.exit(main())
