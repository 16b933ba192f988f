"""Numbers as people write them, in one form for settings, tables and marks; Python and YAML take more than is meant.

Python's `float` reads '1_000', 'nan' and the digits of every script, in which '1٠5' is 105; YAML 1.1 reads 1:30 as 90 and
012 as ten.
"""

from __future__ import annotations

import math
import re

# Digits 0 to 9, a point, a power of ten; not longer than a number that is meant.
NUMBER = r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,3})?"


def number(text: str) -> float:
    """Return the number that a text is. Raises ValueError for one that is none, or is not finite.

    Examples
    --------
    >>> number(" -1.5e3 ")
    -1500.0
    >>> number("0,5")
    Traceback (most recent call last):
        ...
    ValueError: '0,5' is not a number; write 0.5
    """
    found = float(text) if re.fullmatch(NUMBER, text.strip()) else math.nan
    if not math.isfinite(found):
        raise ValueError(f"{text[:80]!r} is not a number{with_point(text) or '; write a plain number such as 0.5'}")
    return found


def with_point(text: str) -> str:
    """Return the tail of an error message: how a number with a decimal comma is written; for other texts nothing.

    Examples
    --------
    >>> with_point("0,5 nM"), with_point("1,500"), with_point("a,5")
    ('; write 0.5 nM', '; write 1.500 or 1500, whichever is meant', '')
    """
    found = re.fullmatch(r"([-+]?[0-9]{0,40}),([0-9]{1,40})((?:[eE][-+]?[0-9]{1,3})?\s?\S{0,40})", text.strip())
    if found is None:
        return ""
    whole, decimals, rest = found.groups()
    thousands = f" or {whole}{decimals}{rest}, whichever is meant" if len(decimals) == 3 else ""
    return f"; write {whole}.{decimals}{rest}{thousands}"
