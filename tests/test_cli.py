import json
import resource
import subprocess
import sys

import pytest
import tiny
from click.testing import CliRunner

from nbmodel import __version__, cli, evidence, scenario
from nbmodel.data.typed_rows import TableError
from nbmodel.evidence import claims


def nbmodel(*arguments, sources=None):
    return CliRunner().invoke(cli.main, list(arguments), obj=sources)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["params"], ["params", "reuptake", "--json"]])
def test_the_light_commands_start_fast(arguments):
    def spent():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = spent()
    subprocess.run([sys.executable, "-m", "nbmodel", *arguments], check=True, capture_output=True)
    assert spent() - before < 0.5


def test_help_teaches_every_command():
    overview = nbmodel("--help").output
    for command in ("params", "report", "reports", "check", "claims", "evidence", "lab"):
        assert f"  {command} " in overview
        told = nbmodel(command, "--help")
        assert told.exit_code == 0
        assert f"\n  nbmodel {command}" in told.output  # an example to copy
    assert nbmodel("--version").output == f"nbmodel {__version__}\n"


def test_params_tells_what_can_be_set():
    assert all(theme in nbmodel("params").output for theme in scenario.THEMES)
    table = nbmodel("params", "reuptake").output
    assert "net_occupancy" in table and "0 to 1" in table
    rows = json.loads(nbmodel("params", "reuptake", "--json").output)
    assert [row["name"] for row in rows] == list(scenario.THEMES["reuptake"].parameters)
    assert {"name", "kind", "default", "unit", "low", "high", "choices", "help", "source"} == set(rows[0])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["params", "reuptak"], ["did you mean 'reuptake'"]),
        (["report"], ["which theme?"]),
        (["report", "reuptake", "-p", "net_ocupancy=0.8"], ["did you mean 'net_occupancy'"]),
        (["report", "reuptake", "-p", "__import__('os')=1"], ["has no parameter"]),
        (
            [
                "report",
                "reuptake",
                "-p",
                "net_occupancy=2",
                "-p",
                "basal_ne=5 s",
                "-p",
                "burst_rate=nan",
                "-p",
                "x",
                "--name",
                "../x",
            ],
            ["net_occupancy = 2", "basal_ne = '5 s'", "burst_rate = 'nan'", "-p 'x'", "'../x'"],
        ),
        (["report", "reuptake", "-p", "basal_ne=5", "-p", "basal_ne=6"], ["given twice"]),
        (["report", "reuptake", "-f", "{file}"], ["is about 'synthesis', not 'reuptake'"]),
        (["report", "-f", "{missing}"], ["cannot be read"]),
        (["report", "reuptake", "-o", "{file}"], ["is a file; name a folder"]),
        (["check", "02_reuptak"], ["did you mean '02_reuptake'"]),
        (["check", "--accept", "02_reuptak"], ["did you mean '02_reuptake'"]),
        (["evidence", "--theme", "reuptak"], ["did you mean 'reuptake'"]),
    ],
)
def test_what_is_refused_is_refused_before_any_work_with_every_fault(tmp_path, arguments, told):
    file = tmp_path / "a.yaml"
    file.write_text("theme: synthesis\n")
    out = tmp_path / "out"
    filled = [argument.format(file=file, missing=tmp_path / "no.yaml") for argument in arguments]
    if arguments[0] == "report" and "-o" not in arguments:
        filled += ["-o", str(out)]
    result = nbmodel(*filled)
    assert result.exit_code == 2
    assert result.stderr.startswith("nbmodel: nothing was done")
    assert all(words in result.stderr for words in told), result.stderr
    assert not out.exists()


def test_pdf_without_a_browser_is_refused_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = nbmodel("report", "reuptake", "--pdf", "-o", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "no Chromium" in result.stderr and not (tmp_path / "out").exists()


def test_report_makes_page_notebook_table_and_index(tmp_path):
    sources = cli.Sources(notebooks=tiny.notebook(tmp_path / "in"))
    result = nbmodel(
        "report",
        "reuptake",
        "-p",
        "net_occupancy=0.8",
        "-p",
        "basal_ne=8 nM",
        "-o",
        str(tmp_path / "out"),
        sources=sources,
    )
    assert result.exit_code == 0, result.output
    name = "reuptake_net_occupancy-0.8_basal_ne-8.0"
    assert result.output.splitlines()[-1] == f"Open {tmp_path / 'out' / name}.html"
    assert {f"{name}.html", f"{name}.ipynb", f"{name}.results.csv", "index.html"} <= {
        p.name for p in (tmp_path / "out").iterdir()
    }


@pytest.mark.long
def test_one_failing_report_does_not_stop_the_others(tmp_path):
    tiny.notebook(tmp_path / "in", "assert net_occupancy < 0.5, 'too much'")
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    (scenarios / "bad.yaml").write_text("theme: reuptake\nparameters:\n  net_occupancy: 0.9\n")
    (scenarios / "good.yaml").write_text("theme: reuptake\ntitle: All is <well>\n")
    out = tmp_path / "out"
    result = nbmodel("reports", "-o", str(out), sources=cli.Sources(tmp_path / "in", scenarios))
    assert result.exit_code == 1
    assert "AssertionError: too much" in result.stderr
    assert result.stdout.splitlines()[-1] == f"Open {out / 'index.html'}"
    assert (out / "good.html").exists() and (out / "bad.failed.ipynb").exists()
    index = (out / "index.html").read_text()
    assert index.index("too much") < index.index("All is &lt;well&gt;")


@pytest.mark.long
def test_ledgers_are_printed_and_given_as_json():
    rows = json.loads(nbmodel("claims", "--json").stdout)
    assert len(rows) == len(claims.rows()) == 27
    assert {"id", "notebook", "section", "quantity", "value", "unit", "published", "shown"} <= set(rows[0])
    assert all(isinstance(row["shown"], bool) for row in rows)
    counts = {word: sum(row["verdict"] == word for row in rows) for word in claims.VERDICTS}
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    assert f"{len(rows)} claims: {told}." in nbmodel("claims").stdout

    # One theme: the rows of all are held by test_evidence, and computing them takes half a minute.
    rows = json.loads(nbmodel("evidence", "--theme", "synthesis", "--json").stdout)
    assert [row["id"] for row in rows] == [row.id for row in evidence.rows() if row.theme == "synthesis"]
    assert {
        "id",
        "claims",
        "theme",
        "observation",
        "published",
        "low",
        "high",
        "unit",
        "model",
        "met",
        "role",
        "source",
    } <= set(rows[0])
    assert all(isinstance(row["met"], bool) for row in rows)


def test_a_faulty_table_is_told_without_a_traceback(monkeypatch):
    def faulty():
        raise TableError(["drugs.toml [x], entry unit: is empty; fill it in"])

    monkeypatch.setattr("nbmodel.data.formulary.medicines", faulty)
    result = nbmodel("params", "disorders")
    assert result.exit_code == 2
    assert result.stderr == "nbmodel: nothing was done, because\n  drugs.toml [x], entry unit: is empty; fill it in\n"


@pytest.mark.parametrize("command", ["reports", "batch", "check"])
@pytest.mark.parametrize("number", ["1_0", "\u0662", "2.0"])
def test_a_number_of_workers_is_written_in_digits(command: str, number: str) -> None:
    result = nbmodel(command, *(["none.csv"] if command == "batch" else []), "--workers", number)
    assert result.exit_code == 2 and f"{number!r} is not a whole number; write digits only" in result.stderr
