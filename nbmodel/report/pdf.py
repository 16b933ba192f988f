"""A report as PDF: its page, printed by a Chromium browser that has no window."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from nbmodel.kernels import scratch
from nbmodel.report import ownership, records

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
OPTIONS = "--headless --disable-gpu --no-first-run --disable-background-networking --no-pdf-header-footer"
PATIENCE = 120  # seconds; a long report prints in a few


class NotPrinted(RuntimeError):
    """Raised when the browser wrote no PDF; the message says what it said."""


def browser() -> str | None:
    """Return the path of a browser that can print, or None when none is on this machine's search path."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def printed(page: Path) -> Path:
    """Print the HTML page of a report and return the PDF beside it. Raises NotPrinted, and then leaves no half-written file.

    The browser gets an empty profile of its own, so it neither reads nor changes yours.
    """
    program = browser()
    if program is None:
        raise NotPrinted("there is no Chromium here (Debian: apt install chromium)")
    target = page.with_suffix(".pdf")
    # As root, Chromium refuses to start its sandbox; the page is ours, holds no script and fetches nothing.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    # The profile may still be in use for a moment when the browser's main process has gone.
    with tempfile.TemporaryDirectory(prefix="pdf-", dir=scratch.folder(), ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / "page.pdf"
        files = (f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}")
        command = [program, *OPTIONS.split(), *root, *files, page.resolve().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise NotPrinted(f"{Path(program).name} did not finish within {PATIENCE} s") from None
        if not printed.is_file():
            said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
            raise NotPrinted(f"{Path(program).name} wrote no PDF; it said: {said}")
        record = records.read(page.parent, page.stem) or records.Record(page.stem, error=ownership.INTERRUPTED)
        try:
            with ownership.alone(page.parent):
                ownership.claim(page.parent, record, [target.name])
                records.replace(target, printed.read_bytes())
        except OSError as error:
            raise NotPrinted(f"{target} cannot be written ({error.strerror})") from None
    return target
