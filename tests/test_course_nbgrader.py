"""A course that runs nbgrader can use our assignments: it gives the same marks as `nbmodel grade`.

nbgrader lives in an environment of its own, `build/nbgrader-venv`; the notebooks' kernel is the Python of the tests.
"""

import csv
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nbmodel.cli import main
from nbmodel.course import answer_key, editions, source

NBGRADER = "nbgrader==0.9.6"
VENV = Path(__file__).parents[1] / "build" / "nbgrader-venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
SCORES = """
import json, sys
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({
        submission.student.id: {
            grade.cell.name: grade.auto_score for grade in submission.notebooks[0].grades if not grade.needs_manual_grade
        }
        for submission in book.assignment_submissions(sys.argv[1])
    }))
"""
Run = Callable[..., str]


def install() -> None:
    """Make the environment, unless it is there and works. Raises CalledProcessError when it cannot be made."""
    try:
        found = subprocess.run([BIN / "nbgrader", "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = ""
    if NBGRADER.partition("==")[2] not in found.split():
        venv.create(VENV, clear=True, with_pip=True)
        pip = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NBGRADER]
        subprocess.run(pip, check=True, capture_output=True, text=True)


@pytest.fixture
def nbgrader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command of nbgrader's environment in an empty course, with nothing of the user's."""
    try:
        install()
    except subprocess.CalledProcessError as error:
        why = f"{NBGRADER} cannot be installed: {(error.stderr or str(error)).strip().splitlines()[-1]}"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    monkeypatch.chdir(tmp_path)
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": start, "display_name": "Python 3", "language": "python"}))
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(tmp_path / name) for name in places} | {"JUPYTER_PATH": str(tmp_path / "jupyter")}
    own["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by its name
    (tmp_path / "nbgrader_config.py").touch()

    def run(command: str, *arguments: str) -> str:
        done = subprocess.run([BIN / command, *arguments], env=os.environ | own, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def work(release: dict[str, Any], solution: dict[str, Any], asked: dict[str, Any], kind: str) -> dict[str, Any]:
    """What a student hands in: the released notebook with right, half right or wrong answers in its cells."""
    book = json.loads(json.dumps(release))
    answers = {source.name_of(cell): source.body(cell) for cell in solution["cells"] if source.role(cell) == "work"}
    for cell in book["cells"]:
        if kind == "blank" or source.role(cell) != "work":
            continue
        question = asked[source.name_of(cell)]
        name, code = question.variable, answers[question.name]
        if kind != "good" and question.kind == "number":
            code += f"\n{name} *= {'1000' if kind == 'partial' else '-1.37'}"
        elif kind != "good":
            factor = "-1" if kind == "partial" else "-1.37"
            code += f"\nright_{name} = {name}\n{name} = lambda *given: {factor} * np.asarray(right_{name}(*given), dtype=float)"
        cell["source"] = code
    return dict(book)


@pytest.mark.long
@pytest.mark.parametrize("theme", sorted(source.themes()))
def test_nbgrader_gives_the_marks_that_nbmodel_gives(theme: str, nbgrader: Run, tmp_path: Path) -> None:
    def nbmodel(*arguments: str) -> None:
        done = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        assert done.exit_code == 0, done.output

    for edition in ("grader", "solution"):
        nbmodel("assign", theme, "--student", "class", "--edition", edition, "-o", edition)
    place = Path(theme, f"{theme}.ipynb")
    (tmp_path / "source" / theme).mkdir(parents=True)
    Path("grader", f"{theme}_class_grader.ipynb").rename(tmp_path / "source" / place)
    nbgrader("nbgrader", "generate_assignment", theme, "--create")

    released = Path("release", place).read_text("utf-8")
    assert "key." not in released and "HIDDEN" not in released and source.NOTE not in released

    release = json.loads(released)
    solution = json.loads(Path("solution", f"{theme}_class_solution.ipynb").read_text("utf-8"))
    chosen = source.find(theme)
    numbers = editions.draw(chosen, "class", Path("course.key").read_text().strip().encode())
    asked = {one.name: one for one in answer_key.questions(chosen, numbers, "") if not one.by_hand}
    shares = {"good": 1.0, "partial": 0.5, "wrong": 0.0, "blank": 0.0}
    for kind in shares:
        submitted = tmp_path / "submitted" / kind / place
        submitted.parent.mkdir(parents=True)
        submitted.write_text(editions.text_of(work(release, solution, asked, kind)), "utf-8")
    nbgrader("nbgrader", "autograde", theme)
    theirs = json.loads(nbgrader("python", "-c", SCORES, theme))
    nbmodel("grade", "submitted", "--unprotected")  # they are our own
    with Path("grades.csv").open(newline="") as file:
        ours = {Path(row["file"]).parts[1]: row for row in csv.DictReader(file)}

    stated = {kind: {name: share * one.points for name, one in asked.items()} for kind, share in shares.items()}
    assert {kind: {name: float(row[name]) for name in asked} for kind, row in ours.items()} == stated
    assert {
        kind: {grade.replace("-", "."): points for grade, points in grades.items() if grade.replace("-", ".") in asked}
        for kind, grades in theirs.items()
    } == stated
