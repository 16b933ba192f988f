"""Files of a course: written whole or not at all, and text from anywhere made such that a file can hold it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write the text, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(text.encode(encoding, errors="backslashreplace"))
    unfinished.replace(path)


def clean(value: Any) -> Any:
    """Return the same JSON with half characters (lone surrogates) written out: JSON can hold them and no file can."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def name(path: Path) -> str:
    """Return the path as text, also where the file system holds bytes that are no text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def refuse_outputs(to_file: list[Path], to_folder: list[Path]) -> list[str]:
    """Return what keeps these files and folders from being written, a sentence for each; nothing is made."""
    problems = [f"{path} is a folder; name a file" for path in to_file if path.is_dir()]
    problems += [f"{path} is a file; name a folder" for path in to_folder if path.exists() and not path.is_dir()]
    for folder in dict.fromkeys([*(path.parent for path in to_file), *to_folder]):
        near = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        if not near.is_dir():
            if near != folder or folder not in to_folder:
                problems.append(f"{near} is a file; {folder} cannot be made below it")
        elif not os.access(near, os.W_OK):
            problems.append(f"nothing can be written into {near}; name another place")
    return problems
