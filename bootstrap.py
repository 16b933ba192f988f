"""Bring the .venv beside this file up to date: `python bootstrap.py [core|test]`.

core is what `make reports` needs, test what `make test` needs; a test set-up serves both. When .venv is up to date
nothing happens. The file uses the standard library only and keeps to words that Python 2.7 and 3.6 can read, because
it is the one that has to tell an old Python so.

A stamp inside .venv, written last, says what was installed from which files with which Python at which place. It is
taken away before anything is changed, so an interrupted set-up is one without a stamp.
"""

from __future__ import print_function

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time

NEEDED = (3, 11)
LOCKS = {"core": "requirements.lock", "test": "requirements-test.lock"}

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
STAMP = os.path.join(VENV, "nbmodel-setup.json")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")


class Refused(Exception):
    """The set-up cannot be done; the message is one sentence for the reader, the status is for the shell."""

    def __init__(self, message, status):
        Exception.__init__(self, message)
        self.status = status


def main(arguments):
    """Bring .venv up to date and return the exit status."""
    try:
        if sys.version_info[:2] < NEEDED:
            raise Refused(
                "nbmodel needs Python %d.%d or newer and this is Python %d.%d (%s): install a newer one "
                "and name it, for example `make PYTHON=python3.12 reports`."
                % (NEEDED + tuple(sys.version_info[:2]) + (sys.executable,)),
                2,
            )
        wanted = arguments[0] if arguments else "core"
        if wanted not in LOCKS or len(arguments) > 1:
            raise Refused("usage: python bootstrap.py [core|test]", 2)
        if not up_to_date(wanted):
            with one_at_a_time():
                # Whoever held the lock may have done the work.
                if not up_to_date(wanted):
                    set_up(wanted)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.status
    except KeyboardInterrupt:
        print("Set-up interrupted; the same command starts it again.", file=sys.stderr)
        return 130
    return 0


def up_to_date(wanted):
    """Say whether the stamp tells of this place, this Python and these files, and .venv's Python runs."""
    recorded = read_stamp()
    return recorded == expected(wanted, recorded) and venv_version() == recorded["python"]


def expected(wanted, recorded):
    """Return what the stamp has to say; an environment that once served the tests goes on serving them."""
    which = "test" if "test" in (wanted, recorded.get("which")) else "core"
    return {
        "checkout": HERE,
        "python": "%d.%d" % sys.version_info[:2],
        "which": which,
        "lock": fingerprint(LOCKS[which]),
        "project": fingerprint("pyproject.toml"),
    }


def read_stamp():
    """Return what the stamp says; nothing when it is missing or unreadable."""
    try:
        with open(STAMP) as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def fingerprint(name):
    """Return the SHA-256 of a file of the checkout."""
    with open(os.path.join(HERE, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def venv_version():
    """Return the version of .venv's Python, such as "3.11"; nothing when it does not run."""
    # Isolated and without site-packages: 15 ms, and no start-up file of the reader's takes part.
    command = [VENV_PYTHON, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL, universal_newlines=True).strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


@contextlib.contextmanager
def one_at_a_time():
    """Let a second `make` wait for the first. The lock is on this very file, so nothing is left behind."""
    with open(os.path.realpath(__file__), "rb") as file:
        try:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another set-up of .venv is running; waiting for it.")
                fcntl.flock(file, fcntl.LOCK_EX)
        except (ImportError, OSError):
            pass  # Windows, or a file system without locks: go on without.
        yield


def set_up(wanted):
    """Make or mend .venv, install the lock and the project, and stamp it."""
    started = time.time()
    recorded = read_stamp()
    target = expected(wanted, recorded)
    # Scripts and the editable install hold absolute paths; compiled packages fit one minor version of Python.
    usable = all(recorded.get(key) == target[key] for key in ("checkout", "python"))
    usable = usable and venv_version() == target["python"]
    pinned = usable and all(recorded.get(key) == target[key] for key in ("which", "lock"))
    if os.path.exists(STAMP):
        os.remove(STAMP)

    if usable:
        say("[1/3] Keeping .venv (Python %s)" % target["python"])
    else:
        say("[1/3] Making .venv with Python %d.%d.%d" % sys.version_info[:3])
        make_venv()
    if pinned:
        say("[2/3] Dependencies are as pinned in %s" % LOCKS[target["which"]])
    else:
        say("[2/3] Installing what %s pins (a few minutes the first time)" % LOCKS[target["which"]])
        pip("install", "--require-hashes", "-r", LOCKS[target["which"]])
    say("[3/3] Installing nbmodel itself")
    # Its dependencies are there, the tool that builds it included: nothing is fetched.
    pip("install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")

    with open(STAMP + ".new", "w") as file:
        json.dump(target, file, indent=1, sort_keys=True)
    os.replace(STAMP + ".new", STAMP)
    say("Set-up done in %.0f s." % (time.time() - started))


def make_venv():
    """Make an empty .venv in place of whatever is there."""
    # Started from an activated .venv we must not build on the very environment that is about to be cleared.
    python = getattr(sys, "_base_executable", None) or sys.executable
    # Debian and Ubuntu keep this part of the standard library in a package of its own.
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL):
        raise Refused(
            "Python %d.%d here cannot make virtual environments: on Debian and Ubuntu run "
            "`sudo apt install python%d.%d-venv`, then the same command again." % (sys.version_info[:2] * 2),
            2,
        )
    run([python, "-m", "venv", "--clear", VENV], "Making .venv failed; the message is above.")
    # Older Pythons put an old setuptools in, which nobody asks for and nobody brings up to date. (The lock holds a pip.)
    pip("uninstall", "-qqq", "--yes", "setuptools")


def pip(*arguments):
    """Run pip of .venv; the reader's own pip settings hold."""
    command = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check"]
    command.extend(arguments)
    run(
        command,
        "pip failed; its message is above. Often it is the network: the same command tries again "
        "(`make clean` first starts from nothing).",
    )


def run(command, complaint):
    """Run a command in the checkout; raise Refused with the complaint when it fails."""
    try:
        status = subprocess.call(command, cwd=HERE)
    except OSError as error:
        say(error)
        status = 1
    if status:
        raise Refused(complaint, 1)


def say(line):
    """Print one line at once, so that it stands before what pip prints."""
    print(line)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
