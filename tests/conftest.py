"""Long tests are left out unless CI=true, and the run says so; a worker gets a whole file, or several that share work."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

LEFT_OUT = pytest.StashKey[int]()
# These ask for the same nights and the same evidence, which a process computes once.
TOGETHER = {"tests/test_claims.py", "tests/test_evidence.py", "tests/test_results.py", "tests/test_sleep_wake.py"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "together" if file in TOGETHER else file

    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Whoever writes `-m long` or names a test wants it.
    named = any("::" in argument for argument in config.args)
    if os.environ.get("CI") == "true" or "long" in config.option.markexpr or named:
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.stash[LEFT_OUT] = len(long)
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[None]:
    # After the other summaries, so that it stands right above pytest's closing line.
    yield
    if left_out := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left_out} test(s) marked long left out; run them too with: CI=true make test")
