"""Reads a notebook that anybody may have written: a large one in a process of its own, within limits.

Twenty megabytes of JSON can take more than a gigabyte when they are read. What comes back is small, or refused: outputs
and attachments stay out, and so does every entry of metadata that is longer than ours are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from nbmodel.collection import PACKAGE
from nbmodel.sandbox.start import limit

MEGA = 2**20
SMALL = MEGA  # bytes of a file that is read here, because it cannot take more than a hundred times as much
LIMITS = {"AS": 1024 * MEGA, "CPU": 20, "CORE": 0}
LONGEST_ENTRY = 4096  # characters of one entry of metadata, as JSON
LARGEST_REST = 4 * MEGA  # characters of all that comes back
TOO_MUCH = 3  # exit status


class TooMuch(ValueError):
    """Raised where a file takes more memory or time to read than is allowed, or holds too much beside its outputs."""


def notebook(data: bytes) -> Any:
    """Return what a notebook's JSON holds, without outputs. Raises TooMuch, or ValueError where it is not JSON."""
    if len(data) <= SMALL:
        return _needed(data)
    command = [sys.executable, "-P", "-B", "-s", "-S", "-m", "nbmodel.sandbox.reading"]
    environment = {"PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(command, input=data, capture_output=True, env=environment)
    if done.returncode == TOO_MUCH or done.returncode < 0:
        raise TooMuch
    if done.returncode != 0:
        raise ValueError("it is not JSON")
    return json.loads(done.stdout)


def main() -> None:
    """Read the file from standard input and write to standard output what is needed of it."""
    limit(LIMITS)
    try:
        text = json.dumps(_needed(sys.stdin.buffer.read()))
    except (ValueError, RecursionError):
        sys.exit(1)
    except MemoryError:
        sys.exit(TOO_MUCH)
    if len(text) > LARGEST_REST:
        sys.exit(TOO_MUCH)
    sys.stdout.write(text)


def _needed(data: bytes) -> Any:
    """Return the JSON of a notebook without what no mark depends on."""
    whole = json.loads(data)
    cells = whole.get("cells") if isinstance(whole, dict) else None
    for part in (whole, *(cells if isinstance(cells, list) else ())):
        if isinstance(part, dict):
            for name in ("outputs", "attachments"):
                part.pop(name, None)
            if isinstance(about := part.get("metadata"), dict):
                part["metadata"] = {key: entry for key, entry in about.items() if _short(entry)}
    return whole


def _short(entry: Any) -> bool:
    try:
        return len(json.dumps(entry)) <= LONGEST_ENTRY
    except RecursionError:  # nested deeper than anything of ours
        return False


if __name__ == "__main__":
    main()
