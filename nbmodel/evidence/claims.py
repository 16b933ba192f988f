"""The 27 claims of the collection, and for each the number that shows it, recomputed from the models.

A claim is *shown* when its notebook has the section that cites it and the number computed now lies in the stated range.
A claim that no quantity stands behind yet says so: it is not shown. One that is missed says why. `standing` says how much
the number proves, in the words of the evidence table: a prediction could have failed, a number that was put in could not.

The verdict puts both together in one of `VERDICTS`:

- *predicted*: the size came out, and could have failed;
- *direction only*: the direction came out and could have failed, the size did not or was not published;
- *consistent*: it came out, or its direction did, but hardly could have failed, or the number was put in;
- *contested*: published findings disagree on the claim itself, whatever the model gives;
- *contradicted*: neither size nor direction came out.

The null models get a verdict in the same words where a row of the evidence repeats the claim's experiment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from nbmodel import collection, evidence, scenario
from nbmodel.data.parameters import FOLDER
from nbmodel.data.typed_rows import TableError, csv_rows, did_you_mean, out_of_range
from nbmodel.evidence import Role, scores

Verdict = Literal["predicted", "direction only", "consistent", "contested", "contradicted"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
NOTHING = 0.1  # of the published change: what is smaller is no direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Row of `claims.csv`: a sentence, the notebook and section that show it, and the number that does.

    `quantity` is 'theme.result'; a claim that no quantity stands behind has no numbers either. `row` is the row of the
    evidence that repeats the same experiment, `unchanged` the number that would mean that nothing happens, and `contested`
    says which findings disagree.
    """

    id: str
    text: str
    notebook: str
    section: str = ""
    quantity: str = ""
    published: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    source: tuple[str, ...] = ()
    standing: Role
    reason: str = ""
    row: str = ""
    unchanged: float | None = None
    contested: str = ""

    def faults(self) -> Iterable[tuple[str, str]]:
        """Yield the faults of the row as a whole: the column, and a sentence."""
        notebooks = {theme.notebook: theme.name for theme in scenario.THEMES.values()}
        if self.notebook not in notebooks:
            near = did_you_mean(self.notebook, notebooks) or f"; they are {', '.join(notebooks)}"
            yield "notebook", f"there is no notebook {self.notebook!r}{near}"
        if not self.quantity:
            return
        for column in ("section", "published", "low", "high", "unit", "source"):
            if getattr(self, column) in ("", None, ()):
                yield column, "is empty beside a quantity; fill it in"
        if self.published is not None and self.low is not None and self.high is not None:
            yield from out_of_range("published", self.published, self.low, self.high)
        if self.quantity.split(".")[0] != notebooks.get(self.notebook) or self.quantity.count(".") != 1:
            yield "quantity", f"{self.quantity!r} is no result of the claim's notebook; write THEME.RESULT"
        known = [row.id for row in evidence.rows()]
        if self.row and self.row not in known:
            yield "row", f"there is no row {self.row!r} in evidence.csv{did_you_mean(self.row, known)}"

    def verdict(self, value: float | None) -> Verdict:
        """Return the verdict on the claim for a number."""
        if self.contested:
            return "contested"
        if value is None or self.low is None or self.high is None or self.published is None:
            return "contradicted"
        if self.low <= value <= self.high:
            by_standing: dict[str, Verdict] = {"prediction": "predicted", "direction": "direction only"}
            return by_standing.get(self.standing, "consistent")
        if self.unchanged is None:
            return "contradicted"
        moved = (value - self.unchanged) / (self.published - self.unchanged)
        if moved <= NOTHING:
            return "contradicted"
        return "direction only" if self.standing in ("prediction", "direction") else "consistent"


@cache
def rows() -> tuple[Claim, ...]:
    """Return the claims of `claims.csv`, a row each.

    Raises
    ------
    TableError
        When the table is wrong, with every fault.

    Examples
    --------
    >>> rows()[1].text
    'It is a catecholamine made from the amino acid tyrosine.'
    """
    return tuple(csv_rows(FOLDER / "claims.csv", Claim, unique=("id",)))


@cache
def headings(notebook: str) -> tuple[str, ...]:
    """Return the headings of a notebook, each with the claims that its cell's metadata names behind it.

    Examples
    --------
    >>> headings("02_reuptake")[1]
    '1. What clears norepinephrine? (C19)'
    """
    path = collection.notebooks_folder() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    found = []
    for cell in (cell for cell in cells if cell["cell_type"] == "markdown"):
        marks = ", ".join(cell.get("metadata", {}).get("claims", ()))
        lines = [line.lstrip("# ") for line in "".join(cell["source"]).splitlines() if line.startswith("#")]
        found += [f"{line} ({marks})" if marks else line for line in lines]
    return tuple(found)


@cache
def results(theme: str) -> dict[str, float]:
    """Return the theme's results at its default scenario, by name."""
    table = scenario.THEMES[theme].load().results(scenario.make(theme))
    return dict(zip(table["name"], table["value"].astype(float), strict=True))


def table() -> list[dict[str, Any]]:
    """Return every claim with its number, `value`, with `shown` and the `verdict` on it.

    `no_feedback` and `no_net` are the verdicts that the null models get, None where no row of the evidence repeats the
    experiment or it is contested.

    Raises
    ------
    TableError
        For a quantity that its theme does not have.
    """
    return [
        {
            "id": row.id,
            "notebook": row.notebook,
            "section": row.section,
            "quantity": row.quantity,
            "value": (value := _value(row)),
            "unit": row.unit,
            "published": row.published,
            "shown": _shown(row, value),
            "low": row.low,
            "high": row.high,
            "source": ";".join(row.source),
            "text": row.text,
            "standing": row.standing,
            "reason": row.reason,
            "verdict": row.verdict(value),
            **_of_nulls(row),
            "contested": row.contested,
        }
        for row in rows()
    ]


def _of_nulls(row: Claim) -> dict[str, Verdict | None]:
    """Verdicts on a claim that the null models get, by the row of the evidence that repeats its experiment."""
    themes = {one.theme for one in evidence.rows() if one.id == row.row}
    beside = next((one for theme in themes for one in evidence.table(theme) if one["id"] == row.row), {})
    found = {name: beside.get(name) for name in scores.WHO if name != "model"}
    return {name: None if value is None or row.contested else row.verdict(value) for name, value in found.items()}


def _value(row: Claim) -> float | None:
    """Number behind a claim, as the models give it now."""
    if not row.quantity:
        return None
    theme, name = row.quantity.split(".")
    found = results(theme)
    if name not in found:
        near = did_you_mean(name, found) or "; take one of its results"
        raise TableError([f"claims.csv, {row.id}, column quantity: {theme} has no result {name!r}{near}"])
    return found[name]


def _shown(row: Claim, value: float | None) -> bool:
    """True if the notebook has the section that cites the claim, and the number lies in the range."""
    if value is None or row.low is None or row.high is None:
        return False
    section = any(row.section in heading and row.id in heading for heading in headings(row.notebook))
    return bool(section and row.low <= value <= row.high)
