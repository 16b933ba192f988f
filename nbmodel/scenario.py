"""What a reader, an analyst or a report may set: the typed parameters of each theme, and their checks.

This is the one source for names, defaults, bounds, units and help: the command line, the parameters cell of each
notebook (a test compares them) and the reports follow it. Biological defaults and bounds come from `parameters.csv`.
Everything is checked before any kernel starts, and every fault is reported at once.
"""

from __future__ import annotations

import csv
import html
import math
import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

from nbmodel import parameters, plain_yaml
from nbmodel.parameters import did_you_mean

Scalar = float | int | bool | str

# A number and a unit as people type them: '14 nM', '1e-8 mol/L', '2 1/s', '70 %'. Nothing else reaches pint, which would
# work out any arithmetic it is given: '9**9**9**9' for ever.
_NAME = r"[^\W\d_]{1,20}(?:(?:\*\*|\^)-?[1-3])?"
QUANTITY = re.compile(
    rf"([-+]?[\d.]{{1,40}}(?:[eE][-+]?\d{{1,3}})?|[-+]?inf|nan)\s*((?:1/)?{_NAME}(?:\s?[*/]\s?{_NAME}){{0,3}}|%)?"
)

TITLE = 300  # characters of a title


class ScenarioError(ValueError):
    """Something was asked for that a theme does not offer; `problems` lists every fault, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Parameter:
    """One thing that can be set: numbers lie in [`low`, `high`] in `unit` ('' for a pure number), choices in `choices`.

    `because` says where the bounds come from, for those who are refused.
    """

    name: str
    default: Scalar
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None
    source: str = ""
    because: str = ""

    @property
    def kind(self) -> str:
        """'choice', 'switch', 'integer' or 'number'."""
        if self.choices is not None:
            return "choice"
        return {bool: "switch", int: "integer"}.get(type(self.default), "number")

    @property
    def range(self) -> str:
        """The allowed values in words."""
        if self.kind == "choice":
            return ", ".join(self.choices or ())
        return "true or false" if self.kind == "switch" else f"{self.low:g} to {self.high:g}"

    def check(self, value: object) -> Scalar:
        """`value` as a plain scalar in this parameter's unit. Raises ValueError with a sentence that says what to type."""
        if self.kind == "choice":
            if value not in (self.choices or ()):
                raise ValueError(
                    f"{self.name} = {brief(value)} is not one of {self.range}"
                    + (
                        f" ({self.because})"
                        if self.because
                        else did_you_mean(_word(value), dict.fromkeys(self.choices or ()))
                    )
                )
            return str(value)
        if self.kind == "switch":
            truths = {"true": True, "false": False}
            if not isinstance(value, bool) and _word(value).lower() not in truths:
                raise ValueError(f"{self.name} = {brief(value)} must be true or false")
            return value if isinstance(value, bool) else truths[_word(value).lower()]
        number = self._number(value)
        if self.kind == "integer" and number != int(number):
            raise ValueError(f"{self.name} = {brief(value)} must be a whole number, {self.range}")
        assert self.low is not None and self.high is not None  # every number has bounds; `_theme` checks it
        if not self.low <= number <= self.high:
            because = f" ({self.because})" if self.because else ""
            raise ValueError(
                f"{self.name} = {_shown(value)} is out of range: it must lie in {self.range} {self.unit}".rstrip()
                + because
            )
        return int(number) if self.kind == "integer" else number

    def _number(self, value: object) -> float:
        wanted = (
            f"a number in {self.unit}, such as '{self.default:g} {self.unit}'"
            if self.unit
            else f"a plain number, such as {self.default:g}"
        )
        try:
            if isinstance(value, Real) and not isinstance(value, bool):
                number = float(value)
            elif isinstance(value, str) and (match := QUANTITY.fullmatch(value.strip())):
                number = float(match[1])
                if match[2]:
                    # Twelve digits, or 0.001 uM would come out a rounding error below a bound of 1 nM.
                    number = float(f"{parameters.convert(number, match[2], self.unit or 'dimensionless'):.12g}")
            else:
                raise ValueError
        except (ValueError, OverflowError):
            raise ValueError(f"{self.name} = {brief(value)} is not {wanted}") from None
        if not math.isfinite(number):
            raise ValueError(f"{self.name} = {brief(value)} must be a finite number, {self.range} {self.unit}".rstrip())
        return number


