"""Options that several commands share: whole numbers, read as strictly as settings are, and settings by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click


class Whole(click.IntRange):
    """Whole number in digits 0 to 9: Python's `int` reads '1_0' and the digits of every script, too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, as click asks for it."""
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
            self.fail(f"{value!r} is not a whole number; write digits only, such as {self.min}", param, ctx)
        return super().convert(value, param, ctx)


settings_option = click.option(
    "-p", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter; give it again for another."
)


def settings_of(settings: Sequence[str], problems: list[str]) -> dict[str, object]:
    """Return the -p options as names and values."""
    values: dict[str, object] = {}
    for given in settings:
        name, equals, value = given.partition("=")
        if not equals or not name.strip():
            problems.append(f"-p {given!r} is not NAME=VALUE, such as -p net_occupancy=0.8")
        elif name.strip() in values:
            problems.append(f"-p {name.strip()} is given twice; give it once")
        else:
            values[name.strip()] = value.strip()
    return values
