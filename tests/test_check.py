"""`nbmodel check`: nbval decides, and what differs is told as a table."""

import os
import re
from pathlib import Path

import nbformat
import pytest
import tiny
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbval.plugin import IPyNbFile

from nbmodel import cli, collection
from nbmodel.check import comparable, drift
from nbmodel.check import stored as storage
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
        (
            [shown()],
            [shown(), text("x")],
            [("output", "outputs of the cell", "figure description", "figure description, text", False)],
        ),
        (
            [text("1")],
            [{"output_type": "error", "ename": "ValueError", "evalue": "no\nmore"}],
            [("error", "ValueError", "", "no", False)],
        ),
        ([text("x  1")], [text("x  1")], []),
    ],
)
def test_numbers_that_moved_are_told_apart_from_words_that_changed(old, new, told):
    found = list(drift.between("r", 1, old, new))
    assert [(d.kind, d.quantity, d.old, d.new, d.is_small) for d in found] == told


def test_the_table_shows_old_new_and_ratio():
    (moved,) = drift.between("02_reuptake", 4, [text("half-life 0.20 s")], [text("half-life 0.25 s")])
    line = drift.tabulated([moved]).splitlines()[2].split()
    assert line == ["02_reuptake", "4", "number", "half-life", "0.20", "0.25", "1.2500"]


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
    assert "Left out, as no cell of it was ever run: never\n" in done.stderr
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


def ran(code, *outputs, tags=(), count=1):
    """A cell as a run leaves it."""
    return new_code_cell(
        code, outputs=list(outputs), execution_count=count, metadata={"tags": list(tags)} if tags else {}
    )


def shown_as(**data):
    return nbformat.from_dict({"output_type": "display_data", "data": data, "metadata": {}})


def printed(words):
    return nbformat.from_dict(text(words))


def kept(path, *cells):
    """Write a notebook of these cells, as if it had been run."""
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=list(cells), metadata={"kernelspec": kernelspec}), path)
    return path


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        *(
            (ran(f"1\n  # {m}\n2"), [(f"# {m}", why)])
            for m, why in (
                ("NBVAL_IGNORE_OUTPUT", "nbval would not compare its outputs"),
                ("PYTEST_VALIDATE_IGNORE_OUTPUT", "nbval would not compare its outputs"),
                ("NBVAL_SKIP", "nbval would not run the cell"),
                ("NBVAL_RAISES_EXCEPTION", "nbval would let it fail"),
            )
        ),
        *(
            (ran("1", tags=["results", m]), [(f"tag {m}", why)])
            for m, why in (
                ("nbval-ignore-output", "nbval would not compare its outputs"),
                ("pytest-validate-ignore-output", "nbval would not compare its outputs"),
                ("nbval-skip", "nbval would not run the cell"),
                ("raises-exception", "nbval would let it fail"),
                ("nbval-raises-exception", "nbval would let it fail"),
            )
        ),
        (new_code_cell("1"), [("never run", "no output of it is stored")]),
        (ran("1", shown_as(**{"image/png": "x"})), [("output 1", "image/png: has no text")]),
        (ran("1", printed("a"), shown_as()), [("output 2", "nothing: has no text")]),
        # All that is compared, or has nothing to compare.
        (
            ran(
                "'NBVAL_SKIP'  # not a marker of nbval\n# NBVAL_CHECK_OUTPUT", printed("a"), tags=["nbval-check-output"]
            ),
            [],
        ),
        (
            ran("1", shown_as(**{"image/png": "x", "text/plain": "A line."}), shown_as(**{"image/svg+xml": "<svg/>"})),
            [],
        ),
        (new_code_cell(" \n"), []),
        (ran("1"), []),
    ],
)
def test_what_nbval_would_let_pass_is_named_cell_by_cell(cell, told):
    notebook = new_notebook(cells=[new_markdown_cell("# NBVAL_SKIP"), ran("0"), cell])
    found = comparable.gaps("r", notebook)
    assert [(d.report, d.cell, d.kind, d.quantity, d.new) for d in found] == [
        ("r", 1, drift.NOT_COMPARED, what, why) for what, why in told
    ]