@dataclass(frozen=True)
class Theme:
    """A theme: its module and scenario name, its notebook, the question it answers, and what can be set.

    Where one choice decides what others may be (a drug its doses), `depends` gives those others for what was chosen.
    `faults` finds, in checked values, what does not go together, a sentence each.
    """

    name: str
    notebook: str
    title: str
    parameters: Mapping[str, Parameter]
    depends: Callable[[Mapping[str, object]], Mapping[str, Parameter]] | None = None
    faults: Callable[[Mapping[str, Any]], list[str]] | None = None

    def given(self, values: Mapping[str, object]) -> dict[str, Parameter]:
        """What can be set once `values` (as typed, checked or not) are."""
        return {**self.parameters, **(self.depends(values) if self.depends else {})}


@dataclass(frozen=True)
class Scenario:
    """A theme with a checked value for every parameter; `case["basal_ne"]` is the number in the declared unit."""

    theme: str
    values: Mapping[str, Scalar]
    title: str = ""

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise KeyError(f"{self.theme} has no parameter {name!r}{did_you_mean(name, self.values)}")
        return self.values[name]

    @property
    def changed(self) -> dict[str, Scalar]:
        """Only the values that differ from their default."""
        declared = THEMES[self.theme].parameters
        return {name: value for name, value in self.values.items() if value != declared[name].default}

    def rows(self) -> list[dict[str, Any]]:
        """A row per parameter: name, value, default, unit, range, help, source, changed."""
        theme = THEMES[self.theme]
        declared = theme.given(self.values)
        return [
            {
                "name": p.name, "value": self.values[p.name], "default": theme.parameters[p.name].default, "unit": p.unit,
                "range": p.range, "help": p.help, "source": p.source, "changed": p.name in self.changed,
            }
            for p in declared.values()
        ]  # fmt: skip

    def __repr__(self) -> str:
        lines = [f"{self.theme}: {len(self.changed)} of {len(self.values)} parameters differ from their default"]
        for row in self.rows():
            mark = f"  (default {written(row['default'])})" if row["changed"] else ""
            lines.append(f"  {row['name']} = {written(row['value'])} {row['unit']}".rstrip() + mark)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        heads = ("parameter", "value", "unit", "allowed", "meaning", "source")
        cells = [
            (
                r["name"],
                written(r["value"]) + (f" (default {written(r['default'])})" if r["changed"] else ""),
                r["unit"],
                r["range"],
                r["help"],
                r["source"],
            )
            for r in self.rows()
        ]
        head = "".join(f'<th scope="col">{h}</th>' for h in heads)
        body = "".join(
            f"<tr{' class=changed' if row[0] in self.changed else ''}>"
            + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
            + "</tr>"
            for row in cells
        )
        return f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def brief(value: object) -> str:
    """Anything as a short text for an error message: what was typed may be huge, or a nest of YAML aliases."""
    short = reprlib.Repr()
    short.maxstring, short.maxlevel = 80, 2
    return short.repr(value)


def _word(value: object) -> str:
    """A text as it is; of anything else, which may be a nest of lists, nothing."""
    return value if isinstance(value, str) else ""


def _shown(value: object) -> object:
    return brief(value) if len(_word(value)) > 80 else value


