"""CONTRIBUTING's worked examples, followed to the letter in a copy: each step is made, and its commands are run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from nbmodel import collection

STEP = re.compile(
    r"(?P<what>Append to|Create|In|Make the notebook) `(?P<path>[^`]+)`(?:, insert above `(?P<above>[^`]+)`|[^:`]*):\n\n"
    r"(?P<blocks>(?:```\w+\n.*?\n```\n\n?)+)"
    r"|```\n(?P<commands>(?:nbmodel [^\n]*\n)+)```",
    re.DOTALL,
)
BLOCK = re.compile(r"```\w*\n(.*?)\n```", re.DOTALL)


def sections() -> Iterator[tuple[str, str]]:
    root = collection.checkout()
    assert root is not None
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    added = text.split("\n## Add to it\n")[1].split("\n## ")[0]
    for section in added.split("\n### ")[1:]:
        title, _, body = section.partition("\n")
        yield title, body


def follow(step: re.Match[str], copy: Path) -> None:
    blocks = BLOCK.findall(step["blocks"])
    path = copy / step["path"]
    if step["what"] == "Make the notebook":
        cells = [nbformat.v4.new_code_cell(block) for block in blocks]
        cells[0].metadata["tags"] = ["parameters"]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    elif step["what"] == "Create":
        assert not path.exists()
        path.parent.mkdir(exist_ok=True)
        path.write_text(blocks[0] + "\n", encoding="utf-8")
    else:
        before = path.read_text(encoding="utf-8")
        if step["what"] == "Append to":
            after = f"{before}{blocks[0]}\n"
        else:
            assert before.count(f"\n{step['above']}") == 1, f"{step['above']!r} must stand in {path.name} once"
            after = before.replace(f"\n{step['above']}", f"\n{blocks[0]}\n{step['above']}")
        path.write_text(after, encoding="utf-8")


@pytest.mark.long
def test_every_example_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    root = collection.checkout()
    assert root is not None
    copy = tmp_path / "copy"
    for name in ("nbmodel", "notebooks", "reports/scenarios", "reports/reference"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(root / "pyproject.toml", copy)
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    followed = []
    for title, body in sections():
        steps = list(STEP.finditer(body))
        fences = len(BLOCK.findall(body))
        assert fences == sum(1 if step["commands"] else len(BLOCK.findall(step["blocks"])) for step in steps), title
        for step in steps:
            if not step["commands"]:
                follow(step, copy)
                continue
            for command in step["commands"].splitlines():
                run = [sys.executable, "-m", *shlex.split(command)]
                done = subprocess.run(run, cwd=copy, env=environment, capture_output=True, text=True)
                assert done.returncode == 0, f"{title}: {command}\n{done.stdout}{done.stderr}"
        followed.append(title.split()[-1])
    assert followed == ["parameter", "reaction", "drug", "condition", "observation", "scenario", "theme"]
