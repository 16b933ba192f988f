"""What a reader, an analyst or a report may set: the typed parameters of each theme, and their checks.

This is the one source for names, defaults, bounds, units and help: the command line, the parameters cell of each
notebook (a test compares them) and the reports follow it. Biological defaults and bounds come from `parameters.csv`.
Everything is checked before any kernel starts, and every fault is reported at once.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmodel.data.parameters import did_you_mean
from nbmodel.scenario import clinical_case, plain_yaml
from nbmodel.scenario.setting import Parameter, Scalar, brief, from_table, word, written

TITLE = 300  # characters of a title


class ScenarioError(ValueError):
    """Something was asked for that a theme does not offer; `problems` lists every fault, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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
                f"{theme} has no parameter {brief(name)}{did_you_mean(word(name), declared)} (`nbmodel params {theme}` lists them)"
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


def _themes() -> dict[str, Theme]:
    basal = from_table("basal_ne", "x0_ECF", "norepinephrine outside the cells at rest", "nM")
    firing = "how often a locus coeruleus cell fires (the default: awake and active)"
    burst_rate = from_table("burst_rate", "r_LC_burst", "firing rate within the burst", "Hz", 0, 30)
    burst_duration = from_table("burst_duration", "duration_LC_burst", "how long the burst lasts", "s", 0.05, 5)
    themes = (
        _theme(
            "synthesis", "01_synthesis", "How is norepinephrine made, and which step sets the pace?",
            Parameter("th_activity", 1.0, "tyrosine hydroxylase at work, as a multiple of normal (0 blocked)", "", 0, 4),
            Parameter("dbh_activity", 1.0, "dopamine beta-hydroxylase at work, as a multiple of normal (0 none)", "", 0, 4),
            Parameter("vmat_activity", 1.0, "vesicle transporter at work, as a multiple of normal (0 blocked)", "", 0, 4),
            from_table("firing_rate", "r_LC_AW", firing, "Hz", 0, 10),
            from_table("tyrosine_blood", "tyrosine_blood", "tyrosine in blood", "uM"),
            Parameter("hours", 24.0, "how long the run lasts after the change", "h", 1, 168),
        ),
        _theme(
            "lc_arousal", "02_lc_arousal", "How does the firing of the locus coeruleus become norepinephrine in the brain?",
            from_table("tonic_rate", "r_LC_AW", firing, "Hz", 0, 10),
            burst_rate,
            burst_duration,
            basal,
            from_table("drive", "drive_LC_wake", "steady input to the spiking cells", "pA", -200, 300),
            from_table("coupling", "g_gap_LC", "gap junctions of a spiking cell, all together", "nS"),
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
            Parameter("condition", "adhd", "the person's condition, as far as the model has one", choices=clinical_case.condition_names()),
            *clinical_case.case({}).values(),
            Parameter("weeks", 2.0, "how long the drug is taken", "week", 1, 12),
            basal,
            Parameter("patients", 200, "virtual patients, for intervals", "", 20, 1000),
            Parameter("seed", 1, "seed of chance, where a scenario varies it", "", 0, 1_000_000),
            depends=clinical_case.case, faults=clinical_case.schedule_faults,
        ),
    )  # fmt: skip
    return {theme.name: theme for theme in themes}


THEMES: dict[str, Theme] = _themes()


def parameters_cell(theme: str) -> str:
    """The source of a notebook's parameters cell: a `name = default  # unit: meaning` a line (a test compares them)."""
    return "\n".join(
        f"{p.name} = {p.default!r}  # {p.unit or 'pure number'}: {p.help}" for p in THEMES[theme].parameters.values()
    )