def written(value: Scalar) -> str:
    """A value as a reader sees it: six digits at most, switches as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def make(theme: str, values: Mapping[str, object] | None = None, title: str = "") -> Scenario:
    """A checked scenario: the theme's defaults with `values` on top (numbers, or strings such as '14 nM').

    Raises ScenarioError with every fault: unknown theme or name, wrong type or unit, out of range, not finite.
    """
    if theme not in THEMES:
        raise ScenarioError(
            [f"there is no theme {brief(theme)}; the themes are {', '.join(THEMES)}{did_you_mean(theme, THEMES)}"]
        )
    declared = THEMES[theme].given(values or {})
    problems: list[str] = []
    found: dict[str, Scalar] = {name: p.default for name, p in declared.items()}
    for name, value in (values or {}).items():
        if name not in declared:
            problems.append(
                f"{theme} has no parameter {brief(name)}{did_you_mean(_word(name), declared)} (`nbmodel params {theme}` lists them)"
            )
            continue
        try:
            found[name] = declared[name].check(value)
        except ValueError as error:
            problems.append(str(error))
    check = THEMES[theme].faults
    if problems or (check and (problems := check(found))):
        raise ScenarioError(problems)
    return Scenario(theme, found, title or THEMES[theme].title)


def load(path: Path | str, overrides: Mapping[str, object] | None = None) -> tuple[str, Scenario]:
    """A scenario file (YAML: theme, optional title, parameters) as (its name, the checked scenario).

    `overrides` are laid over the file's own parameters. Raises ScenarioError with every fault, the file named.
    """
    path = Path(path)
    try:
        content = plain_yaml.load(path)
    except ValueError as error:
        raise ScenarioError([str(error)]) from None
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("parameters") or {}, dict)
        or not isinstance(content.get("theme"), str)
    ):
        raise ScenarioError([f"{path.name} must hold `theme: NAME` and `parameters:` with a `name: value` a line"])
    problems = [
        f"{path.name}: unknown entry {brief(key)}; it may hold theme, title, parameters"
        for key in content
        if key not in ("theme", "title", "parameters")
    ]
    title = content.get("title") or ""
    if not isinstance(title, str) or len(title) > TITLE or not title.isprintable():
        problems.append(f"{path.name}: the title must be one line of text, at most {TITLE} characters")
        title = ""
    try:
        scenario = make(content["theme"], {**(content.get("parameters") or {}), **(overrides or {})}, title)
    except ScenarioError as error:
        problems += [f"{path.name}: {problem}" for problem in error.problems]
    if problems:
        raise ScenarioError(problems)
    return path.stem, scenario


def read(theme: str, names: Mapping[str, object]) -> Scenario:
    """For a notebook's set-up cell: `case = read("reuptake", globals())` checks what the parameters cell holds."""
    declared = THEMES[theme].parameters
    missing = [f"the parameters cell does not set {name}" for name in declared if name not in names]
    if missing:
        raise ScenarioError(missing)
    return make(theme, {name: names[name] for name in declared})


def _from_table(
    name: str, symbol: str, help: str, unit: str, low: float | None = None, high: float | None = None
) -> Parameter:
    """A parameter whose default (and bounds, unless given) are a row of parameters.csv."""
    row = parameters.load()[symbol]
    to = unit or "dimensionless"
    value, bottom, top = (
        (row.value, row.low, row.high)
        if row.unit == to
        else (parameters.convert(v, row.unit, to) for v in (row.value, row.low, row.high))
    )
    return Parameter(
        name,
        value,
        help,
        unit,
        bottom if low is None else low,
        top if high is None else high,
        source=f"{symbol}: {', '.join(row.source)} ({row.status})",
    )


def _theme(
    name: str, notebook: str, title: str, *declared: Parameter,
    depends: Callable[[Mapping[str, object]], Mapping[str, Parameter]] | None = None,
    faults: Callable[[Mapping[str, Any]], list[str]] | None = None,
) -> Theme:  # fmt: skip
    for p in declared:
        if p.kind in ("number", "integer") and (
            p.low is None or p.high is None or not p.low <= float(p.default) <= p.high
        ):
            raise ValueError(f"{name}.{p.name}: the default must lie within bounds")
    return Theme(name, notebook, title, {p.name: p for p in declared}, depends, faults)


# -- disorders: a drug decides which doses and kinds of metabolisers there are, a condition which readings -----------

CONDITIONS = {
    "healthy": "a healthy person",
    "mdd": "major depression",
    "mdd_melancholic": "major depression, melancholic",
    "gad": "generalised anxiety",
    "ptsd": "post-traumatic stress",
    "adhd": "attention deficit (ADHD)",
    "dbh_deficiency": "deficiency of dopamine beta-hydroxylase",
}  # name: in words
PER_DAY = {"usual": 0, "one": 1, "two": 2, "three": 3}
MISSED = 3  # of the last doses, at most


@cache
def _drug_rows() -> parameters.Parameters:
    """`drugs.csv`: this module may not import the drugs, only read what doses of which drug were studied."""
    return parameters.read(parameters.FOLDER / "drugs.csv")


