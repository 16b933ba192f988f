"""Numbers and tables in writing: as text (terminal, nbval), HTML (notebooks, index) and JSON (programs)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from numbers import Integral, Real
from typing import Any

# What is smaller than this is rounding noise in the units of this collection (the smallest results are about 1e-5).
NOISE = 1e-12


def significant(value: float, digits: int = 3) -> str:
    """Return a number with `digits` significant digits as a text.

    What is smaller than `NOISE` is written 0, so that the text stays the same from one machine to the next.

    Examples
    --------
    >>> significant(0.012345), significant(12345), significant(1.2345e-7)
    ('0.0123', '12300', '1.23e-07')
    """
    if not math.isfinite(value):
        return str(float(value))
    if abs(value) < NOISE:
        return "0"
    scientific = f"{value:.{digits - 1}e}"
    exponent = int(scientific.split("e")[1])
    if not -4 <= exponent < 6:
        return scientific
    return f"{float(scientific):.{max(digits - 1 - exponent, 0)}f}"


def cell(value: object, digits: int = 3) -> str:
    """Text of a table cell: yes/no for a truth value, a dash for None and NaN, else the value as it is."""
    if value is None or value != value:  # only NaN differs from itself
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool":  # numpy's own truth values, without importing numpy
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return significant(float(value), digits)
    return " ".join(str(value).split())


def _numeric(column: Iterable[object]) -> bool:
    present = [value for value in column if value is not None]
    return bool(present) and all(isinstance(value, Real) and not isinstance(value, bool) for value in present)


def text(
    headers: Sequence[str],
    rows: Sequence[Sequence[object]],
    digits: int = 3,
    right: Collection[str] = (),
    width: int | None = None,
) -> str:
    """Return an aligned table in plain text: numbers (and the columns `right`) to the right, words to the left.

    When a line would be longer than `width`, the second column (words) is cut, to no less than 24 letters.

    Examples
    --------
    >>> print(text(["name", "value"], [["NET", 0.86], ["uptake-2", 0.14]]))
    name      value
    --------  -----
    NET       0.860
    uptake-2  0.140
    """
    aligned = [header in right or _numeric(row[i] for row in rows) for i, header in enumerate(headers)]
    written = [list(headers), *([cell(value, digits) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in written) for i in range(len(headers))]
    if width is not None and len(headers) > 1:
        over = sum(widths) + 2 * (len(widths) - 1) - width
        widths[1] = min(widths[1], max(widths[1] - max(over, 0), 24))
    written.insert(1, ["-" * size for size in widths])
    return "\n".join(
        "  ".join(
            _cut(t, w).rjust(w) if r else _cut(t, w).ljust(w) for t, w, r in zip(line, widths, aligned, strict=True)
        ).rstrip()
        for line in written
    )


def _cut(word: str, width: int) -> str:
    return word if len(word) <= width else word[: width - 1].rstrip() + "…"


def html(headers: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "", digits: int = 3) -> str:
    """Return the same table in HTML. Every text is escaped; there are no element ids, so the same table is the same string.

    Examples
    --------
    >>> html(["name"], [["a < b"]]).splitlines()[-3]
    '<tr><td style="text-align: left">a &lt; b</td></tr>'
    """
    right = [_numeric(row[i] for row in rows) for i in range(len(headers))]
    align = [' style="text-align: right"' if r else ' style="text-align: left"' for r in right]
    head = "".join(f'<th scope="col"{a}>{escape(h)}</th>' for h, a in zip(headers, align, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{a}>{escape(cell(v, digits))}</td>" for v, a in zip(row, align, strict=True)) + "</tr>\n"
        for row in rows
    )
    title = f"<caption>{escape(caption)}</caption>\n" if caption else ""
    return f"<table>\n{title}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"


def as_json(rows: Sequence[Mapping[str, object]]) -> str:
    """Return the rows as JSON, a list of objects; what is not a finite number becomes null, which JSON has.

    Examples
    --------
    >>> print(as_json([{"name": "NET", "value": float("nan")}]))
    [
     {
      "name": "NET",
      "value": null
     }
    ]
    """
    return json.dumps([_plain(row) for row in rows], indent=1, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    value = value.item() if hasattr(value, "item") else value  # NumPy's scalars
    return None if isinstance(value, float) and not math.isfinite(value) else value
