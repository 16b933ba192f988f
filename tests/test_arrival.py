"""What is asked for arrives in the cells of a notebook, or the report says why not and nothing is kept under its name."""

from pathlib import Path

import nbformat
import papermill
import pytest
import tiny
from click.testing import CliRunner

from nbmodel import cli, scenario


def report(folder: Path, *arguments: str, theme: str = "reuptake"):
    command = ["report", theme, "-o", str(folder / "out"), *arguments]
    return CliRunner().invoke(cli.main, command, obj=cli.Sources(notebooks=folder / "in"))


def changed(folder: Path, change) -> Path:
    """The small notebook, changed by `change`, which is given its cells."""
    path = tiny.notebook(folder / "in", "print(net_occupancy)") / "02_reuptake.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)
    return path


def untag(cells):
    cells[1].metadata.clear()


def tag_two(cells):
    cells[2].metadata["tags"] = ["parameters"]


def tag_text(cells):
    cells[0].metadata["tags"] = cells[1].metadata.pop("tags")


def leave_injected(cells):
    cells.insert(2, nbformat.v4.new_code_cell("net_occupancy = 0.3", metadata={"tags": ["injected-parameters"]}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (untag, "has 0 code cells tagged `parameters`"),
        (tag_two, "has 2 code cells tagged `parameters`"),
        (tag_text, "has 0 code cells tagged `parameters`"),
        (leave_injected, "values that papermill put in"),
    ],
)
def test_a_notebook_in_which_settings_would_not_arrive_is_refused_before_anything_runs(tmp_path, change, said):
    path = changed(tmp_path, change)
    done = report(tmp_path, "-p", "net_occupancy=0.8")
    assert done.exit_code == 2 and said in done.output and str(path) in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": [1]}', '{"cells": {"a": 1}}', "[" * 100_000])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tiny.notebook(tmp_path / "in") / "02_reuptake.ipynb"
    path.write_text(content)
    done = report(tmp_path)
    assert done.exit_code == 2 and f"{path} is not a notebook" in done.output


def other_default(cells):
    cells[1].source = cells[1].source.replace("net_occupancy = 0.0", "net_occupancy = 0.3")


def set_up_first(cells):
    cells.insert(1, nbformat.v4.new_code_cell(cells[1].source))
    cells[2].metadata.clear()
    cells.insert(4, nbformat.v4.new_code_cell("burst_rate = 10.0", metadata={"tags": ["parameters"]}))


def set_again(cells):
    cells[-1].source = "net_occupancy = 0.0"


@pytest.mark.parametrize(
    ("change", "asked", "had"),
    [
        pytest.param(other_default, [], "net_occupancy = 0.3 where 0.0 was asked for", marks=pytest.mark.long),
        (set_up_first, ["-p", "net_occupancy=0.8"], "net_occupancy = 0.0 where 0.8 was asked for"),
        pytest.param(
            set_again,
            ["-p", "net_occupancy=0.8"],
            "net_occupancy = 0.0 where 0.8 was asked for",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_page_of_other_values_than_its_name_says_is_a_failure(tmp_path, change, asked, had):
    changed(tmp_path, change)
    done = report(tmp_path, *asked)
    assert done.exit_code == 1 and had in done.output
    assert not list((tmp_path / "out").glob("reuptake*.html"))
    assert "0.8" not in (tmp_path / "out" / "results.csv").read_text()


def papermilled(folder: Path, **parameters):
    """What plain papermill makes of the small notebook: the last line that is printed."""
    path = tiny.notebook(folder / "in", "print(repr(net_occupancy), repr(basal_ne))") / "02_reuptake.ipynb"
    done = papermill.execute_notebook(str(path), None, parameters=parameters, progress_bar=False, cwd=str(folder))
    return done.cells[-1].outputs[0].text


def test_the_set_up_cell_converts_what_papermill_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert papermilled(tmp_path, basal_ne="14 nM", net_occupancy="80 %") == "0.8 14.0\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("given", "said"),
    [({"basal_nee": 14}, "did you mean 'basal_ne'"), ({"basal_ne": "14 nM/s"}, "is not a number in nM")],
)
def test_the_set_up_cell_refuses_what_papermill_was_given(tmp_path, monkeypatch, given, said):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(papermill.PapermillExecutionError, match=said):
        papermilled(tmp_path, **given)


def test_a_whole_number_becomes_one_and_a_broken_one_is_refused():
    names = {**dict(scenario.make("lc_arousal")), "seed": "3", "tonic_rate": 3}
    case = scenario.read("lc_arousal", names)
    assert (type(names["seed"]), names["seed"], type(names["tonic_rate"])) == (int, 3, float)
    assert dict(case) == {name: names[name] for name in case}
    with pytest.raises(scenario.ScenarioError, match=r"seed = 2[.]5 must be a whole number"):
        scenario.read("lc_arousal", {**names, "seed": 2.5})


def test_only_what_papermill_put_in_is_held_to_the_names_of_the_theme():
    names = {**dict(scenario.make("reuptake")), "x": 1, "In": ["", "y = 2", "# Parameters\nbasal_ne = 7.0\n"]}
    scenario.read("reuptake", names)
    names["In"].append("# Parameters\nbasal_ne = 7.0\nx = 1\n")
    with pytest.raises(scenario.ScenarioError, match="no parameter 'x'"):
        scenario.read("reuptake", names)