def drug_names() -> tuple[str, ...]:
    """The drugs that can be given, in the order of the table, after 'none'."""
    return ("none", *(symbol.removesuffix(".dose") for symbol in _drug_rows() if symbol.endswith(".dose")))


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The readings of each condition in `conditions.csv`, the one that stands for it first (a healthy person has none)."""
    found: dict[str, dict[str, None]] = {condition: {} for condition in CONDITIONS}
    with (parameters.FOLDER / "conditions.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["condition"], {})[row["variant"]] = None
    return {condition: tuple(names) for condition, names in found.items()}


def _case(values: Mapping[str, object]) -> dict[str, Parameter]:
    """All that the condition and the drug of `values` decide."""
    return {**_reading(values), **_treatment(values)}


def _reading(values: Mapping[str, object]) -> dict[str, Parameter]:
    """The reading of the condition in `values` (of one that is unknown: any)."""
    condition = _word(values.get("condition", "adhd"))
    known = readings().get(condition, tuple(dict.fromkeys(name for names in readings().values() for name in names)))
    because = f"the readings of {condition[:80]}" if known else f"{condition[:80]} has no other reading"
    helped = "how the condition is read into the model where studies disagree (usual: the first)"
    return {"reading": Parameter("reading", "usual", helped, choices=("usual", *known), because=because)}


def _treatment(values: Mapping[str, object]) -> dict[str, Parameter]:
    """Drug, doses, schedule and kind of metaboliser, as the drug of `values` allows them (a drug that is unknown: any)."""
    rows, names = _drug_rows(), drug_names()
    drug, often = values.get("drug", "atomoxetine"), values.get("doses_per_day", "usual")
    help_start, help_missed = "a dose to start with (titration), 0 for none", "how many of the last doses were left out"
    start_weeks = Parameter("start_weeks", 1.0, "how long the starting dose is taken", "week", 0.5, 11)
    choice = Parameter("drug", "atomoxetine", "the medicine, or none", choices=names)
    help_dose, help_often = "one dose", "doses a day: the usual number, or others evenly round the clock"
    kinds = ("extensive", "poor")
    if drug not in names or drug == "none":
        nothing = "without a drug there is no dose" if drug == "none" else ""
        dose = Parameter("dose_mg", 0.0, help_dose, "mg", 0, 0 if nothing else math.inf, because=nothing)
        start = replace(dose, name="start_mg", help=help_start)
        per_day = Parameter("doses_per_day", "usual", help_often, choices=tuple(PER_DAY))
        missed = Parameter("missed_doses", 0, help_missed, "", 0, 0 if nothing else MISSED, because=nothing)
        metaboliser = Parameter("metaboliser", "extensive", "how fast CYP2D6 breaks the drug down", choices=kinds)
        return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}
    own = {kind: rows[f"{drug}.{kind}"] for kind in ("dose", "daily_dose", "per_day") if f"{drug}.{kind}" in rows}
    row, daily, usual = own["dose"], own.get("daily_dose"), own.get("per_day")
    high, studied = row.high, f"one dose of {drug} was studied from {row.low:g} to {row.high:g} {row.unit}"
    if daily and usual:
        number = PER_DAY.get(_word(often), 0) or int(usual.value)
        high = min(high, daily.high / number)
        studied += f"; a day's total here stops at {daily.high:g} mg ({daily.preparation})"
    poor = any(symbol.startswith(f"{drug}.") and symbol.endswith("_poor") for symbol in rows)
    source = f"{row.symbol}: {', '.join(row.source)} ({row.status})"
    dose = Parameter(
        "dose_mg", min(row.value, high), help_dose, row.unit, min(row.low, high), high, source=source, because=studied
    )
    if not daily:
        dose = replace(dose, help=f"the rate of the infusion, in {row.unit} whatever the name says")
    infused = "" if daily else f"{drug} is infused all the time"
    start = Parameter("start_mg", 0.0, help_start, row.unit, 0, high, because=studied)
    per_day = Parameter(
        "doses_per_day", "usual", help_often, choices=tuple(PER_DAY) if daily else ("usual",), because=infused
    )
    missed = Parameter("missed_doses", 0, help_missed, "", 0, MISSED if daily else 0, because=infused)
    metaboliser = Parameter(
        "metaboliser", "extensive", "how fast CYP2D6 breaks the drug down", choices=kinds if poor else kinds[:1],
        because="" if poor else f"no numbers of {drug} for others",
    )  # fmt: skip
    return {p.name: p for p in (choice, dose, per_day, start, start_weeks, missed, metaboliser)}


def _schedule_faults(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with a starting dose: lower than any that was studied, or taken for longer than the treatment."""
    start: float = values["start_mg"]
    found: list[str] = []
    if not start:
        return found
    row = _drug_rows()[f"{values['drug']}.dose"]
    if start < row.low:
        found.append(
            f"start_mg = {start:g} is out of range: it must be 0 (no starting dose) or at least {row.low:g} {row.unit}, "
            f"the lowest dose of {values['drug']} that was studied"
        )
    if values["start_weeks"] >= values["weeks"]:
        found.append(
            f"start_weeks = {values['start_weeks']:g} must be less than weeks = {values['weeks']:g}, or the dose that "
            "follows the starting dose is never reached; take fewer start_weeks or more weeks"
        )
    return found


