"""`nbmodel claims | evidence | sensitivity`: what is shown, what fits published data, and how sure a number is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from nbmodel import collection, scenario
from nbmodel.cli.printing import as_table, fitted, progress_bar
from nbmodel.data import tables
from nbmodel.report.options import Whole, settings_of, settings_option
from nbmodel.report.refusal import Refusal, collecting


@click.command(short_help="The 27 claims, recomputed: which are shown?")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
def claims(as_json: bool) -> None:
    """Recompute the number behind each claim of the collection and say whether it is shown.

    \b
    nbmodel claims
    nbmodel claims --json
    """
    from nbmodel.evidence import claims as ledger

    rows = ledger.table()
    if as_json:
        as_table(rows, as_json)
        return
    columns = {"claim": "text", "model": "value", "without feedback": "no_feedback", "without NET": "no_net"}
    heads = ("id", "claim", "published", "model", "unit", "verdict", "without feedback", "without NET")
    fitted(heads, [["" if (cell := row[columns.get(head, head)]) is None else cell for head in heads] for row in rows])
    counts = {word: sum(row["verdict"] == word for row in rows) for word in ledger.VERDICTS}
    click.echo(f"\n{len(rows)} claims: " + ", ".join(f"{count} {word}" for word, count in counts.items()) + ".")
    for row in rows:
        if row["contested"] or row["reason"]:
            click.echo(f"  {row['id']}, {row['verdict']}: {row['contested'] or row['reason']}.")
    click.echo(
        "Predicted: the size came out and could have failed. Direction only: the direction came out, the size did not or was "
        "not published. Consistent: it came out, but hardly could have failed. Contested: findings disagree on the claim "
        "itself. Contradicted: not even the direction came out. The last two columns: what models without alpha2 feedback and "
        "without NET get, where the experiment can be repeated on them."
    )


@click.command(short_help="The models against published observations.")
@click.option("--theme", help="Only the rows of one theme.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
@click.option(
    "--ensemble",
    "count",
    type=Whole(0, 100_000),
    is_flag=False,
    flag_value="0",
    metavar="[N]",
    help="How sure each number is: intervals from N sets of numbers, or those that were computed before.",
)
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Draw the intervals into a PNG file.")
@click.option("--store", is_flag=True, help="Keep the ensemble of N sets in the package, for reports.")
def evidence(theme: str | None, as_json: bool, count: int | None, picture: Path | None, store: bool) -> None:
    """Hold the models against published observations, met and missed alike.

    \b
    nbmodel evidence
    nbmodel evidence --theme reuptake --json
    nbmodel evidence --ensemble                    intervals that were computed before
    nbmodel evidence --ensemble 500                computed anew: minutes
    nbmodel evidence --ensemble --picture sure.png

    An interval holds the published number with 90 %, by the model: first from the ranges of its numbers alone, weighted by
    how well they repeat the rows that calibrate, then with how far the model's structure is off on the other studies.
    """
    problems: list[str] = []
    with collecting(problems):
        scenario.make(theme or next(iter(scenario.THEMES)))
    if count is None and (picture or store):
        problems.append(f"{'--picture' if picture else '--store'} goes with --ensemble; add it")
    if store and not count:
        problems.append("--store goes with a number of sets, such as --ensemble 500")
    if store and collection.checkout() is None:
        problems.append("--store writes into the package: run it in a clone of the repository")
    if picture and (picture.suffix != ".png" or not picture.absolute().parent.is_dir()):
        problems.append(f"{picture} is no name of a picture in a folder that is there; let it end in .png")
    if problems:
        raise Refusal(problems)
    if count is not None:
        _intervals(theme, as_json, count, picture, store)
    else:
        _held_against(theme, as_json)


def _held_against(theme: str | None, as_json: bool) -> None:
    from nbmodel import evidence as ledger
    from nbmodel.evidence import scores

    rows = ledger.table(theme)
    if as_json:
        as_table(rows, as_json)
        return
    columns = ["id", "observation", "published", "low", "high", "model", "unit", "met", "role"]
    fitted(columns, [[row[key] for key in columns] for row in rows])
    missed = [row for row in rows if not row["met"]]
    if missed:
        click.echo("\nMissed, and why:")
        for row in missed:
            click.echo(f"  {row['id']}: {row['reason']}")
    board = scores.board(rows)
    click.echo("\nRows met, by the model and by two null models (one without alpha2 feedback, one without NET):")
    click.echo(tables.text(list(board.columns), board.to_numpy().tolist()))
    for sentence in scores.told(rows):
        click.echo(sentence)


def _intervals(theme: str | None, as_json: bool, count: int, picture: Path | None, store: bool) -> None:
    """Print the intervals of an ensemble, computed or kept; draw and keep them where that is asked for."""
    from nbmodel import evidence as ledger
    from nbmodel.evidence import weighted_ensemble

    if count:
        with progress_bar("Sets of numbers") as step:
            found = weighted_ensemble.compute(count, progress=step)
        kept, tried, refused = found.intervals, found.tried, found.refused
        if store:
            weighted_ensemble.store(found)
    else:
        kept, about = weighted_ensemble.kept(), weighted_ensemble.about()
        tried, refused = about["tried"], about["refused"]
    there = {row.id for row in ledger.rows() if theme in (None, row.theme)}
    shown = [one for one in kept if one.id in there]
    if as_json:
        as_table([asdict(one) for one in shown], as_json)
        return
    apart = [row["id"] for row in ledger.table(theme) if row["discriminates"]]
    table, skill = weighted_ensemble.frame(shown), weighted_ensemble.skill(shown, apart)
    fitted(list(table.columns), table.to_numpy().tolist())
    click.echo(f"\nHow well the intervals did, of {tried} sets of numbers ({refused} refused), beside two null models:")
    click.echo(tables.text(list(skill.columns), skill.to_numpy().tolist()))
    click.echo(weighted_ensemble.READ)
    if picture:
        from nbmodel.evidence import picture as drawing

        drawing.save(shown, picture)
        click.echo(f"Wrote {picture}")


@click.command(short_help="Which uncertain numbers decide a result.")
@click.argument("theme")
@click.option("--result", required=True, help="Name of a result, as a report lists them.")
@click.option(
    "--samples", type=Whole(16, 65_536), default=256, show_default=True, help="Size of a sample, a power of two."
)
@click.option("--number", "numbers", multiple=True, help="Symbol of a number to vary; give it again for another.")
@click.option("--minutes", type=Whole(1, 10_000), default=10, show_default=True, help="How long it may take.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a list of objects, for programs to read.")
@settings_option
def sensitivity(
    theme: str,
    result: str,
    samples: int,
    numbers: tuple[str, ...],
    minutes: int,
    as_json: bool,
    settings: tuple[str, ...],
) -> None:
    """Tell which uncertain numbers decide a RESULT of THEME: Sobol indices, with 95 % intervals.

    \b
    nbmodel sensitivity reuptake --result half_life
    nbmodel sensitivity disorders --result ne_treated_of_healthy -p drug=reboxetine
    nbmodel sensitivity reuptake --result half_life --number Vmax_NET --number Km_NET_NE

    Every number that the result rests on is first moved over its range by itself. The eight that move it most (or those that
    are named) are then drawn together: "alone" is the share of the result's variance that a number brings about by itself,
    "in all" adds what it does together with others. A setting that stands at its default moves with its number.
    """
    from nbmodel.evidence import sensitivity as study

    problems: list[str] = []
    values = settings_of(settings, problems)
    with collecting(problems):
        case = scenario.make(theme, values)
    if problems:
        raise Refusal(problems)
    try:
        with progress_bar("Evaluations") as step:
            found = study.of(
                theme, case, result, samples=samples, numbers=numbers, minutes=float(minutes), progress=step
            )
    except ValueError as error:
        raise Refusal([str(error)]) from None
    if as_json:
        as_table(found.indices.to_dict("records"), as_json)
        return
    click.echo(f"{result} = {tables.significant(found.value)} {found.unit}\n")
    heads = ("number", "alone", "95 %", "in all", "95 %", "meaning")
    rows = [
        (
            *(one["number"], one["first"], f"{one['first_low']:.2f} to {one['first_high']:.2f}"),
            *(one["total"], f"{one['total_low']:.2f} to {one['total_high']:.2f}", one["name"]),
        )
        for one in found.indices.to_dict("records")
    ]
    fitted(heads, rows)
    if found.rest:
        click.echo(f"\n{found.rest}")