def test_nbval_leaves_out_no_kind_of_output_that_is_not_known_here(request, tmp_path):
    skipped = IPyNbFile.from_parent(request.session, path=tmp_path / "a.ipynb").skip_compare
    assert {kind for kind in skipped if "/" in kind} == comparable.UNSEEN


@pytest.mark.parametrize(
    ("said", "injected", "told"),
    [
        ({"a": 0.8, "b": "x"}, "# Parameters\na = 0.8\nb = 'x'\n", []),
        ({}, None, []),
        ({"a": 0.8}, "a = 0.9", [("a", "0.8", "0.9")]),
        ({"a": 0.8}, None, [("a", "0.8", "not set")]),
        ({}, "a = -1", [("a", "not set", "-1")]),
        ({"a": 0.8}, "a = open('x')", [("all", "", "the injected cell holds more than values")]),
        ({"a": 0.8}, "import os", [("all", "", "the injected cell holds more than values")]),
    ],
)
def test_a_report_whose_injected_values_are_not_those_of_its_scenario_differs(said, injected, told):
    cells = [ran(injected, tags=["injected-parameters"])] if injected else [ran("1")]
    about = {"scenario": {"theme": "reuptake", "parameters": said}}
    found = comparable.gaps("r", new_notebook(cells=cells, metadata={"nbmodel": about}))
    assert [(d.quantity, d.old, d.new) for d in found] == told and {d.kind for d in found} <= {"parameter"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"[]", "is not a notebook"),
        (b"null", "is not a notebook"),
        (b'{"cells": 1, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "is not a notebook"),
        (b'{"cells": [{}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "is not a notebook"),
        (b'{"cells": [], "metadata": {}, "nbformat": 99, "nbformat_minor": 0}', "is not a notebook"),
        (b'{"cells": [], "metadata": {"language_info": {"name": "R"}}, "nbformat": 4, "nbformat_minor": 5}', "is in r"),
        (b"[" * 100_000, "is not a notebook"),
    ],
)
def test_what_is_no_notebook_is_told_in_words(tmp_path, data, why):
    (tmp_path / "a.ipynb").write_bytes(data)
    with pytest.raises(comparable.Unreadable, match=f"^{why}"):
        comparable.read(tmp_path / "a.ipynb")


def test_a_pipe_or_a_link_to_nothing_is_not_waited_for_and_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nothing")
    refused = CliRunner().invoke(cli.main, ["check", str(tmp_path), str(tmp_path / "gone.ipynb")])
    assert refused.exit_code == 2
    assert "gone.ipynb cannot be read (no such file or directory)" in refused.stderr
    assert "pipe.ipynb is not a file" in refused.stderr and refused.stderr.count("\n") == 3


def test_what_cannot_be_read_is_refused_before_anything_is_done(tmp_path, monkeypatch):
    look = os.scandir

    def scandir(folder):
        if str(folder) == str(tmp_path / "closed"):
            raise PermissionError(13, "Permission denied", str(folder))
        return look(folder)

    monkeypatch.setattr(os, "scandir", scandir)  # for root no folder is closed
    (tmp_path / "closed").mkdir()
    (tmp_path / "02_reuptake.ipynb").write_text("{}")
    refused = CliRunner().invoke(cli.main, ["check", str(tmp_path)])
    assert refused.exit_code == 2
    assert f"{tmp_path}/closed is a folder that cannot be looked into" in refused.stderr
    monkeypatch.setattr(collection, "notebooks_folder", lambda: tmp_path)
    refused = CliRunner().invoke(cli.main, ["check", "--accept", "02_reuptake"])
    assert refused.exit_code == 2 and "02_reuptake.ipynb is not a notebook" in refused.stderr
    assert (tmp_path / "02_reuptake.ipynb").read_text() == "{}"


