"""Files of scenarios are data: nothing in them runs, in the reader, the notebook, the page, the table or a file name."""

import ast
import csv
import io

import nbformat
import pytest
import tiny
import yaml
from papermill.parameterize import parameterize_notebook

from nbmodel import scenario
from nbmodel.batch import index, keeping, plan
from nbmodel.report import html, names, records, run, stamp
from nbmodel.scenario import ScenarioError, plain_yaml

CODE = "__import__('pathlib').Path({mark!r}).touch()"
NAMES = [
    "../../x",
    "..",
    ".",
    "",
    "/etc/passwd",
    "C:\\x",
    "a\nb",
    "a\r\nb",
    "a\tb",
    "a\0b",
    "x" * 300,
    "🧠",
    "é",
    "a b",
    "-rf",
    "--force",
    ".hidden",
    "index",
    "INDEX",
    "Terms",
    "x.results",
    "con",
    "NUL.txt",
    "lpt1",
    "a.",
    "a/b",
    "a\\b",
    "$(touch x)",
    "`touch x`",
    "a;b",
    "a|b",
    "a&b",
    "a'b",
    'a"b',
    "<script>",
    "{{7*7}}",
    "{x}",
    "%s",
    "a*",
    "~",
    "a.failed",
    "\u202eb",
]
VALUES = [
    CODE,
    f"eval({CODE!r})",
    "1; import os",
    "1 if True else 2",
    "9**9**9**9",
    "(1).__class__",
    "lambda: 1",
    "[1, 2]",
    "{}",
    "None",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "0x10",
    "1_000",
    "1,5",
    "٣",
    "",
    " ",
    "true",
    "0.5 nM",
    "0.5 m" + "m" * 10_000,
    "9" * 5000,
    "'; DROP TABLE x; --",
    "\\'",
    '"""',
    "'''",
    "1\n2",
    "1\nx = 2",
    "# 1",
    "%run x",
    "!touch x",
    "{{7*7}}",
    "${x}",
    "$(touch x)",
    "`touch x`",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "</script>",
    "javascript:1",
    "\u202e0.5",
    "\ud83e\udde0",
    "\x1b[2J",
    "../../x",
]
# A billion laughs: each alias doubles what stands before it, so the last is a list of a billion.
LAUGHS = "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 31))
DOCUMENTS = [
    "!!python/object/apply:os.system ['touch {mark}']",
    "- !!python/object/apply:os.system ['touch {mark}']",
    "- theme: !!python/name:os.system",
    "- {{theme: reuptake, parameters: {{net_occupancy: !!python/object/new:os.system [touch {mark}]}}}}",
    "- !!python/module:os",
    "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "- &a [*a]",
    "[" * 5000,
    "- {{theme: reuptake, theme: synthesis}}",
    "grid: {{theme: reuptake, parameters: {{net_occupancy: ["
    + "0.1, " * 600
    + "], basal_ne: ["
    + "5, " * 600
    + "]}}}}",
    "grid: {{theme: reuptake}}",
    "grid: 1",
    "1",
    "null",
    "",
    "- 1",
    "- [1]",
    "- {{theme: [1]}}",
    "- {{theme: reuptake, parameters: [1]}}",
    "- {{theme: reuptake, run: x}}",
    "- {{theme: reuptake, name: !!int 12}}",
    "- {{theme: reuptake, name: [x]}}",
    "- {{theme: reuptake, title: [x]}}",
    '- {{theme: reuptake, title: "a\\nb"}}',
    "- {{theme: reuptake, parameters: {{1: 2}}}}",
    "- {{theme: reuptake, parameters: {{net_occupancy: 2020-01-01}}}}",
    "- {{theme: reuptake, parameters: {{? [a, b] : 1}}}}",
    "\x00",
    "- *unknown",
    "%YAML 9.9\n---\n- x",
    "- {{theme: __class__}}",
    "- {{theme: ../reuptake}}",
    "- {{theme: reuptake, parameters: {{__class__: 1}}}}",
    '- {{theme: reuptake, parameters: {{"x = 1\\nimport os": 1}}}}',
    "- {{<<: {{theme: reuptake}}}}",
    "- &a {{theme: reuptake}}\n- {{<<: *a}}",
    LAUGHS + "- {{theme: disorders, parameters: {{condition: *a30}}}}",
    LAUGHS + "- {{theme: disorders, parameters: {{drug: *a30}}}}",
    LAUGHS + "- {{theme: reuptake, parameters: {{net_occupancy: *a30}}}}",
    LAUGHS + "grid: {{theme: *a30, parameters: {{net_occupancy: *a30}}}}",
    "- {{theme: disorders, parameters: {{condition: [[[adhd]]]}}}}",
    "- {{theme: disorders, parameters: {{drug: {{a: b}}}}}}",
    "- {{theme: disorders, parameters: {{doses_per_day: [one]}}}}",
    "- {{theme: disorders, parameters: {{condition: " + "x" * 100_000 + "}}}}",
    "- {{theme: " + "reuptak" * 20_000 + "}}",
    "- {{theme: reuptake, parameters: {{" + "net_occupanc" * 20_000 + ": 1}}}}",
    "- {{theme: reuptake, parameters: {{net_occupancy: '" + "0" * 100_000 + "7'}}}}",
    "- {{theme: reuptake, parameters: {{" + ", ".join(f"x{n}: 1" for n in range(20_000)) + ", x0: 1}}}}",
    "- {{theme: reuptake, parameters: {{net_occupancy: 1" + ":59" * 100_000 + "}}}}",
    "- {{theme: reuptake, parameters: {{net_occupancy: 0x" + "f" * 100_000 + "}}}}",
    "- {{theme: reuptake, parameters: !!set {{net_occupancy}}}}",
    "- {{theme: reuptake, parameters: {{net_occupancy: !!binary aGVsbG8=}}}}",
]
TITLES = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '" onload="alert(1)',
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "${7*7}",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "&lt;",
    "'\"`",
    "javascript:alert(1)",
    "<!--",
    "]]>",
    "$\\href{javascript:alert(1)}{x}$",
    "🧠 é",
    "%00",
]


