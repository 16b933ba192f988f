"""A report in a real browser with the network off: it opens from a file, asks for nothing else and shows everything."""

import http.server
import math
import os
import re
import shutil
import threading
from decimal import ROUND_HALF_UP, Decimal

import nbformat
import numpy as np
import pytest
import tiny

from nbmodel import figures, scenario
from nbmodel.batch import index, keeping
from nbmodel.data import sliders as kept
from nbmodel.figures import grids, moving
from nbmodel.report import html, pdf, records, run

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and os.environ.get("CI") != "true", reason="no Chromium here (Debian: apt install chromium)"
)


@pytest.fixture(scope="module")
def elsewhere():
    """A server that hostile outputs ask for things: its address, and what it was asked for."""
    asked = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, elsewhere):
    folder = tmp_path_factory.mktemp("reports with spaces")
    address, _ = elsewhere
    hostile = tiny.notebook(
        folder / "in",
        f"from IPython.display import HTML\nHTML('<script>document.title = 1</script><img src={address}/x.png alt=x>')",
    )
    tiny.build(scenario.make("reuptake", {"net_occupancy": 0.8}), "blocked", folder / "out", hostile)
    # One more of the same title, so that each link must tell which report it leads to.
    twin = run.Task("twin", scenario.make("reuptake"))
    keeping.keep(folder / "out", twin, run.Made({".html": b"<p>", ".ipynb": b"{}"}, [], {}), None)
    index.write_pages(folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser, path, offline=True, **options):
    context = browser.new_context(offline=offline, **options)
    page = context.new_page()
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    return page


def sent(page):
    """What the page asked for, itself and the data it holds left out."""
    return [url for url in page.requests[1:] if not url.startswith("data:")]


CONTRAST = """() => {
  const rgb = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
                       const [r, g, b] = c.map(v => linear(v / 255));
                       return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const poor = [];
  for (const d of document.querySelectorAll('details')) d.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.getClientRects().length) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color).slice(0, 3)), light(ground(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) poor.push(e.outerHTML.slice(0, 80));
  }
  return poor;
}"""


def test_a_report_opens_offline_and_asks_for_nothing(browser, folder):
    page = opened(browser, folder / "blocked.html")
    assert page.title() == "What ends the signal, and how fast? · blocked"  # the notebook's script did not run
    refused = [text for text in page.complaints if "Content Security Policy" in text]
    assert sorted(set(page.complaints) - set(refused)) == []
    assert len(refused) == 2  # the script and the picture from elsewhere, both of this test's own notebook


@pytest.mark.long
def test_not_one_request_leaves_even_with_the_network_on(browser, folder, elsewhere):
    address, asked = elsewhere
    page = opened(browser, folder / "blocked.html", offline=False)
    assert f"{address}/x.png" in page.content()
    # A page without our policy does ask, so the server would have noticed.
    control = folder.parent / "control.html"
    control.write_text(f"<img src={address}/control.png>")
    opened(browser, control, offline=False)
    assert asked == ["/control.png"]


# What a reader who listens, or has a keyboard only, stumbles over; texts that do not stand out are looked for elsewhere.
STUMBLES = """() => {
  const found = [], all = (what, of) => [...(of ?? document).querySelectorAll(what)];
  const tell = (fault, e) => found.push(fault + ': ' + e.outerHTML.slice(0, 100));
  const named = e => e.getAttribute('aria-label') || e.innerText.trim() || all('img[alt]', e).some(i => i.alt);
  for (const e of all('img')) if (!e.alt.trim()) tell('picture without words', e);
  for (const e of all('input, select, textarea')) if (!e.labels.length && !named(e)) tell('field without label', e);
  for (const e of all('a[href], button, summary')) if (e.checkVisibility() && !named(e)) tell('without name', e);
  for (const e of all('table:has(thead) th')) if (!['col', 'row'].includes(e.scope)) tell('head without scope', e);
  for (const e of all('[id]')) if (all('#' + CSS.escape(e.id)).length > 1) tell('id twice', e);
  for (const e of all('.output')) if (e.scrollWidth > e.clientWidth && e.tabIndex < 0) tell('keys cannot scroll', e);
  const links = new Map();
  for (const e of all('main a[href]')) {
    const name = named(e);
    if (links.has(name) && links.get(name) !== e.href) tell('one name for two targets', e);
    links.set(name, e.href);
  }
  let before = 0;
  for (const e of all('h1, h2, h3, h4, h5, h6')) {
    if (e.tagName[1] > before + 1) tell('heading level left out', e);
    before = Number(e.tagName[1]);
  }
  if (all('h1').length !== 1) found.push('not one h1');
  if (all('main').length !== 1 || !document.documentElement.lang) found.push('no main part, or no language');
  return found;
}"""


