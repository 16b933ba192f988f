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

from nbmodel import collection, figures, scenario
from nbmodel.batch import index, keeping
from nbmodel.data import sliders as kept
from nbmodel.figures import grids, moving
from nbmodel.report import html, pdf, records, run, stamp

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
    page = opened(browser, many / "index.html")
    for hash in ("#find=feedback", "#theme=reuptake&find=peak>x"):
        page.evaluate("hash => { location.hash = hash; document.querySelector('#columns').open = true }", hash)
        page.wait_for_function("document.querySelectorAll('#choices input').length")
        assert page.evaluate(STUMBLES) == []


def test_figures_and_formulas_are_there(browser, folder):
    page = opened(browser, folder / "blocked.html")
    figures = page.evaluate(
        "[...document.querySelectorAll('figure img')].map(i => [i.complete, i.naturalWidth, i.alt])"
    )
    assert figures == [[True, 2700, "A line from 0 to 0.8 <b>."]]
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


def test_a_case_is_complete_on_its_first_sheet(browser, tmp_path):
    notebook = nbformat.read(collection.reference_folder() / "disorders_ptsd_prazosin.ipynb", 4)
    # Few cases have more words beside the picture; above it stands all that differs from the default.
    changed = {"condition": "ptsd", "drug": "prazosin", "dose_mg": 5, "weeks": 3, "patients": 99, "seed": 3}
    case = scenario.make("disorders", changed)
    notebook.metadata["nbmodel"] = {**stamp.about(case, "a_case"), "stamp": {}}
    (tmp_path / "case.html").write_text(html.page(notebook), encoding="utf-8")
    width, height = (round((side - margins) / 25.4 * 96) for side, margins in ((210, 28), (297, 32)))  # A4, `@page`
    page = opened(browser, tmp_path / "case.html", viewport={"width": width, "height": height})
    page.emulate_media(media="print")
    figure = page.locator("main > figure:visible").first
    for shown in (page.locator("h1"), figure, page.locator("p:visible", has_text="Figure 2.").first):
        box = shown.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height


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
            points, field = slider["points"], box.locator(".controls").get_by_label(slider["label"])
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
    assert said.get_attribute("role") == "status" and said.inner_text().startswith("80 % of NET blocked")
    slider = page.get_by_role("slider", name="NET blocked (%)", exact=True)
    slider.press("ArrowRight")
    assert said.inner_text().startswith("81 % of NET blocked")
    slider.press("Home")
    assert said.inner_text().startswith("0 % of NET blocked") and "rises to 1.0 times rest" in said.inner_text()


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


def found(page, words):
    """Names of the reports that the search finds; what is refused instead, in words."""
    page.get_by_label("Find").fill(words)
    page.wait_for_function("words => state.find === words", arg=words)
    return rows(page) if page.locator("#refused").is_hidden() else page.locator("#refused").inner_text()


def column(page, name):
    """The head of a column, and the text of its cells."""
    head = page.locator(f"th[data-id={name}]")
    at = head.evaluate("head => head.cellIndex")
    return head, page.locator(f"#rows > tr > :nth-child({at + 1})").all_inner_texts()


def test_many_reports_are_shown_in_steps(browser, many):
    page = opened(browser, many / "index.html")
    assert page.complaints == [] and sent(page) == []
    assert page.locator("h2").all_inner_texts() == ["Failed (1)", "Reports (453)"]
    assert len(rows(page)) == 50
    page.get_by_role("button", name="Show more").click()
    assert len(rows(page)) == 100
    assert page.locator("#told").inner_text() == "453 of 453 reports, the first 100 shown"


