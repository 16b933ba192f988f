"""The tables that notebooks, claims and reports share: their printed digits do not depend on the solver's tolerance."""

import pytest
from memory import forget

from nbmodel import scenario
from nbmodel.core import solve
from nbmodel.data import tables

# The cells, nights and seeds of these themes take five to ten seconds a table.
SLOW = dict.fromkeys(("lc_arousal", "sleep_wake"), pytest.mark.long)
THEMES = [pytest.param(theme, marks=SLOW.get(theme, ())) for theme in scenario.THEMES]


@pytest.mark.long
@pytest.mark.parametrize("theme", scenario.THEMES)
def test_halving_the_tolerance_changes_no_printed_digit(theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed() -> list[str]:
        forget()  # else the comparison would be an empty one
        table = scenario.THEMES[theme].load().results(scenario.make(theme))
        return [
            f"{name} {tables.significant(value)}" for name, value in zip(table["name"], table["value"], strict=True)
        ]

    before = printed()
    monkeypatch.setattr(solve, "RELATIVE_TOLERANCE", solve.RELATIVE_TOLERANCE / 2)
    monkeypatch.setattr(solve, "ABSOLUTE_TOLERANCE", solve.ABSOLUTE_TOLERANCE / 2)
    assert printed() == before
    forget()


@pytest.mark.parametrize("theme", THEMES)
def test_key_results_stand_in_the_table(theme: str) -> None:
    registered = scenario.THEMES[theme]
    assert set(registered.key_results) <= set(registered.load().results(scenario.make(theme))["name"])
