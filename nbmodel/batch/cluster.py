"""The same batch on a Dask cluster: its workers make reports and return them as bytes; this process writes them.

A worker with another version of the package or of the notebooks would make another report, so it is refused. A worker
that dies costs its report a second try: Dask gives it to another. Results without a kernel have no limit of their own
there: a Dask worker is held to what it was started with.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from nbmodel.batch import pool
from nbmodel.batch.workers import ClusterUnfit, Failed, Outcome, Progress
from nbmodel.kernels import environment, scratch, warm
from nbmodel.report import content
from nbmodel.report.run import Task

PATIENCE = 30  # seconds to wait for the scheduler, and for its first worker
KEPT = "the finished reports are kept, and the same command carries on"
ONE_AT_A_TIME = threading.Lock()  # a worker with several threads still makes one report at a time


class Cluster:
    """Existing Dask cluster. Raises ClusterUnfit when it is not there, has no workers, or has others than these."""

    def __init__(self, address: str, cold: bool = False) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ClusterUnfit("--scheduler needs Dask: pip install 'nbmodel[dask]' here and on every worker") from None
        self.version, self.cold, self.address = content.everything(), cold, address
        try:
            self._client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterUnfit(
                f"no Dask scheduler with workers at {address!r} ({type(error).__name__}: {error})"
            ) from None
        try:
            found = self._client.run(version_here)
        except Exception as error:  # whatever a worker without the package says
            self.close()
            raise ClusterUnfit(f"the workers at {address} cannot import this nbmodel: {error}") from None
        self.workers = len(found)
        others = sorted(worker for worker, version in found.items() if version != self.version)
        if others:
            self.close()
            raise ClusterUnfit(
                f"{len(others)} of {len(found)} workers have another version of nbmodel or of its notebooks than this "
                f"machine ({', '.join(others)}); install the same one there and restart them"
            )

    def run(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome | Progress]]:
        """Make the tasks and yield each outcome as it comes; one whose kernel did not start is tried once more.

        Raises ClusterUnfit when the scheduler is lost, or a worker joined that has not this version.
        """
        again: list[list[Task]] = []
        for task, outcome in self._once(chunks):
            if isinstance(outcome, Failed) and outcome.again:
                again.append([task])
            else:
                yield task, outcome
        yield from self._once(again)

    def _once(self, chunks: Sequence[Sequence[Task]]) -> Iterator[tuple[Task, Outcome]]:
        from distributed import CancelledError, as_completed

        futures = {
            self._client.submit(work, list(chunk), self.version, self.cold, pure=False): chunk for chunk in chunks
        }
        for future in as_completed(list(futures), loop=self._client.loop):
            tasks = futures.pop(future)
            try:
                outcomes, error = future.result(), None
            except CancelledError:  # nobody here cancels
                logging.getLogger("distributed.client").disabled = True  # it would tell how it tries to connect again
                raise ClusterUnfit(f"the Dask scheduler at {self.address} is gone; {KEPT} with another") from None
            except ClusterUnfit as refused:
                raise ClusterUnfit(f"{refused}; {KEPT}") from None
            except Exception as lost:
                outcomes, error = [], lost
            if error is None:
                yield from zip(tasks, outcomes, strict=True)
            else:  # several workers died over it, one after the other
                said = f"{type(error).__name__}: {error}".splitlines()[0]
                yield from ((task, Failed(f"it was lost with its Dask workers: {said}", "", said)) for task in tasks)

    def close(self, now: bool = False) -> None:
        """Leave the cluster; what it has not begun is dropped."""
        self._client.close()


def version_here() -> str:
    """Return the version of the package and notebooks that a worker has."""
    content.forget()
    return content.everything()


def work(tasks: Sequence[Task], version: str, cold: bool) -> list[Outcome]:
    """Make these reports on a worker, if it has the driver's version. Raises ClusterUnfit when it has not."""
    if (mine := version_here()) != version:
        raise ClusterUnfit(
            f"a Dask worker has another version of nbmodel or of its notebooks ({mine[:12]}, not {version[:12]})"
        )
    with ONE_AT_A_TIME, scratch.used(), environment.applied():
        if not tasks[0].results_only:
            _choose_kernels(cold)
        return [pool.attempt(task) for task in tasks]


_parent: warm.Parent | None = None  # of this worker's kernels; it ends with this process


def _choose_kernels(cold: bool) -> None:
    global _parent
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    if warm.IS_POSSIBLE and not cold and (_parent is None or not _parent.is_current()):
        _parent = warm.Parent()
    os.environ.update(warm.COLD if cold or _parent is None else _parent.environment)
    KernelProvisionerFactory.instance().default_provisioner_name = warm.NAME
