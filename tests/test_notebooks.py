"""What must hold for every stored notebook; `make test` runs nbval besides, which holds their outputs."""

import re

import nbformat
import pytest

from nbmodel import collection, scenario
from nbmodel.check import comparable, stored
from nbmodel.report import stamp, store

STORED = stored.notebooks_by_name()
# A time of day, a date, a path of somebody's machine, an address in memory.
PASSING = re.compile(
    r"\b\d{1,2}:\d\d:\d\d\b|\b20\d\d-\d\d-\d\d|/(home|tmp|root|Users|work)/|[A-Z]:\\|\bat 0x[0-9a-f]+|site-packages"
)

everywhere = pytest.mark.parametrize("path", STORED.values(), ids=STORED)


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def test_there_is_a_notebook_for_each_theme_and_a_page_of_terms():
    assert [theme.notebook for theme in scenario.THEMES.values()] == sorted(collection_names())
    assert (collection.notebooks_folder() / "terms.md").exists()


def collection_names():
    return [path.stem for path in collection.notebooks_folder().glob("*.ipynb")]


def test_a_reference_report_is_stored_of_each_theme_away_from_its_defaults():
    names = {path.stem for path in collection.reference_folder().glob("*.ipynb")}
    cases = [scenario.load(collection.scenarios_folder() / f"{name}.yaml")[1] for name in names]
    assert {case.theme for case in cases} == set(scenario.THEMES)
    assert all(case.changed for case in cases)


def test_every_theme_has_a_scenario_of_its_defaults_and_links_lead_nowhere_else(tmp_path):
    planned = dict(map(scenario.load, collection.scenarios_folder().glob("*.yaml")))
    targets = stamp.link_targets(tmp_path, planned)
    assert sorted(targets) == sorted(collection_names())
    assert not any(planned[name].changed for name in targets.values())
    changed = {name: case for name, case in planned.items() if case.changed}
    assert stamp.link_targets(tmp_path, changed) == {}


@everywhere
def test_nbval_has_no_loophole(path):
    assert [(d.cell, d.quantity, d.old, d.new) for d in comparable.gaps(path.stem, comparable.read(path))] == []


def test_every_notebook_that_make_test_compares_is_one_of_those_looked_at_here():
    folders = (collection.notebooks_folder(), collection.reference_folder())
    found = {path for folder in folders for path in folder.rglob("*.ipynb")}
    assert {path for path in found if path.parent.name != ".ipynb_checkpoints"} == set(STORED.values())


def test_nbval_is_plain_everywhere_and_has_the_same_timeout():
    options = " ".join(stored.NBVAL)
    root = collection.checkout()
    assert root is not None
    assert "-m nbmodel check\n" in (root / "Makefile").read_text()
    # Whoever runs nbval alone (`pytest --nbval notebooks`) has the same.
    settings = "\n".join((root / name).read_text() for name in ("pyproject.toml", "Makefile", ".ci/run"))
    assert "--nbval " in options
    for text in (options, settings):
        assert "--nbval-cell-timeout=120" in text
        assert not re.search(r"nbval-lax|sanitize|--nbdime|current-env", text)


@everywhere
def test_stored_as_run_once_in_order_without_error(path):
    notebook = read(path)
    assert [cell.execution_count for cell in code_cells(notebook)] == list(range(1, len(code_cells(notebook)) + 1))
    assert not [
        output for output in outputs(notebook) if output.output_type == "error" or output.get("name") == "stderr"
    ]


@everywhere
def test_stored_as_normalised_with_nothing_that_passes(path):
    notebook = read(path)
    assert notebook == store.normalised(notebook), f"store it with: nbmodel check --accept {path.stem}"
    texts = [
        str(text)
        for o in outputs(notebook)
        for kind, text in (o.get("data") or {"": o.get("text", "")}).items()
        if kind != "image/png"
    ]
    assert [match[0] for text in texts if (match := PASSING.search(text))] == []


@everywhere
def test_every_figure_has_a_description_that_nbval_compares(path):
    figures = [output for output in outputs(read(path)) if "image/png" in output.get("data", {})]
    assert figures
    for figure in figures:
        alt = figure.metadata["image/png"]["alt"]
        assert alt == figure.data["text/plain"]
        assert len(alt) > 40 and "Figure size" not in alt


@pytest.mark.parametrize("theme", scenario.THEMES)
def test_the_parameters_cell_follows_the_scenario(theme):
    declared = scenario.THEMES[theme]
    notebook = read(collection.notebooks_folder() / f"{declared.notebook}.ipynb")
    (cell,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    expected = [f"{p.name} = {p.default!r}  # {p.unit or p.kind}: {p.help}" for p in declared.parameters.values()]
    assert cell.source.splitlines() == expected
    assert sum("results" in cell.metadata.get("tags", []) for cell in notebook.cells) == 1


@pytest.mark.parametrize("tag", ["picture", "card"])  # of its reports, and of the lesson on the start page
@everywhere
def test_the_picture_that_stands_for_it_is_that_of_one_cell_with_a_figure(path, tag):
    chosen = [cell for cell in read(path).cells if tag in cell.metadata.get("tags", [])]
    assert all(any("image/png" in o.get("data", {}) for o in cell.outputs) for cell in chosen) and len(chosen) <= 1


@everywhere
def test_links_lead_to_files_that_exist(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    targets = [
        target.partition("#")[0]
        for target in re.findall(r"\]\(([^)\s]+)\)", text)
        if not re.match(r"https?:|#", target)
    ]
    assert [target for target in targets if target.endswith("terms.md")], "every notebook links the page of terms"
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("theme", scenario.THEMES)
def test_every_formula_can_be_shown_offline(theme):
    from nbmodel.report import html

    notebook = read(collection.notebooks_folder() / f"{scenario.THEMES[theme].notebook}.ipynb")
    assert 'class="tex"' not in html.page(notebook)
