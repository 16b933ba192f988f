"""How long the index takes in Chromium: `python -m tests.bench.browse FOLDER SEARCH` prints the times of one page.

First paint, the whole page, and from a change in the search field to the rows that match it (less the 120 ms that the
page waits for the next key). SEARCH is what is looked for, for example "net_occupancy>0.5".
"""

import json
import shutil
import sys
import time
from pathlib import Path

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main(index: Path, search: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        began = time.monotonic()
        page.goto(index.resolve().as_uri())
        page.wait_for_load_state("load")
        whole = time.monotonic() - began
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0]")
        print(f"{index.stat().st_size / 1e6:.1f} MB, {page.locator('#told').inner_text()}")
        print(f"first paint {paint / 1000:.2f} s, loaded {whole:.2f} s")
        changes = {
            f"filter by {search}": f"document.getElementById('find').value = {json.dumps(search)}",
            "and sort": "document.getElementById('by').selectedIndex = 3",
        }
        for what, change in changes.items():
            done = f"{change}; show(); document.body.offsetHeight"
            spent = page.evaluate(f"(() => {{ const t = performance.now(); {done}; return performance.now() - t; }})()")
            print(f"{what}: {spent:.0f} ms")
        print(page.locator("#told").inner_text())
        browser.close()


main(Path(sys.argv[1]) / "index.html", sys.argv[2])