@pytest.mark.parametrize("name", ["blocked.html", "index.html", "terms.html"])
def test_nobody_stumbles(browser, folder, name):
    assert opened(browser, folder / name).evaluate(STUMBLES) == []


def test_nobody_stumbles_over_the_list(browser, many):
    assert opened(browser, many / "index.html").evaluate(STUMBLES) == []


def test_figures_and_formulas_are_there(browser, folder):
    page = opened(browser, folder / "blocked.html")
    figures = page.evaluate(
        "[...document.querySelectorAll('figure img')].map(i => [i.complete, i.naturalWidth, i.alt])"
    )
    assert figures == [[True, 1800, "A line from 0 to 0.8 <b>."]]
    sizes = page.evaluate(
        "[...document.querySelectorAll('math')]"
        ".map(m => [m.getBoundingClientRect().height, m.querySelector('mfrac') !== null])"
    )
    assert len(sizes) == 3
    assert all(height > 15 and fraction for height, fraction in sizes[1:])
    assert page.locator("nav a").all_inner_texts() == ["The figure", "The end"]
    assert page.locator("html").get_attribute("lang") == "en"


def test_code_is_folded_and_can_be_opened_by_keyboard(browser, folder):
    page = opened(browser, folder / "blocked.html")
    code = page.locator("details.code .highlight").first
    assert not code.is_visible()
    page.locator("details.code summary").first.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()
    assert "net_occupancy = 0.0" in code.inner_text()


