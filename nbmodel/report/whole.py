"""Whole numbers on the command line, read as strictly as settings are."""

from __future__ import annotations

import re
from typing import Any

import click


class Whole(click.IntRange):
    """Whole number in digits 0 to 9: Python's `int` reads '1_0' and the digits of every script, too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, as click asks for it."""
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
            self.fail(f"{value!r} is not a whole number; write digits only, such as {self.min}", param, ctx)
        return super().convert(value, param, ctx)
