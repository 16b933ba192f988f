"""The lessons in JupyterLab and a real browser: every exercise is answered right and wrong, and every slider is moved."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import numpy as np
import pytest
from sliders import DEMOS
from test_browser import CHROMIUM, browser

from nbmodel import collection, scenario
from nbmodel.data import sliders as kept
from nbmodel.exercises import questions
from nbmodel.figures import grids

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium here (Debian: apt install chromium)"
    ),
]
assert browser  # a fixture

PATIENCE = 60  # seconds that a step may take on a busy machine
PRESSES = 20

# What the page knows of its notebook: it is asked where cells are and whether they have run; the rest goes by hand.
BOOK = "const book = window.jupyterapp?.shell?.currentWidget, cells = book?.content?.widgets ?? [];"
IS_IDLE = f"() => {{ {BOOK} return book?.sessionContext?.session?.kernel?.status === 'idle' }}"
GO = f"async i => {{ {BOOK} book.content.activeCellIndex = i; await book.content.scrollToItem(i) }}"
SOURCE = f"i => {{ {BOOK} return cells[i].model.sharedModel.getSource() }}"
HAVE_RUN = f"() => {{ {BOOK} return cells.every(c => c.model.type !== 'code' || c.model.executionCount) }}"
FAILED = f"""() => {{ {BOOK} return cells.flatMap(c => c.model.type === 'code' ? c.outputArea.model.toJSON() : [])
    .filter(output => output.output_type === 'error').map(output => output.evalue) }}"""
# Milliseconds from a key to the last change that it brought about.
WATCH = """cell => {
  let pressed; window.took = NaN;
  cell.addEventListener('keydown', () => { pressed = performance.now() }, true);
  new MutationObserver(() => { window.took = performance.now() - pressed })
    .observe(cell, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of JupyterLab as `nbmodel lab` starts it, in a copy of the project; whatever it writes stays there."""
    folder = tmp_path_factory.mktemp("lab")
    for name in ("nbmodel", "notebooks"):
        shutil.copytree(collection.checkout() / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(collection.checkout() / "pyproject.toml", folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG"))}
    options = [f"--port={port}", "--ServerApp.port_retries=0", "--ServerApp.allow_root=True"]
    told = folder / "told.txt"
    with told.open("w") as out, subprocess.Popen(
        [sys.executable, "-m", "nbmodel", "lab", "--no-browser", "--expose-app-in-browser", *options,
         "--IdentityProvider.token=lesson"],
        cwd=folder, env={**alone, "HOME": str(folder), "PYTHONPATH": str(folder)}, stdout=out, stderr=out,
    ) as server:  # fmt: skip
        try:
            end = time.monotonic() + PATIENCE
            while not answers(port):
                assert server.poll() is None and time.monotonic() < end, told.read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def answers(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=PATIENCE).close()
    except urllib.error.URLError:
        return False
    return True


@pytest.fixture
def page(browser, address):
    """A fresh page; at its end nothing may have gone wrong in it, stood in the way or been asked of the network."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(1000 * PATIENCE)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    in_the_way = page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()
    page.context.close()
    assert complaints == [] and in_the_way == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def cell_at(page, index):
    page.evaluate(GO, index)
    return page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')


def typed(page, index, source):
    """The cell at `index`, once `source` has been typed in place of what it held."""
    cell = cell_at(page, index)
    cell.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(source)
    assert page.evaluate(SOURCE, index) == source
    return cell


def answered(exercise, variable, source):
    """Sources of an exercise's cell with the right answer and with the likeliest slip, and what is said to each."""
    question, call = questions.EXERCISES[exercise](), f'check("{exercise}", {variable})'
    slip = question.slips[0]
    if re.search(rf"^({variable} =|def {variable}\()", question.solution, re.M):
        right = f"{question.solution}\n\n{call}"
    else:
        right = source.replace("...", repr(question.expected[0][0]), 1)
    wrong = source.replace("...", repr(slip.values[0][0]), 1)
    if question.kind == "function":
        given = dict(zip(question.inputs, (row[0] for row in slip.values), strict=True))
        wrong = f"def {variable}(*given): return {given}[given]\n\n{call}"
    return {right: f"Exercise {exercise}: right", wrong: f"Exercise {exercise}: {slip.message}"}


def moved(page, index, name, compute):
    """Milliseconds of each press of a key, on all sliders of a demo; each must lead to the sentence of its place."""
    from playwright.sync_api import expect

    cell, grid, took = cell_at(page, index), kept.load(name), []
    picture = cell.locator("svg[aria-label]")
    values = {slider["name"]: slider["start"] for slider in grid["sliders"]}
    handles = cell.get_by_role("slider")
    sliders = [slider for slider in grid["sliders"] if not isinstance(slider["points"][0], str)]
    handles.nth(len(sliders) - 1).wait_for()
    cell.evaluate(WATCH)
    for i, slider in enumerate(sliders):
        (low, *_, high), step, way = slider["points"], slider["step"], 1
        handles.nth(i).focus()
        for _ in range(PRESSES):
            to = values[slider["name"]] + way * step
            way = way if low - step / 2 < to < high + step / 2 else -way
            now = values[slider["name"]] = float(f"{values[slider['name']] + way * step:.6g}")
            page.keyboard.press("ArrowRight" if way > 0 else "ArrowLeft")
            # A browser's 0.3 may be 0.30000000000000004, which turns a number that lies between two roundings.
            near = [values | {slider["name"]: min(max(now + off, low), high)} for off in (0, -1e-9, 1e-9)]
            numbers = [compute(**at)[1] if compute else grids.at(grid, **at)[1] for at in near]
            said = "|".join(re.escape(grid["said"].format(**values, **found)) for found in numbers)
            expect(picture).to_have_attribute("aria-label", re.compile(said), timeout=1000 * PATIENCE)
            expect(cell.locator(".jp-OutputArea")).to_contain_text(picture.get_attribute("aria-label"))
            took.append(page.evaluate("took"))
    return took


@pytest.mark.parametrize("theme", scenario.THEMES)
def test_a_reader_can_work_through_a_lesson(page, address, theme):
    from playwright.sync_api import expect

    file = f"{scenario.THEMES[theme].notebook}.ipynb"
    sources = [cell.source for cell in nbformat.read(collection.notebooks_folder() / file, as_version=4).cells]
    page.goto(f"{address}/lab/workspaces/{theme}/tree/{file}?token=lesson")
    page.wait_for_function(IS_IDLE)
    guesses = [i for i, source in enumerate(sources) if re.match(r"guess\w* = \.\.\.", source)]
    for i in guesses:
        typed(page, i, sources[i].replace("...", "1.0", 1))
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(HAVE_RUN)
    page.wait_for_function(IS_IDLE)
    assert page.evaluate(FAILED) == []
    expect(page.get_by_text("Your guess: 1.00")).to_have_count(len(guesses))

    took, driven = [], []
    for i, source in enumerate(sources):
        for exercise, variable in re.findall(r'^check\("([\d.]+)", (\w+)\)', source, re.M):
            for given, said in answered(exercise, variable, source).items():
                cell = typed(page, i, given)
                page.keyboard.press("Shift+Enter")
                expect(cell.locator(".jp-OutputArea")).to_contain_text(said, timeout=1000 * PATIENCE)
                expect(cell.get_by_text("Worked solution")).to_be_visible()
            driven.append(exercise)
        for name, own in re.findall(r'figures\.live\("(\w+)"(,)?', source):
            took += moved(page, i, name, DEMOS[name].compute if own else None)
    assert guesses and driven == [name for name in questions.EXERCISES if name[0] == file[1]]
    middle, late = np.percentile(took, [50, 95])
    print(f"\n{theme}: {len(took)} moves of sliders, median {middle:.0f} ms, 95 % within {late:.0f} ms", end="; ")
    print(f"load {os.getloadavg()[0]:.1f}")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name="Shut Down Kernel", exact=True).click()


def test_the_start_page_leads_to_a_lesson_with_nothing_in_the_way(page, address):
    page.goto(f"{address}/lab/tree/start.md?token=lesson")
    first = next(iter(scenario.THEMES.values())).notebook
    page.locator(f'.jp-RenderedMarkdown a[href*="{first}.ipynb"]').first.click()
    page.wait_for_function(IS_IDLE)