def test_there_are_more_than_forty() -> None:
    assert len(NAMES) > 40 and len(VALUES) > 40 and len(DOCUMENTS) > 30


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_hostile_name_is_refused(tmp_path, name):
    assert names.refusal(name)
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump([{"theme": "reuptake", "name": name}], allow_unicode=True), encoding="utf-8")
    assert plan.load(path).cases == {}
    assert_fault(plan.load(path).faults)


def assert_fault(faults):
    assert faults
    for fault in faults:
        assert len(fault) < 700 and "\n" not in fault and "\x1b" not in fault


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:40])
def test_a_hostile_value_is_refused_and_runs_nothing(tmp_path, value):
    mark = tmp_path / "mark"
    value = value.replace("{mark!r}", repr(str(mark)))
    rows = io.StringIO()
    csv.writer(rows).writerows([["theme", "net_occupancy"], ["reuptake", value]])
    table, document = tmp_path / "cases.csv", tmp_path / "cases.yaml"
    table.write_bytes(rows.getvalue().encode("utf-8", "surrogatepass"))
    document.write_text(
        yaml.safe_dump([{"theme": "reuptake", "parameters": {"net_occupancy": value}}]), encoding="utf-8"
    )
    for path in (table, document):
        try:
            found = plan.load(path)
        except ScenarioError as error:
            assert_fault(error.problems)
            continue
        if value.strip() or path == document:
            assert found.cases == {}
            assert_fault(found.faults)
        else:  # an empty cell means the default
            assert next(iter(found.cases.values())).changed == {}
    assert not mark.exists()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda text: ascii(text)[:50])
def test_a_hostile_document_is_refused_and_runs_nothing(tmp_path, document):
    mark, path = tmp_path / "mark", tmp_path / "cases.yaml"
    path.write_text(
        document.format(mark=mark) if "{mark}" in document or "{{" in document else document, encoding="utf-8"
    )
    try:
        found = plan.load(path)
    except ScenarioError as error:
        assert_fault(error.problems)
    else:
        assert found.cases == {}
        assert_fault(found.faults)
    assert not mark.exists()


def test_a_document_that_would_take_minutes_to_read_is_refused_by_its_size(tmp_path):
    path = tmp_path / "cases.yaml"
    with path.open("wb") as file:
        file.truncate(plain_yaml.LARGEST + 1)
    for load in (plan.load, scenario.load):
        with pytest.raises(ScenarioError, match="larger than 15 MB; split it, or write it as CSV"):
            load(path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda text: ascii(text)[:50])
