"""A batch as the command line drives it: its folder is tried, its progress told, its end an exit status."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from nbmodel import collection
from nbmodel.batch import making
from nbmodel.batch.progress import Teller
from nbmodel.batch.workers import ClusterUnfit, interruptible
from nbmodel.report import content, ownership, refusal
from nbmodel.report.content import Changed
from nbmodel.report.refusal import Refusal
from nbmodel.scenario import Limits, Scenario

UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG)
CARRIES_ON = "the finished reports are whole, and the same command carries on"


@dataclass(frozen=True)
class Sources:
    """Other folders than those of the collection, and other limits (tests pass it as the context's obj)."""

    notebooks: Path | None = None
    scenarios: Path | None = None
    limits: Mapping[str, Limits] | None = None


def output(folder: str | None, problems: list[str]) -> Path:
    """Return the folder for reports; what is wrong with its place is added to `problems`."""
    if folder == "":
        problems.append("-o is empty; name a folder, or leave it out")
    path = Path(folder) if folder else collection.output_folder()
    # `os.path`, as a name that is too long is no error to it; whether the folder can be written is seen before work starts.
    in_the_way = next((p for p in (path, *path.parents) if os.path.lexists(p) and not os.path.isdir(p)), None)
    if in_the_way:
        what = "a file" if os.path.exists(in_the_way) else "a link that leads nowhere"
        problems.append(f"-o {path}: {in_the_way} is {what}; name a folder")
    elif kept := collection.kept(path):
        problems.append(
            f"-o {path}: {kept} holds files of the collection's own; name a folder that is for reports alone"
        )
    return path


def drive(planned: Mapping[str, Scenario], folder: Path, sources: Sources | None, options: making.Options) -> None:
    """Make the reports, tell how it goes and what became of them; exit 1 when one failed, 130 when interrupted."""
    sources = sources or Sources()
    options = replace(options, notebooks=sources.notebooks, limits=sources.limits)
    if not options.results_only:
        sources_of = {content.source(case.theme, sources.notebooks) for case in planned.values()}
        if unfit := [fault for path in sorted(sources_of) for fault in content.faults(path)]:
            raise Refusal(unfit)
    _try(folder, planned, options)
    teller = Teller(list(planned), each=not options.results_only)
    summary = _ended(lambda: making.run(planned, folder, options, teller), folder, teller)
    for name, said in summary.failed.items():
        click.echo(f"{name}: {said}", err=True)
    if len(planned) > 1:
        click.echo(f"{len(summary.made)} made, {len(summary.fresh)} unchanged, {len(summary.failed)} failed.")
    if options.index:
        alone = len(planned) == 1 and not summary.failed and not options.results_only
        click.echo(f"Open {folder / (f'{next(iter(planned))}.html' if alone else 'index.html')}")
    else:
        click.echo(f"When all parts are done: nbmodel index {folder}")
    if summary.failed:
        sys.exit(1)


def _try(folder: Path, planned: Mapping[str, Scenario], options: making.Options) -> None:
    """Raise Refusal when the folder cannot be written, or files of somebody else are in the way, or there is no room to work."""
    from nbmodel.kernels import scratch

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"x")
        in_the_way = ownership.in_the_way(folder, list(planned), options.endings, pages=options.index)
    except OSError as error:
        raise Refusal([f"-o {folder} cannot be written ({error.strerror}); name another folder"]) from None
    if in_the_way:
        raise Refusal(in_the_way)
    try:
        scratch.folder()
    except OSError as error:
        raise Refusal(
            [f"no temporary file can be written ({error.strerror}); name a folder for them with TMPDIR"]
        ) from None


def _ended(make: Callable[[], making.Summary], folder: Path, teller: Teller) -> making.Summary:
    """Return the summary of the batch; where it did not come to its end, say so and exit."""
    try:
        with interruptible():
            return make()
    except KeyboardInterrupt:
        status, said = 130, f"Interrupted; {CARRIES_ON}."
    except Changed as error:
        status, said = 1, f"nbmodel: {error}"
    except ClusterUnfit as error:
        status, said = 2, f"nbmodel: {error}"
    except BrokenPipeError:  # nobody reads on what is printed: click ends the command
        raise
    except FileExistsError as error:
        status, said = 2, f"nbmodel: {refusal.told(error)}; {ownership.REMEDY}; {CARRIES_ON}"
    except OSError as error:
        if error.errno in UNWRITABLE:  # a disk that is full now, a folder that was closed
            where = f"nbmodel: {folder} cannot be written ({error.strerror or error})"
            status, said = 2, f"{where}; make room there, or name another folder with -o; {CARRIES_ON}"
        else:
            status, said = 1, f"nbmodel: {refusal.told(error)}; {CARRIES_ON}"
    finally:
        teller.end()
    click.echo(said, err=True)
    sys.exit(status)
