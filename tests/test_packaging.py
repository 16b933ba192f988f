"""Locks, conda environment, set-up of .venv and the built package agree with pyproject.toml and with one another."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import nbmodel
from nbmodel.scenario import THEMES

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Where conda-forge calls a package otherwise; its plain `matplotlib` adds the Qt toolkit.
CONDA_NAMES = {"matplotlib": "matplotlib-base", "jupyter-client": "jupyter_client"}


def bounds(text: str) -> set[str]:
    return {str(clause) for clause in SpecifierSet(text)}


def test_environment_yml_lists_the_dependencies_of_pyproject() -> None:
    wanted = {"python": bounds(PROJECT["requires-python"]), "pip": set()}
    for requirement in map(Requirement, PROJECT["dependencies"]):
        wanted[CONDA_NAMES.get(requirement.name, requirement.name)] = bounds(str(requirement.specifier))

    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    by_pip = [entry for entry in listed if isinstance(entry, dict)]
    specs = [rattler.MatchSpec(entry, strict=True) for entry in listed if isinstance(entry, str)]

    assert by_pip == [{"pip": ["-e ."]}]
    assert {spec.name.normalized: bounds(spec.version or "") for spec in specs} == wanted


def imported(source: str) -> set[str]:
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = [getattr(node, "module", None) or node.names[0].name for node in found]
    return {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names)


def test_what_is_imported_is_declared() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "nbmodel").rglob("*.py")]
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    modules = set().union(*map(imported, sources)) - {"nbmodel"}
    lines = PROJECT["dependencies"] + [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    packages = metadata.packages_distributions()
    assert [m for m in sorted(modules) if not {canonicalize_name(p) for p in packages.get(m, [])} & declared] == []


def read_lock(name: str) -> dict[str, set[str]]:
    """Pinned versions by package; more than one where the version depends on the Python or the platform."""
    pins: dict[str, set[str]] = {}
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            pin, *hashes = line.split(" --hash=")
            requirement = Requirement(pin.strip())
            assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{name}: not an exact pin: {pin}"
            assert hashes, f"{name}: no hash: {pin}"
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", value) for value in hashes), f"{name}: bad hash: {pin}"
            pins.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return pins


def test_test_lock_is_a_superset_of_the_core_lock_with_the_same_pins() -> None:
    core, test = read_lock("requirements.lock"), read_lock("requirements-test.lock")
    assert core.items() <= test.items()
    assert len(test) > len(core)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [("requirements.lock", ["build"]), ("requirements-test.lock", ["build", "dask", "sbml", "test"])],
)
def test_lock_is_up_to_date_with_pyproject(lock: str, extras: list[str]) -> None:
    pins = read_lock(lock)
    direct = PROJECT["dependencies"] + [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    for requirement in map(Requirement, direct):
        if requirement.name != PROJECT["name"]:
            versions = pins.get(canonicalize_name(requirement.name), set())
            assert versions, f"{requirement} is not in {lock}: run make lock"
            assert all(requirement.specifier.contains(version[2:]) for version in versions), (
                f"{requirement} is not met by {versions} of {lock}: run make lock"
            )


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"^.*(?://|@|--(?!hash=)[a-z-]+).*$", text, flags=re.MULTILINE)


def test_citation_names_this_version_and_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["license"]) == (nbmodel.__version__, PROJECT["license"])


# An old Python is refused


def assert_refused(done: subprocess.CompletedProcess[str], found: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert "Python 3.11 or newer" in sentence
    assert f"Python {found} " in sentence
    assert "make PYTHON=python3.12 reports" in sentence


def test_older_python_is_refused_in_one_sentence() -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 8, 10); sys.argv = ['bootstrap.py', 'core']; "
    pretend += "runpy.run_path('bootstrap.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert_refused(done, "3.8")


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.10"])
def test_older_python_here_is_refused_in_one_sentence(version: str) -> None:
    python = shutil.which(f"python{version}")
    # A version manager may have a command of that name which only says that it is switched off.
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"no Python {version} here")
    assert_refused(subprocess.run([python, "bootstrap.py"], cwd=ROOT, capture_output=True, text=True), version)


# States of .venv, with a project and locks that install in no time

EMPTY_PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "nbmodel"
version = "0"
"""
EMPTY_PROJECT_BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(folder + "/nbmodel-0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("nbmodel-0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: nbmodel\\nVersion: 0\\n")
        wheel.writestr("nbmodel-0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("nbmodel-0.dist-info/RECORD", "")
    return "nbmodel-0-py3-none-any.whl"
"""


class Checkout:
    """A folder with bootstrap.py, empty locks and an empty project; `kept` tells a reused .venv from a new one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        shutil.copy(ROOT / "bootstrap.py", folder)
        (folder / "pyproject.toml").write_text(EMPTY_PROJECT, encoding="utf-8")
        (folder / "backend.py").write_text(EMPTY_PROJECT_BACKEND, encoding="utf-8")
        for lock in ("requirements.lock", "requirements-test.lock"):
            (folder / lock).touch()

    def bootstrap(self, which: str = "core", **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "bootstrap.py", which]
        # Empty locks ask for nothing, so no index is needed.
        environment = os.environ | {"PIP_NO_INDEX": "1"} | environment
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, env=environment)
        if done.returncode == 0:
            assert self.stamp.is_file()
        return done

    @property
    def stamp(self) -> Path:
        return self.folder / ".venv" / "nbmodel-setup.json"

    def mark(self) -> None:
        (self.folder / ".venv" / "mark").touch()

    @property
    def kept(self) -> bool:
        return (self.folder / ".venv" / "mark").exists()

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.mark.long
def test_set_up_does_only_what_changed(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "a path with spaces")
    first = checkout.bootstrap()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "[1/3] Making .venv" in first.stdout
    checkout.mark()

    assert checkout.bootstrap().stdout == "", "fresh, but it did something"

    with (checkout.folder / "requirements.lock").open("a") as lock:
        lock.write("# a new pin\n")
    assert "Installing what requirements.lock pins" in checkout.bootstrap().stdout
    assert checkout.kept

    assert "Installing what requirements-test.lock pins" in checkout.bootstrap("test").stdout
    assert checkout.bootstrap("core").stdout == "", "a test set-up serves core"
    assert checkout.kept

    with (checkout.folder / "pyproject.toml").open("a") as project:
        project.write("# a new command\n")
    assert "Dependencies are as pinned" in checkout.bootstrap("core").stdout
    assert checkout.kept
    assert json.loads(checkout.stamp.read_text())["which"] == "test"


@pytest.mark.long
def test_set_up_starts_anew_where_the_old_one_cannot_be_trusted(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    checkout.bootstrap()

    checkout.mark()
    checkout.stamp.unlink()
    checkout.bootstrap()
    assert not checkout.kept, "interrupted"

    checkout.mark()
    checkout.python.unlink()
    checkout.bootstrap()
    assert not checkout.kept, "its Python is gone"

    checkout.mark()
    recorded = json.loads(checkout.stamp.read_text())
    checkout.stamp.write_text(json.dumps(recorded | {"python": "3.99"}))
    checkout.bootstrap()
    assert not checkout.kept, "made with another Python"

    checkout.mark()
    checkout.folder = checkout.folder.rename(tmp_path / "moved")
    checkout.bootstrap()
    assert not checkout.kept, "moved"
    scripts = checkout.python.parent
    assert str(tmp_path / "checkout").encode() not in b"".join(path.read_bytes() for path in scripts.glob("pip*"))


@pytest.mark.long
def test_failed_installation_leaves_no_stamp_and_says_what_to_do(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    with (checkout.folder / "requirements.lock").open("a") as lock:
        lock.write(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
    done = checkout.bootstrap()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("pip failed")
    assert not checkout.stamp.exists()


def test_python_without_venv_is_refused_in_one_sentence(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    (tmp_path / "ensurepip.py").write_text("raise ImportError")  # as on Debian without python3-venv
    done = checkout.bootstrap(PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert "sudo apt install python3." in sentence


# The package as others install it


def run_python(*arguments: object, cwd: Path, path: Path | None = None) -> str:
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.long
def test_wheel_carries_the_notebooks_and_works_outside_the_checkout(tmp_path: Path) -> None:
    # Source archive first, wheel from it: the road of a release, and a test of both.
    run_python("-m", "hatchling", "build", "--target", "sdist", "--directory", tmp_path, cwd=ROOT)
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        sources = archive.getnames()
    assert not [name for name in sources if "/.venv/" in name or "/reports/built/" in name]

    build = ["-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--no-deps", "--no-build-isolation"]
    run_python(*build, "--wheel-dir", tmp_path, sdist, cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    rooms = {"nbmodel": "nbmodel"} | {name: f"nbmodel/_collection/{name}" for name in ("notebooks", "assignments")}
    rooms |= {f"reports/{name}": f"nbmodel/_collection/{name}" for name in ("scenarios", "reference")}
    for room, packed_room in rooms.items():
        for path in (ROOT / room).rglob("[!.]*"):
            rest = path.relative_to(ROOT / room)
            passing = any(part == "__pycache__" or part.startswith(".") for part in rest.parts) or path.name[-1] == "~"
            assert path.is_dir() or passing or f"{packed_room}/{rest.as_posix()}" in packed, path

    target = tmp_path / "installed"
    install = ["-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--no-deps", "--target", target]
    run_python(*install, wheel, cwd=tmp_path)
    where = "import nbmodel.collection as c; print(c.__file__, *c.notebooks_folder().glob('0*.ipynb'), sep='\\n')"
    found = run_python("-c", where, cwd=tmp_path, path=target).splitlines()
    assert len(found) == 1 + len(THEMES)
    assert all(Path(line).is_relative_to(target) for line in found)
    assert run_python("-m", "nbmodel", "--version", cwd=tmp_path, path=target).split()[-1] == nbmodel.__version__
    assert "net_occupancy" in run_python("-m", "nbmodel", "params", "reuptake", cwd=tmp_path, path=target)
    assert list((target / "bin").glob("nbmodel*")) or list((target / "Scripts").glob("nbmodel*"))