def test_reports_are_found_by_words_of_theirs_and_of_their_theme(browser, many):
    page = opened(browser, many / "index.html")
    assert found(page, "R007") == ["r007"]
    assert found(page, "nothing like it") == []
    assert found(page, "theme=disorders drug=atomoxetine r001") == ["r001"]
    # A section of the notebook, and a setting that was changed by what it means.
    sections = page.evaluate("data.themes.reuptake.sections.map(([id, text]) => text)")
    word = max(re.findall("[a-z]+", sections[-1]), key=len)
    assert len(found(page, f"theme=reuptake {word}")) == 50
    assert f"Section: {next(text for text in sections if word in text.lower())}" in page.locator("#rows").inner_text()
    assert "r002" in found(page, "transporters blocks") and "r000" not in rows(page)


def test_comparisons_hold_with_names_labels_and_units_or_are_refused_in_words(browser, many):
    page = opened(browser, many / "index.html")
    top = ["r448", "r450", "r452"]
    assert found(page, "net_occupancy>=0.99 theme=reuptake") == top
    assert found(page, "theme=reuptake share of norepinephrine transporters that a drug blocks >= 0.99") == top
    assert found(page, "basal_ne<=6 nM peak=0nM") == ["r000"]
    for typed, refusal in {
        "net_occupancy>abc": "net_occupancy is a number, and “abc” is none: write, for example, net_occupancy>0.5.",
        "net_occupancy>0,5": "Write 0,5 with a point: net_occupancy>0.5.",
        "net_ocupancy>0.5": "No column is called net_ocupancy. Did you mean net_occupancy?",
        "basal_ne>6 mM": "basal_ne is in nM: 6mM cannot be compared with it.",
        "drug=atomoxetin": "No report has drug=atomoxetin. Did you mean atomoxetine?",
        "drug>2": "drug is a word, not a number: compare it with =, such as drug=atomoxetine.",
        "peak>": "peak> lacks what to compare with, such as peak>1.",
    }.items():
        assert found(page, typed) == refusal
        assert rows(page) == ["r000"]  # what was understood before stays


def test_a_click_on_a_head_sorts_and_what_is_no_number_comes_last(browser, many):
    page = opened(browser, many / "index.html")
    found(page, "theme=reuptake")
    head, cells = column(page, "peak")
    assert head.inner_text().split("\n")[0].startswith("Peak (nM)") and head.get_attribute("aria-sort") == "none"
    head.get_by_role("button").click()
    head, cells = column(page, "peak")
    assert head.get_attribute("aria-sort") == "ascending" and cells[:2] == ["−∞", "0"]
    assert page.evaluate("document.activeElement.closest('th').dataset.id") == "peak"
    page.keyboard.press("Enter")
    head, cells = column(page, "peak")
    assert head.get_attribute("aria-sort") == "descending" and cells[:2] == ["∞", "448"]
    page.keyboard.press("Enter")
    assert column(page, "peak")[0].get_attribute("aria-sort") == "none" and rows(page)[0] == "r000"
    page.evaluate("change({find: '', sort: 'peak', columns: ['peak']}); while (shown < matching.length) append()")
    assert column(page, "peak")[1][-2:] == ["∞", "–"]


def test_columns_are_what_differs_until_others_are_chosen_and_a_link_keeps_them(browser, many):
    page = opened(browser, many / "index.html")
    heads = page.locator("table.reports thead th")
    assert [text.split(" ↕")[0] for text in heads.all_inner_texts()] == [
        "Report",
        "Changed from the default",
        "Key results",
    ]
    page.get_by_label("Theme").select_option("reuptake")
    assert heads.evaluate_all("all => all.map(head => head.dataset.id)") == ["title", "net_occupancy", "peak"]
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("Firing rate within the burst (Hz)").check()
    page.get_by_label("Peak (nM)").uncheck()
    found(page, "r00")
    again = opened(browser, many / "index.html")
    again.goto(page.url)
    again.reload()
    for one in (page, again):
        heads = one.locator("table.reports thead th")
        assert heads.evaluate_all("all => all.map(head => head.dataset.id)") == ["title", "net_occupancy", "burst_rate"]
        assert rows(one) == ["r000", "r002", "r004", "r006", "r008"]
    page.get_by_role("button", name="The usual columns").click()
    assert heads.count() == 3 and column(page, "peak")[1][0] == "0"


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