@pytest.mark.long
def test_nothing_about_the_notebooks_changes_how_they_are_compared(tmp_path, monkeypatch):
    """Names that pytest reads as its own, its settings and modules beside them, its options in the environment."""
    names = ["-x", "c [1]::é", "a\x1b[31m\nb"]
    (tmp_path / "sub").mkdir()
    for path in (*(tmp_path / f"{name}.ipynb" for name in names), tmp_path / "sub" / "-x.ipynb"):
        kept(path, ran("print(1)", printed("1\n")))
    (tmp_path / "sub" / "link.ipynb").symlink_to(tmp_path / "-x.ipynb")
    for name in ("conftest.py", "__init__.py", "nbval.py", "pytest.py"):
        (tmp_path / name).write_text("raise SystemExit(77)")
    (tmp_path / "pytest.ini").write_text("[pytest]\nminversion = 99\n")
    for name in ("ADDOPTS", "PLUGINS", "THEME", "DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.setenv(f"PYTEST_{name}", "--nothing-of-the-kind")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli.main, ["check", ".", "sub/../c [1]::é.ipynb", "--", "-x.ipynb"])
    assert done.exit_code == 0, done.output
    odd = "\N{REPLACEMENT CHARACTER}"
    told = ["-x.ipynb", "a" + odd + "[31m" + odd + "b", "c [1]::é", "link", "sub/-x.ipynb"]
    assert sorted(done.stderr.splitlines()) == sorted(f"{name}: as stored" for name in told)
    assert "5 checked: every output is as stored" in done.output and "warning" not in done.output


def test_nothing_is_as_stored_that_was_not_compared(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    one, two = printed("1\n"), printed("2\n")
    Path("empty.ipynb").touch()
    kept("good.ipynb", ran("print(1)", one), new_code_cell(""))
    Path("sub").mkdir()
    kept("sub/good.ipynb", ran("print(1)", two))
    kept("marked.ipynb", ran("print(1)  \n# NBVAL_SKIP", two))
    kept("numbers.ipynb", new_code_cell("print(1)", outputs=[one]))  # the cells' own were taken out
    kept(
        "picture.ipynb", ran("from IPython.display import display\ndisplay({'image/png': 'x'}, raw=True)")
    )  # so was it
    kept("unrun.ipynb", ran("print(1)", one), new_code_cell("print(2)"))
    done = CliRunner().invoke(cli.main, ["check", "."])
    assert done.exit_code == 1
    told = done.stderr.splitlines()
    assert told[0] == "empty: not compared: it is empty"
    assert sorted(told[1:7]) == [
        "good.ipynb: as stored",
        "marked: not compared in full",
        "numbers: differs",
        "picture: not compared in full",
        "sub/good.ipynb: differs",
        "unrun: not compared in full",
    ]
    rows = [re.split(r" {2,}", line)[:6] for line in told[10 : told.index("", 10)]]
    assert rows == [
        ["empty", "–", "not compared", "file", "is empty", "–"],
        ["marked", "0", "not compared", "# NBVAL_SKIP", "nbval would not run the cell", "–"],
        ["numbers", "0", "error", "cell", "Unrun reference cell has outputs", "–"],
        ["picture", "0", "not compared", "new output 1", "image/png: has no text", "–"],
        ["sub/good.ipynb", "0", "number", "2", "1", "0.50000"],
        ["unrun", "1", "not compared", "never run", "no output of it is stored", "–"],
    ]
    assert "1 by more; 1 texts" in done.stderr and "4 not compared" in done.stderr


@pytest.mark.parametrize(
    ("option", "what"),
    [
        ("--collect-only", "run"),
        ("--nbval-lax", "run"),
        ("--no-such-option", "run"),
        ("--nbval-kernel-name=none-such", "kernel (setup)"),
    ],
)
def test_a_run_that_compared_nothing_is_no_success(tmp_path, monkeypatch, option, what):
    path = kept(tmp_path / "a.ipynb", ran("print(1)", printed("1\n")), ran("2"))
    monkeypatch.setattr(storage, "NBVAL", (*storage.NBVAL, option))
    told = []
    (found,) = storage.nbval([path], tell=lambda name, word: told.append(word)).drift
    assert (found.report, found.cell, found.kind, found.quantity) == ("a", None, drift.NOT_COMPARED, what)
    assert "as stored" not in told