def _themes() -> dict[str, Theme]:
    basal = _from_table("basal_ne", "x0_ECF", "norepinephrine outside the cells at rest", "nM")
    firing = "how often a locus coeruleus cell fires (the default: awake and active)"
    burst_rate = _from_table("burst_rate", "r_LC_burst", "firing rate within the burst", "Hz", 0, 30)
    burst_duration = _from_table("burst_duration", "duration_LC_burst", "how long the burst lasts", "s", 0.05, 5)
    themes = (
        _theme(
            "synthesis", "01_synthesis", "How is norepinephrine made, and which step sets the pace?",
            Parameter("th_activity", 1.0, "tyrosine hydroxylase at work, as a multiple of normal (0 blocked)", "", 0, 4),
            Parameter("dbh_activity", 1.0, "dopamine beta-hydroxylase at work, as a multiple of normal (0 none)", "", 0, 4),
            Parameter("vmat_activity", 1.0, "vesicle transporter at work, as a multiple of normal (0 blocked)", "", 0, 4),
            _from_table("firing_rate", "r_LC_AW", firing, "Hz", 0, 10),
            _from_table("tyrosine_blood", "tyrosine_blood", "tyrosine in blood", "uM"),
            Parameter("hours", 24.0, "how long the run lasts after the change", "h", 1, 168),
        ),
        _theme(
            "lc_arousal", "02_lc_arousal", "How does the firing of the locus coeruleus become norepinephrine in the brain?",
            _from_table("tonic_rate", "r_LC_AW", firing, "Hz", 0, 10),
            burst_rate,
            burst_duration,
            basal,
            _from_table("drive", "drive_LC_wake", "steady input to the spiking cells", "pA", -200, 300),
            _from_table("coupling", "g_gap_LC", "gap junctions of a spiking cell, all together", "nS"),
            Parameter("seed", 1, "seed of chance, where a scenario varies it", "", 0, 1_000_000),
        ),
        _theme(
            "reuptake", "03_reuptake", "What ends the signal, and how fast?",
            Parameter("net_occupancy", 0.0, "share of norepinephrine transporters that a drug blocks", "", 0, 1),
            basal,
            burst_rate,
            burst_duration,
        ),
        _theme(
            "disorders", "04_disorders", "What does a medicine do to a brain that regulates itself?",
            Parameter("condition", "adhd", "the person's condition, as far as the model has one", choices=tuple(CONDITIONS)),
            *_case({}).values(),
            Parameter("weeks", 2.0, "how long the drug is taken", "week", 1, 12),
            basal,
            Parameter("patients", 200, "virtual patients, for intervals", "", 20, 1000),
            Parameter("seed", 1, "seed of chance, where a scenario varies it", "", 0, 1_000_000),
            depends=_case, faults=_schedule_faults,
        ),
    )  # fmt: skip
    return {theme.name: theme for theme in themes}


THEMES: dict[str, Theme] = _themes()


def parameters_cell(theme: str) -> str:
    """The source of a notebook's parameters cell: a `name = default  # unit: meaning` a line (a test compares them)."""
    return "\n".join(
        f"{p.name} = {p.default!r}  # {p.unit or 'pure number'}: {p.help}" for p in THEMES[theme].parameters.values()
    )