def test_the_first_tab_stop_skips_to_the_text(browser, folder):
    page = opened(browser, folder / "blocked.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"


@pytest.mark.long
@pytest.mark.parametrize("name", ["blocked.html", "index.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser, folder, name, scheme):
    assert opened(browser, folder / name, color_scheme=scheme).evaluate(CONTRAST) == []


@pytest.mark.long
def test_a_narrow_screen_needs_no_sideways_scrolling(browser, folder, many):
    pages = (folder / "blocked.html", folder / "index.html", folder / "terms.html", many / "index.html")
    for path in pages:
        page = opened(browser, path, viewport={"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_paper_gets_the_code_and_no_contents_list(browser, folder):
    page = opened(browser, folder / "blocked.html")
    page.emulate_media(media="print")
    assert page.locator("details.code .highlight").first.is_visible()
    assert not page.locator("nav.contents").is_visible()


# Sliders without a kernel


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A page with the sliders of all lessons, as the notebooks leave them."""
    path = tmp_path_factory.mktemp("lesson") / "sliders.html"
    outputs = [
        nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata={"nbmodel": {"sliders": name}})
        for name in kept.names()
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
    path.write_text(html.page(notebook), encoding="utf-8")
    return path


def told(template, values):
    """Sentence as a browser writes it: halves are rounded up, where Python would take the even digit."""

    def rounded(place):
        return str(Decimal(values[place[1]]).quantize(Decimal(1).scaleb(-int(place[2])), ROUND_HALF_UP))

    return re.sub(r"\{(\w+):\.(\d)f\}", rounded, template).format(**values)


def places(points):
    return [[float(number) for number in point.split(",")] for point in points.split()]


@pytest.mark.parametrize("share", [0.0, 0.37, 1.0])
def test_sliders_move_to_the_numbers_of_their_grid_with_the_network_off(browser, lesson, share):
    page = opened(browser, lesson)
    for name in kept.names():
        grid, box, values = kept.load(name), page.locator(f"[data-sliders={name}]"), {}
        for slider in grid["sliders"]:
            points, field = slider["points"], box.get_by_label(slider["label"])
            if isinstance(points[0], str):
                values[slider["name"]] = field.select_option(points[round(share * (len(points) - 1))])[0]
            else:
                steps = round(share * (points[-1] - points[0]) / slider["step"])
                values[slider["name"]] = float(f"{points[0] + steps * slider['step']:.6g}")
                field.fill(f"{values[slider['name']]:g}")
        lines, numbers = grids.at(grid, **values)
        said = told(grid["said"], numbers | values)
        assert box.locator(".said").inner_text() == said == box.locator("svg").get_attribute("aria-label")
        expected = re.findall(
            'points="(.*?)"', moving.svg(lines, figures.Axis(**grid["x"]), figures.Axis(**grid["y"]), "")
        )
        drawn = box.locator("polyline").evaluate_all("lines => lines.map(line => line.getAttribute('points'))")
        for one, other in zip(drawn, expected, strict=True):
            np.testing.assert_allclose(places(one), places(other), atol=0.11)
    assert page.complaints == [] and sent(page) == []


def test_keys_move_a_slider_and_its_name_and_value_are_told(browser, folder):
    page = opened(browser, folder / "blocked.html")
    said = page.locator(".sliders .said")
    assert said.get_attribute("role") == "status" and said.inner_text().startswith("With 80 % of NET blocked")
    slider = page.get_by_role("slider", name="NET blocked (%)", exact=True)
    slider.press("ArrowRight")
    assert said.inner_text().startswith("With 81 % of NET blocked")
    slider.press("Home")
    assert said.inner_text().startswith("With 0 % of NET blocked NE rests at 6.0 nM")


def test_without_scripts_and_on_paper_the_picture_of_sliders_and_its_sentence_are_left(browser, lesson):
    page = opened(browser, lesson, java_script_enabled=False)
    assert not page.locator(".sliders .controls").first.is_visible()
    assert page.locator(".sliders svg").first.is_visible() and page.locator(".said").first.inner_text()
    page = opened(browser, lesson)
    assert page.locator(".sliders .controls").first.is_visible()
    page.emulate_media(media="print")
    assert not page.locator(".sliders .controls").first.is_visible() and page.locator("svg").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sliders_can_be_read_by_all(browser, lesson, scheme):
    page = opened(browser, lesson, color_scheme=scheme, viewport={"width": 360, "height": 800})
    assert page.evaluate(CONTRAST) == []
    stumbles = page.evaluate(STUMBLES)
    assert stumbles == ["not one h1"]  # the page has no heading
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_index_leads_to_the_report(browser, folder):
    page = opened(browser, folder / "index.html")
    pictures = (folder / "pictures").as_uri()
    assert page.complaints == [] and all(url.startswith(pictures) for url in sent(page))
    page.get_by_role("link", name=re.compile("^What ends the signal.* blocked$")).click()
    page.wait_for_load_state("load")
    assert page.url.endswith("blocked.html")


# The list of many reports


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """An index of 453 results, of which three are no number or an endless one, and a failure."""
    folder = tmp_path_factory.mktemp("many")
    peaks = [*(float(number * 7919 % 450) for number in range(450)), math.inf, math.nan, -math.inf]
    for number, peak in enumerate(peaks):
        case = scenario.make("disorders") if number % 2 else scenario.make("reuptake", {"net_occupancy": number / 452})
        task = run.Task(f"r{number:03}", case, results_key="x")
        rows = [{"name": "peak", "value": peak, "unit": "nM"}]
        keeping.keep(folder, task, run.Made({}, rows, {}), None)
    records.write(folder, records.Record("bad", error="ValueError: x", heading="The end"))
    index.write_pages(folder)
    return folder


def rows(page):
    return page.locator("#rows > tr > th > .small:first-of-type").all_inner_texts()


@pytest.mark.long
def test_many_reports_are_found_sorted_and_shown_in_steps(browser, many):
    page = opened(browser, many / "index.html")
    assert page.complaints == [] and sent(page) == []
    assert page.locator("h2").all_inner_texts() == ["Failed (1)", "Reports (453)"]
    assert len(rows(page)) == 200
    page.get_by_role("button", name="Show more").click()
    assert len(rows(page)) == 400
    assert page.locator("#told").inner_text() == "453 of 453 reports, the first 400 shown"

    from playwright.sync_api import expect

    def found(words):
        page.get_by_label("Find").fill(words)
        expect(page.locator("#told")).not_to_have_text(re.compile("^453"))
        names = [text.split(" ")[0] for text in rows(page)]
        page.get_by_label("Find").fill("")
        expect(page.locator("#told")).to_have_text(re.compile("^453"))
        return names

    assert found("R007") == ["r007"]
    assert found("net_occupancy>=0.99 theme=reuptake") == ["r448", "r450", "r452"]
    assert found("peak=0") == ["r000"]
    assert found("nothing like it") == []
    # What the list is sorted by is a column of its own.
    head = page.locator("table.reports thead th").nth(1)
    assert not head.is_visible()
    page.get_by_label("Sort by").select_option("peak")
    page.get_by_label("largest first").check()
    assert (head.inner_text(), head.get_attribute("aria-sort")) == ("peak (nM)", "descending")
    column = page.locator("#rows > tr > td.number")
    assert column.all_inner_texts()[:3] == ["∞", "449", "448"]
    page.get_by_label("largest first").uncheck()
    assert column.all_inner_texts()[:4] == ["-∞", "0", "1", "2"]
    page.get_by_role("button", name="Show more").click()
    page.get_by_role("button", name="Show more").click()
    assert column.all_inner_texts()[-4:] == ["448", "449", "∞", "–"]  # what is no number comes last
    page.get_by_label("Sort by").select_option("name")
    assert not head.is_visible() and column.count() == 0
    groups = page.get_by_label("Sort by").locator("optgroup")
    assert [group.get_attribute("label") for group in groups.all()] == ["reuptake", "disorders"]
    assert "basal_ne (nM)" in groups.first.locator("option").all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tools_of_the_list_stand_out(browser, many, scheme):
    page = opened(browser, many / "index.html", color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []


def test_without_scripts_the_list_is_still_there(browser, many):
    page = opened(browser, many / "index.html", java_script_enabled=False)
    assert len(rows(page)) == 200
    assert not page.get_by_label("Find").is_visible()
    assert "253 more reports are in results.csv" in page.locator("noscript").inner_text()


def test_the_footer_says_how_a_report_was_made(browser, folder):
    footer = opened(browser, folder / "blocked.html").locator("footer").inner_text()
    for word in ("nbmodel ", "Python ", "ran for ", "seed ", "not for clinical use"):
        assert word in footer


@pytest.mark.long
def test_a_report_is_printed_to_pdf(folder):
    printed = pdf.printed(folder / "blocked.html")
    assert printed.name == "blocked.pdf"
    text = printed.read_bytes()
    assert text.startswith(b"%PDF-") and text.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", text)) >= 2
    assert not list(folder.glob("*.part"))


def test_a_browser_that_fails_is_told_of(monkeypatch, folder, tmp_path):
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho it is broken >&2\n")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(pdf.NotPrinted, match="wrote no PDF; it said: it is broken"):
        pdf.printed(folder / "blocked.html")
