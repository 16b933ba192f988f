"""Long tests are left out unless CI=true, and the run says so."""

import os
from collections.abc import Iterator

import pytest

LEFT_OUT = pytest.StashKey[int]()


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
