"""Submissions are shut in wherever the package is: in a wheel, an editable installation, a checkout; for root and a user.

Hostile ones are tried as a user, too, where the tests run as root.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from classroom import caged, tiny

ROOT = Path(__file__).parents[1]
NOBODY = 65534
PIP = ["-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--no-deps", "--no-build-isolation"]


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def checkout(open_folder: Path) -> Path:
    """A copy of the checkout."""
    passing = shutil.ignore_patterns(".*", "__pycache__", "build", "built", "dist", "*.ipynb_checkpoints")
    return shutil.copytree(ROOT, open_folder / "checkout", ignore=passing)


@pytest.fixture(scope="module")
def python(open_folder: Path) -> Path:
    """Python of a virtual environment that has all libraries and not the package."""
    base = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    if not all(folder.stat().st_mode & 0o001 for folder in base.parents):  # below a folder that is its owner's alone
        base = (
            shutil.copytree(sys.base_prefix, open_folder / "base", symlinks=True, copy_function=link)
            / "bin"
            / base.name
        )
    subprocess.run([base, "-m", "venv", "--without-pip", open_folder / "venv"], check=True)
    (site,) = (open_folder / "venv").glob("lib/python3*/site-packages")
    ours = shutil.ignore_patterns("*nbmodel*", "a1_coverage.pth")
    (libraries,) = Path(sys.prefix).glob("lib/python3*/site-packages")
    shutil.copytree(libraries, site, symlinks=True, copy_function=link, ignore=ours, dirs_exist_ok=True)
    pages = Path("share", "jupyter", "nbconvert")
    shutil.copytree(sys.prefix / pages, open_folder / "venv" / pages, copy_function=link)
    return open_folder / "venv" / "bin" / "python"


def link(source: str, target: str) -> None:
    """Copy without taking room, where both are on one disk."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def run(command: Sequence[str | Path], folder: Path, path: str, user: int | None = None) -> None:
    rest = {"user": user, "group": user, "extra_groups": []} if user else {}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, **rest)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@caged
@pytest.mark.parametrize("kind", ["wheel", "editable", "checkout"])
def test_submissions_are_shut_in_wherever_the_package_is(
    kind: str, open_folder: Path, checkout: Path, python: Path
) -> None:
    (site,) = python.parents[1].glob("lib/python3*/site-packages")
    if kind == "wheel":
        run([sys.executable, *PIP, "--wheel-dir", open_folder, checkout], open_folder, "")
        shutil.unpack_archive(next(open_folder.glob("nbmodel-*.whl")), site, "zip")
    elif kind == "editable":
        (site / "_nbmodel.pth").write_text(f"{checkout}\n")
    path = str(checkout) if kind == "checkout" else ""
    try:
        for user in (None, NOBODY) if os.geteuid() == 0 else (None,):
            folder = open_folder / f"course-{kind}-{user}"
            folder.mkdir()
            shutil.chown(folder, user or os.geteuid())
            tiny(folder / "source")
            nbmodel = [python, "-P", "-m", "nbmodel"]
            run([*nbmodel, "assign", "tiny", "--student", "ada", "-o", "in", "--source", "source"], folder, path, user)
            run([*nbmodel, "grade", "in", "--source", "source"], folder, path, user)
            (row,) = csv.DictReader((folder / "grades.csv").read_text().splitlines())
            assert row["status"] == "blank"
    finally:
        for left in site.glob("*nbmodel*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; as a user, run these tests themselves"
)
@caged
def test_walls_hold_and_a_hostile_class_is_marked_the_same_for_a_normal_user(
    open_folder: Path, checkout: Path, python: Path
) -> None:
    folder = open_folder / "user"
    folder.mkdir()
    shutil.chown(folder, NOBODY)
    grading, walls = checkout / "tests" / "test_course_grading.py", checkout / "tests" / "test_course_walls.py"
    tests = ("test_how_a_submission_can_end", "test_a_class_of_all_kinds_is_marked_in_one_run")
    pytest_ = [python, "-P", "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={checkout}", "--basetemp=tmp"]
    run([*pytest_, walls, *(f"{grading}::{test}" for test in tests)], folder, str(checkout), NOBODY)
