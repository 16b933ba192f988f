"""Secret of a course, a file: each student's numbers and the signature of each student's file follow from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

import click

from nbmodel.course.files import CourseError

STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
# The signature once more, as a comment: programs that drop the metadata of a notebook keep its cells.
SIGNED = re.compile(
    r"^# Signed (?P<signature>[0-9a-f]{64}) for (?P<student>\S{1,64}): (?P<theme>.{1,200})$", re.MULTILINE
)


def load(path: Path) -> bytes:
    """Read the course key. Raises CourseError for a file that is none; it warns of one that others can read."""
    try:
        key = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        where = "it was made when the assignments were, name it with --key"
        raise CourseError([f"there is no course key {path}; {where}"]) from None
    except OSError as error:
        raise CourseError([f"{path} cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        key = ""
    if len(key) < 32:
        raise CourseError([f"{path} is not a course key (64 hexadecimal digits)"])
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        click.echo(f"Warning: others on this computer can read {path}; mend it with: chmod 600 {path}", err=True)
    return key.encode()


def make(path: Path) -> None:
    """Make a course key, readable by its owner only. Raises CourseError where there can be none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CourseError([f"no course key can be made at {path}: {error.strerror}; name another place"]) from None
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
    found = "Whoever has it can work out everybody's numbers."
    click.echo(f"Made {path}: keep it safe, grading needs it. {found}", err=True)


def secret(course_key: bytes, *parts: str) -> str:
    """Return what only who holds the course key can work out from `parts` (HMAC-SHA256, hexadecimal)."""
    return hmac.new(course_key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def signature(theme: str, student: str, course_key: bytes) -> str:
    """Return what a student's file carries, so that nobody can write another's id into it."""
    return secret(course_key, "signature", theme, student)


def signed_line(theme: str, student: str, course_key: bytes) -> str:
    """Return the line of a cell by which a file is known that has lost its metadata (`SIGNED` finds it)."""
    return f"# Signed {signature(theme, student, course_key)} for {student}: {theme}"


def refuse_id(student: str) -> str:
    """Return what is wrong with an id, or nothing."""
    if STUDENT.fullmatch(student):
        return ""
    return f"{student!r} cannot be an id: 1 to 64 letters, digits and . _ @ -, a letter or digit first"
