"""The tables that notebooks, claims and reports share: their printed digits do not depend on the solver's tolerance."""

from importlib import import_module

import pytest

from nbmodel import reuptake, scenario, solve, synthesis, tables


def forget() -> None:
    """What a process remembers of earlier solutions would make the comparison an empty one."""
    reuptake._without_the_drug.cache_clear()
    synthesis._whatever_the_scenario.cache_clear()


@pytest.mark.parametrize("theme", scenario.THEMES)
def test_halving_the_tolerance_changes_no_printed_digit(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed() -> list[str]:
        forget()
        table = import_module(f"nbmodel.{theme}").results(scenario.make(theme))
        return [
            f"{name} {tables.significant(value)}" for name, value in zip(table["name"], table["value"], strict=True)
        ]

    before = printed()
    monkeypatch.setattr(solve, "RELATIVE_TOLERANCE", solve.RELATIVE_TOLERANCE / 2)
    monkeypatch.setattr(solve, "ABSOLUTE_TOLERANCE", solve.ABSOLUTE_TOLERANCE / 2)
    assert printed() == before
    forget()
