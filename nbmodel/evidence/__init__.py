"""Published observations that the models are held against: `evidence.csv`, each with the experiment that repeats it.

Roles: *calibration* rows may set parameters; *prediction* rows must not; *direction* rows give a sign only; *identity*
rows check the code; *weak* rows are too wide to count. A missed row stays, with its reason.

The structure of the terminal was chosen with the rows in sight that had been there. Rows whose bands were written down
after it, and before the model was run on them, are marked and scored apart (`scores`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from nbmodel.core.network import Network
from nbmodel.data.parameters import FOLDER
from nbmodel.data.typed_rows import TableError, csv_rows, did_you_mean, out_of_range
from nbmodel.evidence import scores
from nbmodel.evidence.shown import frame as frame
from nbmodel.evidence.shown import misses as misses
from nbmodel.evidence.shown import said
from nbmodel.models import norepinephrine_terminal
from nbmodel.scenario import THEMES

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["calibration", "prediction", "direction", "identity", "weak"]
ROLES: tuple[str, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Observation:
    """Row of `evidence.csv`: the published number with its band, and the protocol of the theme that repeats it.

    `published`, `low` and `high` are in `unit`; `protocol` is the name of a function in the theme's PROTOCOLS; `source`
    holds bib keys, and `reason` says why a row is missed.

    `species`, `region`, `state` (awake, an anaesthetic, a slice), `given` (drug, dose and route, or stimulation) and
    `sampled` (instrument and interval) describe the published experiment. `contested` says which other study found the
    opposite: such a row is shown and not counted. `mended` says what the row was before it was changed, and why. `bands` is
    'before' where the band was written down before the model was run on the row.
    """

    id: str
    claims: tuple[str, ...]
    theme: str
    observation: str
    published: float
    low: float
    high: float
    unit: str
    role: Role
    protocol: str
    source: tuple[str, ...]
    reason: str = ""
    species: str = ""
    region: str = ""
    state: str = ""
    given: str = ""
    sampled: str = ""
    contested: str = ""
    mended: str = ""
    bands: Literal["before", "in sight"] = "in sight"

    def faults(self) -> Iterable[tuple[str, str]]:
        """Yield the faults of the row as a whole: the column, and a sentence."""
        yield from out_of_range("published", self.published, self.low, self.high)
        if self.theme not in THEMES:
            near = did_you_mean(self.theme, THEMES) or f"; the themes are {', '.join(THEMES)}"
            yield "theme", f"there is no theme {self.theme!r}{near}"

    def holds(self, value: float) -> bool:
        """Return True if a number, in the row's unit, lies in the band."""
        return bool(self.low <= value <= self.high)

    def names(self, words: Iterable[str]) -> bool:
        """Return True if one of the words stands in what was seen, in what was given or in the protocol's name."""
        text = f"{self.observation} {self.given} {self.protocol}".lower()
        return any(word.lower() in text for word in words)


@cache
def rows() -> tuple[Observation, ...]:
    """Return the published side, a row per observation of `evidence.csv`.

    Raises
    ------
    TableError
        When the table is wrong, with every fault.

    Examples
    --------
    >>> rows()[0].id, rows()[0].published, rows()[0].protocol
    ('V1', 2.93, 'slice_half_life')
    """
    return tuple(csv_rows(FOLDER / "evidence.csv", Observation, unique=("id",)))


def protocols(theme: str) -> Mapping[str, Callable[[Network], float]]:
    """Map names to the experiments of a theme: functions of a resting terminal that give the number measured.

    Examples
    --------
    >>> "slice_half_life" in protocols("reuptake")
    True
    """
    return THEMES[theme].load().PROTOCOLS


def table(theme: str | None = None) -> list[dict[str, Any]]:
    """List the rows (of one theme, or all) with the model's number, `model` and `met`, and the two null models beside it.

    The null models are the same experiment on a terminal without alpha2 feedback, and on one without NET. Identity rows
    have none (None). No setting of a report comes into it, so a process computes a theme's rows once.

    Parameters
    ----------
    theme : str, optional
        Name of a theme; all if not given.

    Returns
    -------
    list of dict
        The columns of `evidence.csv` with `model`, `no_feedback` and `no_net` in the row's unit, and as booleans `met`,
        `discriminates` (the model differs from a null model by more than the row's own uncertainty), `contested` (another
        study found the opposite, which `contradicted_by` names) and `blind` (the band was written down before the model
        was run on the row).

    Raises
    ------
    ValueError
        For a theme that does not exist.
    TableError
        For a row whose protocol its theme does not have.
    """
    if theme is not None and theme not in THEMES:
        raise ValueError(f"there is no theme {theme!r}; the themes are {', '.join(THEMES)}")
    wanted = THEMES if theme is None else (theme,)
    found = {(name, row["id"]): row for name in wanted for row in _computed(name)}
    asked = [found[row.theme, row.id] for row in rows() if row.theme in wanted]
    return [{**row, "claims": list(row["claims"])} for row in asked]


