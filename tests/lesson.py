"""How long a lesson is: the words of its main line, and the minutes that reading and doing it takes, an estimate."""

import re
from typing import Any

MOST_WORDS, MOST_MINUTES, MOST_SECTIONS, MOST_LINES = 1500, 45, 6, 12
A_MINUTE = 150  # words
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
TASK = re.compile(r"\((\d+) minutes?\)")


def is_deeper(cell: Any) -> bool:
    return "deeper" in cell.metadata.get("tags", [])


def main_line(notebook: Any) -> str:
    """Everything that a reader of the main line reads, as Markdown."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and not is_deeper(cell)]
    return FOLDED.sub("", "\n\n".join(texts))


def words(text: str) -> int:
    bare = re.sub(r"\]\([^)]*\)|\$\$?.+?\$\$?|https?:\S+", "]", text, flags=re.DOTALL)
    return len(re.findall(r"[^\W_][\w'’.-]*", bare))


def sections(notebook: Any) -> list[str]:
    return re.findall(r"^## (\d+\. .+)$", main_line(notebook), re.MULTILINE)


def minutes(notebook: Any) -> int:
    """Words at 150 a minute, a minute a figure, two an equation, and the stated minutes of tasks."""
    text = main_line(notebook)
    shown = [
        output.get("data", {})
        for cell in notebook.cells
        if cell.cell_type == "code" and not is_deeper(cell)
        for output in cell.outputs
    ]
    figures = sum("image/png" in data for data in shown)
    equations = sum("text/latex" in data for data in shown) + len(re.findall(r"\$\$.+?\$\$", text, re.DOTALL))
    tasks = sum(map(int, TASK.findall(text)))
    return round(words(text) / A_MINUTE + figures + 2 * equations + tasks)
