"""The ledgers as pages: parameters, drugs, conditions, evidence, claims and references, each a table that finds and sorts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from generator import computed, links
from generator.html import scrolling
from nbmodel import collection, evidence
from nbmodel.data import condition_table, formulary, parameters, references
from nbmodel.data.parameters import Parameter
from nbmodel.data.tables import significant
from nbmodel.evidence import claims, scores, shown, weighted_ensemble
from nbmodel.evidence.intervals import Interval

STATUS = {"verified": "good", "to confirm": "doubt", "derived": "plain", "assumed": "doubt"}
VERDICT = {
    "predicted": "good",
    "direction only": "plain",
    "consistent": "plain",
    "contested": "doubt",
    "contradicted": "bad",
}


# A page that is one wide table needs the room of the list of its sections.
WIDE = "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n"


# -- tables ----------------------------------------------------------------------------------------------------------


def table(
    name: str,
    columns: Sequence[str],
    rows: Iterable[tuple[str, Sequence[str]]],
    *,
    numeric: Sequence[str] = (),
    wide: str = "",
    find: str = "",
) -> str:
    """Return a table of HTML cells; `rows` pairs the id of a row with its cells, `find` labels the field that filters.

    `wide` is the column that gets what room there is. The first cell stands for its row. A cell that sorts by something
    else than its text has that in `data-sort`.
    """
    head = "".join(
        f'<th scope="col"{_class(column in numeric, column == wide)}>{escape(column)}</th>' for column in columns
    )
    body = []
    for anchor, cells in rows:
        first, *others = [_cell(cell, column in numeric) for cell, column in zip(cells, columns, strict=True)]
        first = re.sub(r"^<td(.*)</td>$", r'<th scope="row"\1</th>', first, flags=re.DOTALL)
        body.append(f"<tr{f' id={chr(34)}{escape(anchor)}{chr(34)}' if anchor else ''}>{first}{''.join(others)}</tr>")
    html = (
        f'<table class="ledger"{f" data-find={chr(34)}{escape(find)}{chr(34)}" if find else ""}>'
        f"<caption>{escape(name)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(body)}\n</tbody></table>"
    )
    return scrolling(html, name)


def _class(number: bool, wide: bool = False) -> str:
    return ' class="number"' if number else ' class="wide"' if wide else ""


def _cell(html: str, number: bool) -> str:
    value = re.search(r"-?\d[\d.]*(?:e[+-]?\d+)?", links.text_of(html)) if number else None
    sort = f' data-sort="{float(value[0]):g}"' if value else ""
    return f"<td{_class(number)}{sort}>{html}</td>"


def _mark(word: str, kinds: Mapping[str, str]) -> str:
    return f'<span class="word {kinds.get(word, "plain")}">{escape(word)}</span>'


def _small(html: str) -> str:
    return f'<span class="small">{html}</span>' if html else ""


def _notes(texts: Iterable[str], page: str) -> str:
    """Return small lines with what else there is to say; nothing for an empty text."""
    return "".join(_small(_linked(text, page)) for text in texts)


def _linked(text: str, page: str) -> str:
    """Return text as HTML, with links for its citations and for the observations that it names."""
    return links.marked(links.cited(escape(text), page), page)


def _sources(keys: Iterable[str]) -> str:
    return ", ".join(f'<a href="references.html#{key}">{key}</a>' for key in keys)


def _number(value: float) -> str:
    return f"{value:g}"


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


# -- parameters ------------------------------------------------------------------------------------------------------

# What a symbol begins with, in the words by which a reader looks for it.
BEGINNINGS = {
    "Km_": "Michaelis constant",
    "Vmax_": "top speed",
    "Kd_": "dissociation constant",
    "Ki_": "inhibition constant",
    "Imax_": "largest inhibition",
    "EC50_": "half of the largest effect",
    "IC50_": "half of the largest inhibition",
}


def parameters_page() -> str:
    """Return the page of all numbers that belong to no drug."""
    rows = parameters.load().values()
    return f"""{WIDE}# Parameters