def missed_about(words: Iterable[str], themes: Iterable[str]) -> pd.DataFrame:
    """Table of what the model misses about somebody or something: rows of some themes that name one of `words`.

    Experiments in a dish, or with a drug given through a probe, are left out: they are not about a person on a medicine.

    Parameters
    ----------
    words : iterable of str
        Any of them must stand in the row's observation, in what was given or in the name of its protocol.
    themes : iterable of str

    Returns
    -------
    DataFrame
        A row per miss: what was measured, published and model, with their units.

    Examples
    --------
    >>> missed_about(["clonidine"], ["reuptake"])["published"].tolist()
    ['56 %']
    """
    import pandas as pd

    rest, asked = norepinephrine_terminal.network(), list(words)
    found, first = [], ""
    for row in rows():
        again = row.observation.startswith("the same")
        first = first if again else row.observation.split(",")[0]
        local = row.state == "slice" or "probe" in f"{row.given} {row.observation}"
        counted = row.role in ("prediction", "direction", "weak")
        if row.theme not in themes or not row.names(asked) or local or not counted:
            continue
        value = repeated(row, rest)
        if not row.holds(value):
            told = row.observation.replace("the same", first, 1) if again else row.observation
            # One unit for what rises: a table of rises in per cent and in multiples is hard to compare.
            scale, unit = (1 / 100, "fold") if row.unit == "%" and row.published > 100 else (1.0, row.unit)
            found.append((told, said(scale * row.published, unit), said(scale * value, unit)))
    return pd.DataFrame(found, columns=["what was measured", "published", "model"])


def values(theme: str, rest: Network) -> dict[str, float]:
    """Map the ids of a theme's rows, those that check the code aside, to what a resting terminal gives, in the row's unit.

    Raises
    ------
    TableError
        For rows whose protocol the theme does not have.
    """
    return {row.id: repeated(row, rest) for row in _of(theme) if row.role != "identity"}


def _of(theme: str) -> list[Observation]:
    """List the rows of a theme. Raises TableError, naming every row whose protocol the theme does not have."""
    found, known = [row for row in rows() if row.theme == theme], protocols(theme)
    unknown = [row for row in found if row.protocol not in known]
    if unknown:
        raise TableError(
            [
                f"evidence.csv, {row.id}, column protocol: {theme} has no protocol {row.protocol!r}"
                f"{did_you_mean(row.protocol, known) or '; write a function of that name among its protocols'}"
                for row in unknown
            ]
        )
    return found


def repeated(row: Observation, rest: Network) -> float:
    """Return what a resting terminal gives in the experiment of a row, in the row's unit."""
    return (100.0 if row.unit == "%" else 1.0) * protocols(row.theme)[row.protocol](rest)


def terminals() -> dict[str, Network]:
    """Map the keys of `scores.WHO` to terminals at rest: the model, one without alpha2 feedback, and one without NET."""
    rest = norepinephrine_terminal.network()
    return {
        "model": rest,
        "no_feedback": norepinephrine_terminal.without_autoinhibition(rest),
        "no_net": norepinephrine_terminal.without_net(),
    }


@cache
def _computed(theme: str) -> tuple[dict[str, Any], ...]:
    """Rows of a theme, computed."""
    nulls = terminals()
    rest = nulls.pop("model")
    found: list[dict[str, Any]] = []
    for row in _of(theme):
        model = repeated(row, rest)
        beside = {name: None if row.role == "identity" else repeated(row, terminal) for name, terminal in nulls.items()}
        found.append(
            {
                "id": row.id,
                "claims": list(row.claims),
                "theme": theme,
                "observation": row.observation,
                "published": row.published,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "model": model,
                "met": row.holds(model),
                "role": row.role,
                "source": ";".join(row.source),
                "reason": row.reason,
                **beside,
                "discriminates": scores.discriminates(row.low, row.high, model, beside.values()),
                "contested": bool(row.contested),
                "blind": row.bands == "before",
                "species": row.species,
                "region": row.region,
                "state": row.state,
                "given": row.given,
                "sampled": row.sampled,
                "contradicted_by": row.contested,
                "mended": row.mended,
            }
        )
    return tuple(found)
