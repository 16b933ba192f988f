"""`nbmodel check`: nbval decides, and what differs is told as a table."""

import nbformat
import pytest
import tiny
from click.testing import CliRunner

from nbmodel import cli
from nbmodel.check import drift
from nbmodel.check.stored import _groups
from nbmodel.report import run, store

FIGURE = {"image/png": "x", "text/plain": "Peak 12.3 nM."}


def text(value):
    return {"output_type": "stream", "name": "stdout", "text": value}


def shown(**data):
    return {"output_type": "display_data", "data": {**FIGURE, **data}, "metadata": {}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ([text("NE 12.30 nM")], [text("NE 12.31 nM")], [("number", "NE", "12.30", "12.31", True)]),
        ([text("NE 12.30 nM\nDA 2")], [text("NE 14.0 nM\nDA 2")], [("number", "NE", "12.30", "14.0", False)]),
        (
            [text("a −1.5e-3 b 2")],
            [text("a 1.5e-3 b 3")],
            [("number", "a", "-1.5e-3", "1.5e-3", False), ("number", "a b", "2", "3", False)],
        ),
        ([text("rises to 3")], [text("falls to 3")], [("text", "rises to", "rises to 3", "falls to 3", False)]),
        ([text("a\nb")], [text("a")], [("text", "a", "2 lines", "1 lines", False)]),
        (
            [shown()],
            [shown(**{"text/plain": "Trough 12.3 nM."})],
            [("figure description", "Peak nM", "Peak 12.3 nM.", "Trough 12.3 nM.", False)],
        ),
        ([shown()], [shown(**{"text/plain": "Peak 12.4 nM."})], [("number", "Peak", "12.3", "12.4", False)]),
        ([shown()], [shown(), text("x")], [("output", "outputs of the cell", "figure description", "figure description, text", False)]),
        ([text("1")], [{"output_type": "error", "ename": "ValueError", "evalue": "no\nmore"}], [("error", "ValueError", "", "no", False)]),
        ([text("x  1")], [text("x  1")], []),
    ],
)  # fmt: skip
def test_numbers_that_moved_are_told_apart_from_words_that_changed(old, new, told):
    found = list(drift.between("r", 1, old, new))
    assert [(d.kind, d.quantity, d.old, d.new, d.is_small) for d in found] == told


def test_the_table_shows_old_new_and_ratio():
    (moved,) = drift.between("03_reuptake", 4, [text("half-life 0.20 s")], [text("half-life 0.25 s")])
    line = drift.tabulated([moved]).splitlines()[2].split()
    assert line == ["03_reuptake", "4", "number", "half-life", "0.20", "0.25", "1.2500"]


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Three stored notebooks; `moved` prints another number now, and `b` is as it was."""
    folder = tmp_path_factory.mktemp("stored")
    for name, code in (("a", "print('NE', 1.5)"), ("b", "1 + 1"), ("moved", "print('peak of NE:', 3.0, 'nM')")):
        tiny.plain(folder, code, name=name)
        path = folder / f"{name}.ipynb"
        store.save(store.normalised(run.rerun(nbformat.read(path, as_version=4), folder)), path)
    path.write_text(path.read_text().replace("3.0 nM", "2.0 nM"))
    return folder


@pytest.mark.parametrize("options", [pytest.param((), marks=pytest.mark.long), ("--cold", "--workers", "1")])
def test_what_is_as_stored_passes_and_what_moved_is_in_the_table(stored, options):
    done = CliRunner().invoke(cli.main, ["check", str(stored / "a.ipynb"), str(stored / "b.ipynb"), *options])
    assert done.exit_code == 0, done.output
    done = CliRunner().invoke(cli.main, ["check", str(stored), *options])
    assert done.exit_code == 1
    (line,) = (line for line in done.stderr.splitlines() if line.startswith("moved "))
    assert line.split() == ["moved", "1", "number", "peak", "of", "NE", "2.0", "3.0", "1.5000"]
    assert "0 numbers moved within the tolerance (0.002 of themselves), 1 by more" in done.stderr
    assert "nbmodel check --accept" in done.stderr


def test_only_what_was_run_is_compared_and_counted(stored, tmp_path):
    tiny.plain(tmp_path, "1 + 1", name="never")
    (tmp_path / "run.ipynb").write_bytes((stored / "a.ipynb").read_bytes())
    (tmp_path / "words.txt").write_text("x")
    done = CliRunner().invoke(cli.main, ["check", str(tmp_path), "--cold"])
    assert done.exit_code == 0 and "1 checked: every output is as stored" in done.output
    assert "never" not in done.output
    refused = CliRunner().invoke(cli.main, ["check", str(tmp_path / "never.ipynb"), str(tmp_path / "words.txt")])
    assert refused.exit_code == 2
    assert "never.ipynb was never run" in refused.stderr and "words.txt is not a notebook" in refused.stderr


def test_files_are_spread_and_never_split(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.ipynb").write_text("x" * (number + 1))
    files = sorted(tmp_path.iterdir())
    groups = _groups(files, 2)
    assert sorted(path for group in groups for path in group) == files
    assert [sum(path.stat().st_size for path in group) for group in groups] == [8, 7]
    assert _groups(files[:1], 4) == [files[:1]]
