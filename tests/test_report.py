import base64
import csv
import io
import json

import nbformat
import pytest
import tiny

from nbmodel import reuptake, scenario
from nbmodel.batch import index
from nbmodel.report import html, names, run, sliders, store
from nbmodel.scenario import Limits

BLOCKED = scenario.make("reuptake", {"net_occupancy": 0.8})


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder {with braces} that holds one good report of the small notebook."""
    folder = tmp_path_factory.mktemp("a folder {x}")
    tiny.build(BLOCKED, "blocked", folder / "out", tiny.notebook(folder / "in"), links={"01_synthesis": "s.html"})
    return folder


def test_a_report_shows_what_was_changed_and_how_it_was_made(built):
    page = (built / "out" / "blocked.html").read_text()
    assert "Changed from the default" in page
    assert "<tr class=changed><td>net_occupancy</td><td>0.8 (default 0)</td>" in page
    assert "Teaching model, not for clinical use" in page
    stamp = json.loads((built / "out" / "blocked.ipynb").read_text())["metadata"]["nbmodel"]["stamp"]
    assert f"nbmodel {stamp['version']}" in page
    assert stamp["date"].startswith("20") and stamp["seconds"] > 0


def test_formulas_are_mathml_with_their_source_and_code_stays_code(built):
    page = (built / "out" / "blocked.html").read_text()
    assert page.count("<math") == 3  # two in the text, one from figures.equation
    assert r'<annotation encoding="application/x-tex">\frac{dx}{dt} = -k x</annotation>' in page
    assert "<code>$V$</code>" in page
    assert "$$not a formula$$" in page


def test_figures_keep_their_description_and_sliders_need_no_kernel(built):
    page = (built / "out" / "blocked.html").read_text()
    assert 'width="900" alt="A line from 0 to 0.8 &lt;b&gt;."' in page
    assert page.count("<script") == 2 and f"<script>{sliders.SCRIPT}</script>" in page  # the other one is data
    assert f"script-src 'sha256-{html.script_hash(sliders.SCRIPT)}'" in page
    assert "80 % of NET blocked, feedback on terminals and the LC: NE" in page
    assert "widget-view" not in page
    assert "Slider demo" not in page


def test_links_lead_to_what_is_in_the_folder(built):
    page = (built / "out" / "blocked.html").read_text()
    assert '<a href="terms.html#units">terms</a>' in page
    assert '<a href="s.html">synthesis</a>' in page
    assert "disorders." in page and ">disorders</a>" not in page
    assert '<a href="#The-figure">The figure</a>' in page


def test_the_results_table_is_what_the_theme_computes(built):
    with (built / "out" / "blocked.results.csv").open() as file:
        rows = list(csv.DictReader(file))
    expected = reuptake.results(BLOCKED)
    assert [row["name"] for row in rows] == list(expected["name"])
    assert [float(row["value"]) for row in rows] == list(expected["value"])


@pytest.mark.long
def test_a_failing_cell_keeps_the_partial_notebook_and_the_earlier_report(built):
    out = built / "out"
    earlier = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    broken = tiny.notebook(built / "broken", "raise RuntimeError('x < 1\\nand a second line')", "never = 'reached'")
    outcome = tiny.build(BLOCKED, "blocked", out, broken)
    assert outcome.message.endswith("in the section 'The end': RuntimeError: x < 1")
    failed = out / "blocked.failed.ipynb"
    assert {path: path.read_bytes() for path in earlier} == earlier
    assert {path for path in out.iterdir() if path.is_file()} == {*earlier, failed}
    last = nbformat.read(failed, as_version=4).cells[-1]
    assert last.execution_count is None and not last.outputs

    listing = index.write_pages(out).read_text()
    assert "Failed (1)" in listing
    assert "RuntimeError: x &lt; 1" in listing and "earlier report" in listing

    # Two runs, the same notebook but for what `normalised` takes out; and success takes the failed one away.
    first = nbformat.read(out / "blocked.ipynb", as_version=4)
    tiny.build(BLOCKED, "blocked", out, built / "in")
    assert not failed.exists()
    second = nbformat.read(out / "blocked.ipynb", as_version=4)
    assert nbformat.writes(first) != nbformat.writes(second)
    first, second = store.normalised(first), store.normalised(second)
    assert nbformat.writes(first) == nbformat.writes(second)
    assert "papermill" not in nbformat.writes(first) and "widgets" not in first.metadata
    assert "injected-parameters" in {cell.id for cell in first.cells}


def test_a_dead_kernel_is_a_failure_with_what_is_left(tmp_path):
    notebooks = tiny.notebook(tmp_path / "in", "import os\nos._exit(1)")
    assert "'The end': DeadKernelError" in tiny.build(BLOCKED, "dead", tmp_path / "out", notebooks).message
    assert visible(tmp_path / "out") == ["dead.failed.ipynb"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "a\nb",
        "a b",
        "é",
        "🧠",
        "-o",
        ".hidden",
        "x" * 81,
        "index",
        "Terms",
        "con",
        "nul.txt",
        "a.",
        "a.failed",
        "a\0b",
    ],
)
def test_hostile_names_are_refused_with_a_reason(name):
    assert names.refusal(name)
    assert len(names.refusal(name)) < 250 and "\n" not in names.refusal(name)


def test_names_are_made_from_what_was_changed_and_never_shared():
    assert names.of(scenario.make("reuptake")) == "reuptake"
    assert names.of(BLOCKED) == "reuptake_net_occupancy-0.8"
    everything = {p.name: p.low + (p.high - p.low) / 3 for p in scenario.THEMES["synthesis"].parameters.values()}
    long = names.of(scenario.make("synthesis", everything))
    other = names.of(scenario.make("synthesis", everything | {"hours": 2.0}))
    assert not names.refusal(long) and not names.refusal(other)
    assert long != other


@pytest.mark.parametrize("latex", [r"\frac{", r"\nosuchcommand x", "a & b"])
def test_a_formula_that_cannot_be_converted_is_shown_as_its_source(latex):
    assert html.mathml(latex, block=True).startswith('<code class="tex">')


def test_what_a_notebook_says_of_itself_is_escaped():
    hostile = "</title><script>alert(1)</script>"
    about = {
        "title": hostile,
        "name": hostile,
        "changed": [{"name": hostile, "value": hostile, "default": "", "unit": ""}],
    }
    notebook = nbformat.v4.new_notebook(metadata={"nbmodel": about})
    notebook.cells = [nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text=hostile)])]
    page = html.page(notebook)
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_a_damaged_report_is_named_in_the_index(tmp_path):
    (tmp_path / "half.ipynb").write_text('{"cells": [')
    (tmp_path / "other.ipynb").write_text('{"cells": [], "metadata": {}}')
    page = index.write_pages(tmp_path).read_text()
    assert "Failed (2)" in page
    assert page.count("not a whole report") == 2


def test_in_a_report_the_background_of_a_case_is_folded_and_in_a_plain_page_it_is_not():
    cells = [
        nbformat.v4.new_markdown_cell("# A case"),
        nbformat.v4.new_markdown_cell("First, the case."),
        nbformat.v4.new_markdown_cell("## Section", metadata={"tags": ["background"]}),
        nbformat.v4.new_code_cell("1 + 1", metadata={"tags": ["background"]}),
        nbformat.v4.new_markdown_cell("Last words."),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    fold = '<details class="background">'
    assert fold not in html.page(notebook)
    notebook.metadata["nbmodel"] = {"title": "A case", "name": "case", "changed": []}
    page = html.page(notebook)
    assert page.count(fold) == 1
    assert page.index("First, the case.") < page.index(fold) < page.index("Section</h2>")
    assert page.index("</details>\n", page.index("1 + 1") if "1 + 1" in page else 0) < page.index("Last words.")


def test_a_case_is_headed_with_its_own_title_and_what_goes_deeper_stays_folded():
    cells = [
        nbformat.v4.new_markdown_cell("# What does a lesson ask?\n\nFirst words."),
        nbformat.v4.new_markdown_cell("## Section", metadata={"tags": ["background"]}),
        nbformat.v4.new_code_cell("# What is not known\n1 + 1", metadata={"tags": ["deeper"]}),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    about = {"title": "ADHD on 40 mg/day <of it>", "name": "case", "changed": []}
    assert "What does a lesson ask?</h1>" in html.page(notebook)
    notebook.metadata["nbmodel"] = about
    page = html.page(notebook)
    assert "<h1>ADHD on 40\u00a0mg/day &lt;of it&gt;</h1>" in page and "What does a lesson ask?" not in page
    assert page.index("</h1>") < page.index("First words.")
    assert '<details class="deeper"><summary>Going deeper: What is not known' in page
    # A lesson that folds nothing keeps its question.
    del notebook.cells[1]
    assert "What does a lesson ask?</h1>" in html.page(notebook)


@pytest.mark.alone
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("reuptake.results = lambda case: 1 / 0", "ZeroDivisionError"),
        ("import time; reuptake.results = lambda case: time.sleep(60)", "2 seconds"),
    ],
)
def test_results_that_cannot_be_computed_fail_the_report_within_its_limits(tmp_path, code, said):
    folder = tiny.plain(tmp_path, f"from nbmodel import reuptake\n{code}")
    with pytest.raises(run.ReportFailed, match=f"the results cannot be computed: .*{said}") as caught:
        run.make(run.Task("x", BLOCKED, notebooks=folder, limits=Limits(seconds=2)))
    assert [cell.source for cell in caught.value.notebook.cells if "tell" in cell.source] == []


@pytest.mark.parametrize(("tagged", "height"), [(None, 100), (1, 200)])
def test_the_small_picture_is_the_figure_that_the_notebook_chose_or_the_first(tagged, height):
    from PIL import Image

    cells = []
    for tall in (100, 200):
        drawn = io.BytesIO()
        Image.new("RGB", (200, tall)).save(drawn, "PNG")
        data = {"image/png": base64.b64encode(drawn.getvalue()).decode()}
        cells.append(nbformat.v4.new_code_cell("", outputs=[nbformat.v4.new_output("display_data", data)]))
    if tagged is not None:
        cells[tagged].metadata["tags"] = ["picture"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Two figures"), *cells])
    with Image.open(io.BytesIO(run.picture(notebook))) as small:
        assert small.size == (200, height)