Every biological number of the models, as `nbmodel/data/parameters.csv` holds it. The range is where the number may lie,
[the status](terms.html#how-far-to-trust-a-number) says how far it was checked. Numbers of medicines stand with
[their drug](drugs.html).

{_numbers("Parameters of the models", rows)}
"""


def _numbers(name: str, rows: Iterable[Parameter], find: str = "Find a parameter") -> str:
    return table(
        name,
        ("symbol", "what it is", "value", "unit", "range", "status", "source"),
        [
            (
                row.symbol,
                (
                    f"<code>{_breaking(row.symbol)}</code>{_small(_beginning(row.symbol))}",
                    escape(row.name) + _notes((row.preparation, row.note), "parameters.html"),
                    _number(row.value),
                    escape(row.unit),
                    _range(row.low, row.high),
                    _mark(row.status, STATUS),
                    _sources(row.source),
                ),
            )
            for row in rows
        ],
        numeric=("value",),
        wide="what it is",
        find=find,
    )


def _breaking(symbol: str) -> str:
    """Return a symbol as HTML that breaks between its parts only."""
    return re.sub(r"([_.])", r"\1<wbr>", escape(symbol))


def _beginning(symbol: str) -> str:
    return next((words for start, words in BEGINNINGS.items() if symbol.startswith(start)), "")


# -- drugs and conditions --------------------------------------------------------------------------------------------


def drugs_page() -> str:
    """Return the page of drugs: all in a table, then each with its numbers and with what the model gets wrong about it."""
    drugs = sorted(formulary.substances().values(), key=lambda drug: drug.name.lower())
    overview = table(
        "Drugs of the collection",
        ("drug", "kind", "acts on", "used for", "misses"),
        [
            (
                "",
                (
                    f'<a href="#{drug.name.lower()}">{escape(drug.name)}</a>',
                    escape(drug.kind),
                    escape(", ".join(f"{target.site} ({target.action})" for target in drug.targets)),
                    _uses(drug.uses),
                    f'<a href="#{drug.name.lower()}-wrong">{len(missed)}</a>'
                    if (missed := _misses(drug.name))
                    else "0",
                ),
            )
            for drug in drugs
        ],
        numeric=("misses",),
        find="Find a drug",
    )
    parts = [
        f"""# Drugs

What each drug acts on, every number of it, and what the model gets wrong about it. *Used for* says that a drug is used,
not that it works; *misses* are the [observations](evidence.html) with this drug that the model does not meet.

**A teaching model, not for clinical use.** [How to add a drug](contributing.html#add-a-drug).

{overview}"""
    ]
    for drug in drugs:
        acts = ", ".join(f"{target.site} ({target.action}; occupancy from {target.basis})" for target in drug.targets)
        lines = [f"({drug.name.lower()})=\n## {drug.name}", f"{drug.kind[:1].upper()}{drug.kind[1:]}. Acts on {acts}."]
        if drug.made_from:
            lines.append(f'Made in the body from <a href="#{drug.made_from.lower()}">{drug.made_from}</a>.')
        if drug.metabolite:
            lines.append(f'Its active metabolite is <a href="#{drug.metabolite.lower()}">{drug.metabolite}</a>.')
        if drug.besides:
            lines.append(f"Besides, and in no model here: {links.cited(drug.besides, 'drugs.html')}.")
        lines += [links.cited(text, "drugs.html") for text in (drug.withheld, drug.remark) if text]
        parts.append("\n\n".join(lines))
        if missed := _misses(drug.name):
            parts.append(
                f'<h3 class="small" id="{drug.name.lower()}-wrong">What the model gets wrong about {drug.name}</h3>'
            )
            parts.append(_summed(drug.name, missed))
            parts.append(_why(missed))
            parts.append(_observations(missed, f"Missed observations with {drug.name}", short=True))
        parts.append(_numbers(f"Numbers of {drug.name}", drug.numbers.values(), find=""))
    return "\n\n".join(parts) + "\n"


def _uses(uses: Mapping[str, str]) -> str:
    """Return what a drug is used for, by how well that is established: 'approved: ...; off label: ...'."""
    found: dict[str, list[str]] = {}
    for condition, how in uses.items():
        found.setdefault(how, []).append(_condition(condition))
    return "<br>".join(f"{escape(how)}: {escape('; '.join(names))}" for how, names in found.items())


def _condition(name: str) -> str:
    known = condition_table.conditions()
    return known[name].name if name in known else name


def _with(drug: str) -> list[dict[str, Any]]:
    """Return the rows of the evidence that name a drug."""
    named = {row.id for row in evidence.rows() if row.names([drug])}
    return [row for row in computed.observed() if row["id"] in named]


def _misses(drug: str) -> list[dict[str, Any]]:
    """Return the missed rows of the evidence that name a drug."""
    return [row for row in _with(drug) if not row["met"]]


def _summed(drug: str, missed: Sequence[dict[str, Any]]) -> str:
    """Return a sentence on how many rows are missed, and which way."""
    sized = [row for row in missed if row["unit"] != "sign"]
    ways = {
        "the model's number is too low": sum(row["model"] < row["low"] for row in sized),
        "it is too high": sum(row["model"] > row["high"] for row in sized),
        "the direction is another": len(missed) - len(sized),
    }
    told = ", ".join(f"in {count} {way}" for way, count in ways.items() if count)
    return f"Of {len(_with(drug))} observations with {drug} the model misses {len(missed)}: {told}."


def _why(missed: Sequence[dict[str, Any]]) -> str:
    """Return a list of why rows are missed, each reason once with the rows it is of; 'as V5' is looked up."""
    reasons = {row["id"]: row["reason"] for row in computed.observed()}

    def told(mark: str) -> str:
        same = re.fullmatch(r"as (V\w+)(?:([:;]) (.*))?", reasons[mark])
        if same is None:
            return str(reasons[mark])
        return same[3] if same[2] == ":" else "; ".join(filter(None, (told(same[1]), same[3])))

    whose: dict[str, list[str]] = {}
    for row in missed:
        if row["reason"]:
            whose.setdefault(told(row["id"]), []).append(row["id"])
    told_with_rows = (f"{why} ({', '.join(ids)})" for why, ids in whose.items())
    return "\n".join(f"- {_linked(text, 'drugs.html')}" for text in told_with_rows)


# -- evidence --------------------------------------------------------------------------------------------------------


@cache
def _intervals() -> dict[str, Interval]:
    """Return the model's interval of each observation that has one, by its id."""
    return {one.id: one for one in weighted_ensemble.kept() if one.who == "model"}


def _said(value: float | None, unit: str, exact: bool = False) -> str:
    """Return a number with its unit, to three digits or as it was published; a sign in words."""
    if value is None:
        return "–"
    if unit == "sign":
        return shown.SIGNS[(value > 0) - (value < 0)]
    of = {"fold": " times", "%": " %", "dimensionless": "", "": ""}.get(unit, f" {unit}")
    return (_number(value) if exact else significant(value, 3)) + escape(of)


def _observations(
    rows: Sequence[dict[str, Any]], name: str, *, short: bool = False, page: str = "evidence.html"
) -> str:
    columns = ("id", "observation", "published", "model", "met", "source")
    found = []
    for row in rows:
        unit = row["unit"]
        experiment = "; ".join(row[part] for part in ("species", "region", "state", "given", "sampled") if row[part])
        reason = "" if short else row["reason"]  # a short table has it above
        why = f"Why it is missed: {reason}" if reason and not row["met"] else reason
        other = f"Contested: {row['contradicted_by']}" if row["contested"] else ""
        interval = _intervals().get(row["id"])
        role = escape(row["role"] + (", contested" if row["contested"] else ""))
        cells = [
            f'<a href="evidence.html#{row["id"]}">{row["id"]}</a>' if short else row["id"],
            escape(row["observation"]) + _notes((experiment, why, other), page),
            _said(row["published"], unit, exact=True)
            + _small("" if unit == "sign" else f"band {_range(row['low'], row['high'])}"),
            _said(row["model"], unit)
            + _small(_range_of(interval) if interval and unit != "sign" else "")
            + _small("" if short else _simpler(row)),
            (_mark("met", {"met": "good"}) if row["met"] else _mark("missed", {"missed": "bad"})) + _small(role),
            _sources(row["source"].split(";")),
        ]
        found.append(("" if short else row["id"], cells))
    return table(
        name,
        columns,
        found,
        numeric=("published", "model"),
        wide="observation",
        find="" if short else "Find an observation",
    )


def _simpler(row: Mapping[str, Any]) -> str:
    """Return what both simpler models give, where they give anything."""
    given = [(name, row[key]) for key, name in scores.WHO.items() if key != "model" and row[key] is not None]
    return "<br>".join(f"{name} {_said(value, row['unit'])}" for name, value in given)


def _range_of(interval: Interval) -> str:
    return f"90 %: {significant(interval.low, 2)} to {significant(interval.high, 2)}"


def evidence_page() -> str:
    """Return the page of what the models are held against, with the score and the picture of intervals."""
    rows = computed.observed()
    board = scores.board(list(rows))
    score = table(
        "Observations met, by the model and by two simpler ones",
        list(board.columns),
        [
            ("", [escape("–" if value is None else str(value)) for value in line])
            for line in board.itertuples(index=False)
        ],
        numeric=list(board.columns[1:]),
    )
    told = "\n\n".join(links.marked(sentence, "evidence.html") for sentence in scores.told(list(rows)))
    return f"""{WIDE}# Evidence

What the models are held against: {len(rows)} published observations, each repeated by the model as the experiment was
done. A missed row stays, with its reason. Two *null models* stand beside: the same experiment without alpha2 feedback,
and without NET. [What the roles mean](terms.html#calibration); [how an observation is added](contributing.html#add-an-observation).

## The score

{score}

{told}

## How sure a number is

:::{{figure}} intervals.png
:alt: Intervals of the model and of two simpler models, as multiples of the published numbers, which the table below repeats.
:width: 1100px

Bars hold 90 % by the uncertainty of the numbers alone, the line around them 90 % with the error of the structure; dots are
what was published. [How they are computed](contributing.html#how-sure-a-number-is).
:::

## Every observation

{_observations(rows, "Published observations and what the models give")}
"""


# -- claims ----------------------------------------------------------------------------------------------------------


def claims_page(sections: Callable[[str, str], str]) -> str:
    """Return the page of claims; `sections` gives the address of a lesson's section."""
    found = []
    rows = computed.claimed()
    for row in rows:
        nulls = [f"{name}: {row[key]}" for key, name in scores.WHO.items() if key != "model" and row[key] is not None]
        found.append(
            (
                row["id"],
                (
                    row["id"],
                    escape(row["text"]) + _small(links.cited(escape(row["contested"] or row["reason"]), "claims.html")),
                    _mark(row["verdict"], VERDICT) + _small(escape("; ".join(nulls))),
                    f'<a href="{sections(row["notebook"], row["section"])}">{escape(_lesson(row["notebook"], row["section"]))}</a>',
                    _model_and_published(row),
                    _sources(key for key in row["source"].split(";") if key),
                    _tests(row["id"], row["quantity"]),
                ),
            )
        )
    counts = ", ".join(
        f"{count} {verdict}" for verdict in claims.VERDICTS if (count := sum(row["verdict"] == verdict for row in rows))
    )
    return f"""{WIDE}# Claims

The {len(rows)} claims of the collection, each recomputed when this page was made: the verdict, the section of the lesson
that shows it, the number, its source, and the tests that hold it. {counts[:1].upper()}{counts[1:]}.
[What the verdicts mean](terms.html#predicted). `nbmodel claims` prints the same.

{table("Claims and verdicts", ("id", "claim", "verdict", "lesson", "number", "source", "test"), found, wide="claim", find="Find a claim")}
"""


def _model_and_published(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "–"
    unit = row["unit"]
    band = "" if unit == "sign" else f", range {_range(row['low'], row['high'])}"
    return (
        _said(row["value"], unit)
        + _small(f"published {_said(row['published'], unit, exact=True)}{band}")
        + _small(f"<code>{escape(row['quantity'])}</code>")
    )


def _lesson(notebook: str, section: str) -> str:
    return f"{notebook[:2]}: {section}" if section else notebook


def _tests(claim: str, quantity: str) -> str:
    """Name the test modules that hold a claim: that of all claims, and those that name it or its number."""
    root = collection.checkout()
    assert root is not None
    result = quantity.partition(".")[2]
    named = [
        path.name for path, text in _test_texts(root) if re.search(rf"\b{claim}\b|[\"']{result or claim}[\"']", text)
    ]
    return ", ".join(f"<code>{name}</code>" for name in dict.fromkeys(["test_claims.py", *named]))


@cache
def _test_texts(root: Path) -> tuple[tuple[Path, str], ...]:
    return tuple((path, path.read_text(encoding="utf-8")) for path in sorted((root / "tests").glob("test_*.py")))


# -- references ------------------------------------------------------------------------------------------------------


def references_page() -> str:
    """Return the page of references, each with what rests on it."""
    used: dict[str, list[str]] = {}
    for row in parameters.load().values():
        for key in row.source:
            used.setdefault(key, []).append(f'<a href="parameters.html#{row.symbol}">{row.symbol}</a>')
    for drug in formulary.substances().values():
        for key in dict.fromkeys(key for row in drug.numbers.values() for key in row.source):
            used.setdefault(key, []).append(f'<a href="drugs.html#{drug.name.lower()}">{drug.name}</a>')
    for observation in evidence.rows():
        for key in observation.source:
            used.setdefault(key, []).append(f'<a href="evidence.html#{observation.id}">{observation.id}</a>')
    for claim in claims.rows():
        for key in claim.source:
            used.setdefault(key, []).append(f'<a href="claims.html#{claim.id}">{claim.id}</a>')
    rows = [
        (
            key,
            (
                f"<code>{key}</code>",
                links.ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(references.cite(key))),
                ", ".join(dict.fromkeys(used.get(key, []))),
            ),
        )
        for key in sorted(references.bibliography().entries)
    ]
    return f"""{WIDE}# References

The {len(rows)} publications behind the numbers, as `nbmodel/data/references.bib` holds them, each with what rests on it.
*Abstract read* and *quoted at second hand* say how far a source was read.

{table("References, and what rests on them", ("key", "publication", "used by"), rows, wide="publication", find="Find a publication")}
"""


def conditions_page() -> str:
    """Return the page of conditions: what of the model each changes, who says so and who does not."""
    rows = []
    for condition in condition_table.conditions().values():
        for change in condition.changes:
            rows.append(
                (
                    "",
                    (
                        escape(condition.name),
                        escape(change.reading),
                        escape(change.changed)
                        + _notes(
                            (change.contested and f"Contested: {change.contested}", change.note), "conditions.html"
                        ),
                        _number(change.factor),
                        _range(change.low, change.high),
                        _mark(change.status, STATUS),
                        _sources(change.source),
                    ),
                )
            )
    columns = ("condition", "hypothesis", "changes", "factor", "range", "status", "source")
    return f"""{WIDE}# Conditions

What of the model a condition changes, by which factor, who says so, and who does not. Where studies disagree a condition
has several hypotheses; the first stands for it. No hypothesis is a patient, and most factors are assumed.

{table("Conditions", columns, rows, numeric=("factor",), wide="changes", find="Find a condition")}
"""