def test_a_file_of_one_scenario_is_read_no_more_trustingly(tmp_path, document):
    text = document.format(mark=tmp_path / "mark") if "{mark}" in document or "{{" in document else document
    path = tmp_path / "case.yaml"
    # As it stands, and with what its first entry holds as the whole file.
    for version in (text, "\n".join(line.removeprefix("- ").removeprefix("  ") for line in text.splitlines())):
        path.write_text(version, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            scenario.load(path)
        assert_fault(caught.value.problems)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "table",
    [
        "",
        "\n",
        "theme\n",
        "name\nx\n",
        "theme,theme\nreuptake,reuptake\n",
        "theme,x = 1\nreuptake,1\n",
        "theme,__class__\nreuptake,1\n",
        'theme\n"reuptake\n',
        "theme\nreuptake,1\n",
        "theme\0\nreuptake\n",
        "theme;name\nreuptake;../x\n",
        "theme\n" + "x" * 200_000,
        "theme,hours\nreuptake,1\n",
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_a_malformed_table_is_refused(tmp_path, table):
    path = tmp_path / "cases.csv"
    path.write_text(table)
    try:
        faults = plan.load(path).faults
    except ScenarioError as error:
        faults = error.problems
    assert_fault(faults)


def test_a_text_goes_into_a_notebook_as_text():
    lesson = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = ''", metadata={"tags": ["parameters"]})])
    lesson.metadata.kernelspec = {"name": "python3", "language": "python"}
    lesson.metadata.papermill = {}
    for value in [*VALUES, *NAMES, *TITLES]:
        cells = parameterize_notebook(lesson, {"x": value}, kernel_name="python3", language="python").cells
        (injected,) = (cell for cell in cells if "injected-parameters" in cell.metadata.tags)
        (statement,) = ast.parse(injected.source).body
        assert isinstance(statement, ast.Assign) and ast.literal_eval(statement.value) == value


@pytest.fixture(scope="module")
def titled(tmp_path_factory):
    """A folder with a report of every hostile title, one failed."""
    folder = tmp_path_factory.mktemp("titles")
    lesson = nbformat.v4.new_notebook()
    for number, title in enumerate(TITLES):
        case = scenario.make("reuptake", title=title)
        task = run.Task(f"t{number}", case)
        lesson.metadata["nbmodel"] = {
            **stamp.about(case, task.name),
            "stamp": {"version": title, "date": title, "python": title},
        }
        page = html.page(lesson).encode()
        keeping.keep(
            folder,
            task,
            run.Made({".html": page}, [{"name": title, "value": 1.0, "unit": title}], {"date": title}),
            None,
        )
    records.write(folder, records.Record("failed", title=TITLES[0], error=TITLES[1], heading=TITLES[4]))
    index.write_pages(folder)
    return folder


def test_a_title_is_text_in_every_page(titled):
    from bs4 import BeautifulSoup

    for path in titled.glob("*.html"):
        page = BeautifulSoup(path.read_text(), "html.parser")
        scripts = [script for script in page.find_all("script") if script.get("type") != "application/json"]
        assert len(scripts) == (path.name == "index.html")
        assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        assert not [link for link in page.find_all("a") if str(link.get("href", "")).startswith("javascript")]
    listing = BeautifulSoup((titled / "index.html").read_text(), "html.parser")
    shown = {link.contents[0] for link in listing.select("#rows > tr > th > a")}
    assert shown == set(TITLES)


def test_a_spreadsheet_takes_no_cell_for_a_formula(titled):
    with (titled / "results.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_what_a_scenario_holds_is_what_its_kernel_gets(tmp_path):
    values = dict(scenario.make("reuptake")) | {
        "basal_ne": '\'; x = 1 #\n"""',
        "burst_rate": "</script>{{7*7}}\\n",
    }
    notebooks = tiny.plain(tmp_path, "print(repr(basal_ne), repr(burst_rate))")
    done = run.execute(scenario.Scenario("reuptake", values), notebooks=notebooks)
    printed = "".join(o.text for cell in done.cells for o in cell.get("outputs", []))
    assert printed == f"{values['basal_ne']!r} {values['burst_rate']!r}\n"
