"""What comes out does not depend on the set-up of whoever asks: each command under a hostile one, held against a plain one."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import classroom
import nbformat
import pytest
from classroom import caged

from nbmodel.kernels import environment
from nbmodel.report import stamp, store

STOP = "raise SystemExit('a file of the user was run')\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def hostile(folder: Path) -> dict[str, str]:
    """Every variable and folder that Jupyter, IPython, matplotlib, pytest, Python, git and the locale read."""
    home, here = folder / "home", folder / "here"
    for ipython in (home / ".ipython", folder / "ipython"):
        profile = ipython / "profile_default"
        write(profile / "ipython_config.py", "c.InteractiveShell.ast_node_interactivity = 'all'\n")
        write(profile / "ipython_kernel_config.py", "c.InteractiveShellApp.exec_lines = ['print(1)']\n")
        write(profile / "startup" / "00.py", "print('started up')\n")
    foreign = json.dumps({"argv": ["/bin/false"], "display_name": "foreign", "language": "python"})
    for jupyter in (home / ".local/share/jupyter", folder / "data", folder / "path"):
        write(jupyter / "kernels/python3/kernel.json", foreign)
        write(jupyter / "nbconvert/templates/base/display_priority.j2", "{{ 1 / 0 }}")
    for config in (home / ".jupyter", folder / "config"):
        write(config / "jupyter_config.py", STOP)
        write(config / "jupyter_nbconvert_config.py", STOP)
    drawing = "lines.linewidth: 40\nfigure.dpi: 30\nbackend: no_such\nfont.size: 30\ntext.usetex: True\n"
    for place in (home / ".config/matplotlib", folder / "mpl", here):
        write(place / "matplotlibrc", drawing)
    for name in ("random", "json", "numpy", "pandas", "nbformat", "ipykernel", "conftest", "sitecustomize", "nbmodel"):
        write(here / f"{name}.py", STOP)
    write(folder / "pytest.ini", "[pytest]\nminversion = 99\n")
    write(home / ".gitconfig", "[status]\n\tshowUntrackedFiles = no\n")
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PATH": str(folder / "path"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "no such" / "folder"),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "no_such",
        "MPLBACKEND": "svg",
        "MATPLOTLIBRC": str(folder / "mpl"),
        "PYTHONSTARTUP": str(write(folder / "startup.py", "print('started up')\n")),
        "PYTHONHASHSEED": "7",
        "PYTHONIOENCODING": "ascii",
        "PYTHONBREAKPOINT": "no.such",
        "PYTEST_ADDOPTS": "--nbval-lax --no-such-option",
        "PYTEST_PLUGINS": "no_such_plugin",
        "PYDEVD_DISABLE_FILE_VALIDATION": "0",
        "NBMODEL_WARM_KERNELS": str(folder / "no such socket"),
        "NBMODEL_KERNEL_GIGABYTES": "0.001",
        "NBMODEL_KERNEL_NOTEBOOK": str(folder / "no such notebook"),
        "OPENBLAS_NUM_THREADS": "7",
        "GIT_DIR": str(folder / "no such repository"),
        "GIT_WORK_TREE": str(folder),
        "GIT_INDEX_FILE": str(folder / "index"),
        "LC_ALL": "C",
        "LANG": "tr_TR.ISO-8859-9",
        "TZ": "Asia/Kathmandu",
        "FORCE_COLOR": "1",
    }


def nbmodel(folder: Path, *arguments: object, under: dict[str, str]) -> str:
    """Output of a command that ends well, run in the subfolder `here`."""
    (folder / "here").mkdir(exist_ok=True)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "MPL"))}
    # -P as the installed command has it, which does not look for modules in the current folder.
    command = [sys.executable, "-P", "-m", "nbmodel", *map(str, arguments)]
    done = subprocess.run(
        command, env=plain | under, cwd=folder / "here", capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "started up" not in done.stdout
    return done.stdout


def outputs(path: Path) -> list[object]:
    return [cell.get("outputs") for cell in store.normalised(nbformat.read(path, as_version=4)).cells]


def page(path: Path) -> str:
    """A page without what every run has of its own."""
    return re.sub(r"ran for [\d.]+ s|<time.*?</time>", "", path.read_text(encoding="utf-8"))


@pytest.mark.long
def test_a_report_and_a_batch_are_the_same_whatever_the_users_set_up_says(tmp_path):
    made = []
    for name, under in (("plain", {}), ("hostile", hostile(tmp_path / "hostile"))):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        nbmodel(folder, "report", "reuptake", "-p", "net_occupancy=0.8", "-o", folder / "one", under=under)
        write(folder / "cases.csv", "theme,name,net_occupancy\nreuptake,a,0.8\nreuptake,b,0.2\n")
        for kind in ([], ["--results-only"]):
            nbmodel(folder, "batch", folder / "cases.csv", "-o", folder / f"many{len(kind)}", *kind, under=under)
        files = [folder / "one" / "reuptake_net_occupancy-0.8", *(folder / "many0" / one for one in "ab")]
        made.append(
            [
                [(outputs(Path(f"{file}.ipynb")), page(Path(f"{file}.html"))) for file in files],
                [(folder / place / "results.csv").read_text() for place in ("one", "many0", "many1")],
            ]
        )
        assert all("started up" not in str(one) for one in made[-1])
    assert made[0] == made[1]


@pytest.mark.long
def test_stored_notebooks_and_ledgers_are_as_before_whatever_the_users_set_up_says(tmp_path):
    under = hostile(tmp_path)
    assert "every output is as stored" in nbmodel(tmp_path, "check", "01_synthesis", "synthesis_no_dbh", under=under)
    (tmp_path / "plain").mkdir()
    ledgers = [
        json.loads(nbmodel(folder, "claims", "--json", under=names))
        for folder, names in ((tmp_path / "plain", {}), (tmp_path, under))
    ]
    assert ledgers[0] == ledgers[1]


@pytest.mark.long
@caged
def test_a_class_is_graded_whatever_the_graders_set_up_says(tmp_path):
    under = hostile(tmp_path)
    source = ["--source", classroom.tiny(tmp_path / "source"), "--key", tmp_path / "course.key"]
    handed_in = tmp_path / "handed in"
    nbmodel(
        tmp_path, "assign", "tiny", "--student", "ada", "--edition", "solution", "-o", handed_in, *source, under=under
    )
    nbmodel(tmp_path, "grade", handed_in, "-o", tmp_path / "grades.csv", *source, under=under)
    with (tmp_path / "grades.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], float(row["score"]), float(row["max"])) == ("ada", 2, 2)


def test_as_a_module_too_it_takes_no_file_of_the_current_folder_for_a_library(tmp_path):
    for name in ("random", "json", "yaml", "textwrap"):
        write(tmp_path / f"{name}.py", STOP)
    command = [sys.executable, "-m", "nbmodel", "params", "reuptake", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and '"net_occupancy"' in done.stdout, done.stderr


def test_settings_are_left_out_and_places_are_kept(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    given = {"PYTHONSTARTUP": "x", "MPLBACKEND": "svg", "JUPYTER_PATH": "x", "HOME": "/home/ada", "NBMODEL_X": "1"}
    own = environment.own(
        "/own", given | {"PYTHONPATH": f"modules{os.pathsep}{os.pathsep}/other", "MPLCONFIGDIR": "/fonts"}
    )
    assert own["PYTHONPATH"] == f"{tmp_path / 'modules'}{os.pathsep}/other"
    assert (own["HOME"], own["MPLCONFIGDIR"], own["IPYTHONDIR"]) == ("/home/ada", "/fonts", "/own/ipythondir")
    assert not {"PYTHONSTARTUP", "MPLBACKEND", "NBMODEL_X"} & set(own)
    assert Path(own["JUPYTER_PATH"], "kernels", "python3", "kernel.json").is_file()


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    return subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True, text=True).stdout


def test_the_commit_is_that_of_the_checkout_or_unknown(tmp_path, monkeypatch):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        write(folder / "file", folder.name)
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "One")
    commit = git(ours, "rev-parse", "HEAD").strip()

    def stamped(root: Path) -> tuple[str, bool | None]:
        monkeypatch.setattr(stamp.collection, "checkout", lambda: root)
        made = stamp.stamp()
        return made["commit"], made.get("dirty")

    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_CEILING_DIRECTORIES"):
        monkeypatch.setenv(name, str(theirs / ".git"))
    assert stamped(ours) == (commit[:12], False)
    write(theirs / "vendor" / "nbmodel" / "file", "a copy without its history")
    assert stamped(theirs / "vendor" / "nbmodel") == ("unknown", None)
    assert stamped(tmp_path) == ("unknown", None)
    if os.geteuid() == 0:  # a checkout of another user, as where a class shares one
        os.chown(ours, 12345, 12345)
        os.chown(ours / ".git", 12345, 12345)
        assert stamped(ours) == (commit[:12], False)
