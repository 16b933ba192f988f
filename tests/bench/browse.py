"""How long the index takes in Chromium: `python -m tests.bench.browse FOLDER SEARCH` prints the times of one page.

First paint, the whole page, and 95th percentiles of what the reader waits for after a letter was typed in the search
field (less the 120 ms that the page waits for the next one), and after a column was sorted by: the script and the layout.
SEARCH is what is looked for, for example "net_occupancy>0.5".
"""

import shutil
import sys
import time
from pathlib import Path

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TIMED = """([changes]) => changes.map(what => {
  const began = performance.now();
  change(what);
  document.body.offsetHeight;
  return performance.now() - began;
}).sort((a, b) => a - b)"""


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
        typed = [{"find": search[: end + 1]} for end in range(len(search))]
        columns = page.evaluate("[...known.keys()].slice(0, 30)")
        sorts = [{"find": "", "sort": f"{sign}{column}"} for column in columns for sign in ("", "-")]
        for what, changes in {
            f"filter by {search}, each letter": typed * 5,
            "sort, each column both ways": sorts,
        }.items():
            times = page.evaluate(TIMED, [changes])
            print(f"{what}: median {times[len(times) // 2]:.0f} ms, 95 % within {times[int(0.95 * len(times))]:.0f} ms")
        browser.close()


main(Path(sys.argv[1]) / "index.html", sys.argv[2])
