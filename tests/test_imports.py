"""The rooms of the house: importing the package loads nothing heavy, and imports run one way, downwards."""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from nbmodel.collection import PACKAGE

HEAVY = {
    "matplotlib",
    "seaborn",
    "sympy",
    "pandas",
    "scipy",
    "numpy",
    "pint",
    "papermill",
    "nbformat",
    "nbconvert",
    "IPython",
    "yaml",
}
# From the ground up. A module may import from its own storey (without going round in circles) and from those below.
STOREYS = (
    {"data", "collection"},
    {"core"},
    {"figures"},
    {"drugs"},
    {"models"},
    {"synthesis", "reuptake", "lc_arousal", "sleep_wake", "attention", "disorders"},  # none imports another
    {"scenario"},
    {"evidence"},
    {"exercises", "schematics"},
    {"kernels"},
    {"report"},
    {"batch"},
    {"check"},
    {"course"},
    {"sandbox"},
    {"grading"},
    {"cli"},
    {"__main__"},
)
LABORATORY = {"kernels", "report", "batch", "check", "course", "grading", "sandbox", "cli", "__main__"}
STOREY = {room: storey for storey, rooms in enumerate(STOREYS) for room in rooms}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """Everything a module imports, wherever in it, as dotted names; `from nbmodel import x` counts as nbmodel.x."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full"
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names}
                if node.module == "nbmodel"
                else {str(node.module)}
            )
    return found


PATHS = sorted(PACKAGE.rglob("*.py"))
IMPORTS = {path: imports(path) for path in PATHS}


def rooms_below(path: Path) -> set[str]:
    """The other rooms of nbmodel that a module imports from."""
    named = {name.split(".")[1] for name in IMPORTS[path] if name.startswith("nbmodel.")}
    return {name for name in named if name in STOREY} - {room_of(path)}


def users(*packages: str) -> set[str]:
    """The rooms in which one of these packages is imported."""
    return {room_of(path) for path in PATHS if any(name.split(".")[0] in packages for name in IMPORTS[path])}


def test_every_module_has_its_storey() -> None:
    assert {room_of(path) for path in PATHS} - {"__init__"} == set(STOREY), "say in STOREYS where it belongs"


def test_imports_run_downwards_and_never_in_circles() -> None:
    upwards = [
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in PATHS
        if room_of(path) != "__init__"
        for other in rooms_below(path)
        if STOREY[other] >= STOREY[room_of(path)]
    ]
    assert upwards == []


def test_no_module_is_in_a_circle_inside_a_room_either() -> None:
    # Imports inside functions count too: a circle is no better for being run later.
    names = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PATHS
    }
    graph = {}
    for name, path in names.items():
        if name != "nbmodel":
            graph[name] = imported_modules(path, names) - {name, "nbmodel"}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def imported_modules(path: Path, names: Collection[str]) -> set[str]:
    """The modules of nbmodel that a module imports; of `from a import b` the module b, where it is one, else a."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            dotted = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in names else str(node.module) for name in dotted}
    return found & set(names)


def test_only_figures_draws_and_only_what_is_shown_to_a_reader_uses_it() -> None:
    # A warm parent closes the figures that a notebook left.
    assert users("matplotlib", "seaborn") <= {"figures", "schematics", "kernels"}
    # Importing a model or a theme loads no drawing: only modules of plots import the room of figures.
    drawing = [path for path in PATHS if "figures" in rooms_below(path) and room_of(path) != "schematics"]
    assert {path.stem for path in drawing if path.parent.name != "plots"} <= {"plots", "picture"}


def test_models_and_scenarios_know_nothing_of_notebooks_and_reports() -> None:
    notebook_machinery = users(
        "papermill", "nbformat", "nbclient", "nbconvert", "ipykernel", "IPython", "ipywidgets", "click"
    )
    assert notebook_machinery <= {"figures", "exercises", "data", *LABORATORY}


def test_the_laboratory_knows_no_biology() -> None:
    paths = [path for path in PATHS if room_of(path) in LABORATORY]
    assert set().union(*map(rooms_below, paths)) <= {
        *LABORATORY,
        "data",
        "collection",
        "scenario",
        "evidence",
        "exercises",
    }
    # Of the exercises only what asks for an answer and judges it: the questions themselves are the models'.
    judged = {
        alias.name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "nbmodel.exercises"
        for alias in node.names
    }
    assert judged == {"answers", "judge", "kinds"}


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("nbmodel", set()),
        ("nbmodel.data.parameters", set()),
        ("nbmodel.scenario", set()),
        ("nbmodel.core.network", {"numpy"}),
        ("nbmodel.exercises", set()),
        ("nbmodel.course", set()),
    ],
)
def test_a_fresh_import_loads_nothing_heavy(module: str, allowed: set[str]) -> None:
    code = f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert set(found.stdout.split()) & HEAVY <= allowed
