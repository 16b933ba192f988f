"""The reading site: built once without the network, then read in a real browser that has none."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from test_browser import CHROMIUM, browser, opened, sent

from nbmodel import collection, scenario
from nbmodel.data import formulary, parameters, references
from nbmodel.evidence import claims, rows
from nbmodel.exercises import questions

ROOT = collection.checkout()
# A page of each kind.
KINDS = (
    "index",
    "lessons/02_reuptake",
    "lessons/06_disorders",
    "terms",
    "parameters",
    "drugs",
    "evidence",
    "claims",
    "conditions",
    "references",
    "launch",
    "teaching",
    "contributing",
    "changelog",
    "api",
    "api/reuptake",
    "find",
)
LESSONS = [theme.notebook for theme in scenario.THEMES.values()]

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt install chromium)"),
]
assert browser  # a fixture


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a site") / "site"
    # A proxy that is not there: whatever asks the network fails the build.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    command = [sys.executable, ROOT / "docs" / "build.py", folder]
    done = subprocess.run(command, env=os.environ | nowhere, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return folder


@pytest.fixture(scope="session")
def pages(site):
    """Every page, parsed, by its path."""
    return {
        path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture
def page(site, pages):
    """Find a page by its name."""
    return lambda name: pages[site / f"{name}.html"]


# What stands in it


def test_every_link_and_anchor_leads_somewhere(site, pages):
    ids = {path: {tag["id"] for tag in soup.find_all(id=True)} for path, soup in pages.items()}
    dead = set()
    for path, soup in pages.items():
        for tag in soup.find_all(["a", "img", "script", "link"]):
            url = urlsplit(tag.get("href") or tag.get("src") or "")
            if url.scheme in ("https", "http", "mailto", "data"):
                assert tag.name == "a" or url.scheme == "data", f"{path.name} asks for {url.geturl()}"
                continue
            to = (path.parent / unquote(url.path)).resolve() if url.path else path
            if not to.exists() or (url.fragment and to in ids and unquote(url.fragment) not in ids[to]):
                dead.add(f"{path.relative_to(site)}: {tag.get('href') or tag.get('src')}")
    assert sorted(dead) == []


def test_no_id_stands_twice_and_no_formula_is_left_as_its_source(pages):
    for path, soup in pages.items():
        names = [tag["id"] for tag in soup.find_all(id=True)]
        assert sorted({name for name in names if names.count(name) > 1}) == [], path
        assert soup.select("code.tex") == [], path


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_what_its_notebook_has_and_is_light(site, page, name):
    cells = json.loads((collection.notebooks_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    alts = [output["metadata"]["image/png"]["alt"] for output in outputs if "image/png" in output.get("data", {})]
    soup = page(f"lessons/{name}")
    images = soup.select("figure img")
    assert [image["alt"] for image in images] == [" ".join(alt.split()) for alt in alts]
    assert soup.select("[data-sliders]")
    assert soup.select("details.code") and soup.select("details.deeper")
    open_code = [block for block in soup.select("div.highlight-python") if not block.find_parent("details")]
    assert all(len(block.get_text().strip().splitlines()) <= 12 for block in open_code)
    pictures = sum((site / "lessons" / image["src"]).stat().st_size for image in images)
    assert (site / "lessons" / f"{name}.html").stat().st_size + pictures < 2_000_000
    captions = [caption.get_text() for caption in soup.select("figcaption")]
    numbers = [int(found[1]) for text in captions if (found := re.match(r"\s*Figure (\d+)", text))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_ledgers_stand_on_their_pages(page):
    assert {row["id"] for row in page("parameters").select("tr[id]")} == set(parameters.load())
    assert {row["id"] for row in page("evidence").select("tr[id]")} == {row.id for row in rows()}
    assert {row["id"] for row in page("references").select("tr[id]")} == set(references.bibliography().entries)
    found = {row["id"]: row for row in page("claims").select("tr[id]")}
    assert set(found) == {row.id for row in claims.rows()}
    # Verdict, section of the lesson, number, source and test.
    for row in claims.rows():
        cells = found[row.id].find_all(["th", "td"])
        assert cells[2].get_text().startswith(claims.VERDICTS)
        assert row.notebook in cells[3].a["href"] and "#" in cells[3].a["href"]
        assert "test_claims.py" in cells[6].get_text()
    drugs = page("drugs")
    assert all(drugs.find(id=links_to) for links_to in (name.lower() for name in formulary.substances()))
    assert "56 %" in drugs.find(id="clonidine").parent.get_text()
    wrong = drugs.find(id="clonidine-wrong").parent.get_text()
    assert "all but silences the LC" in wrong and "as V74a" not in wrong  # a row that is not on this page


def test_a_term_tells_its_meaning_and_a_citation_its_source(page):
    soup = page("lessons/02_reuptake")
    term = soup.find("a", href="../terms.html#net")
    assert term["title"].startswith("NET, norepinephrine transporter. A pump in the wall of the terminal")
    assert soup.find("a", string="Palij & Stamford 1994")["href"] == "../references.html#palij1994"


# In the browser


def test_nothing_is_asked_for(browser, site):
    for name in KINDS:
        tab = opened(browser, site / f"{name}.html")
        assert [url for url in sent(tab) if not url.startswith("file:")] == [], name
        assert [told for told in tab.complaints if not told.startswith("[PST]: ")] == [], name
        tab.context.close()


@pytest.mark.parametrize("words", ["autoreceptor", "Palij"])
def test_the_search_finds_places(browser, site, words):
    tab = opened(browser, site / "index.html")
    tab.get_by_label("Search all pages").fill(words)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/find.html?q=*")
    found = tab.locator("#places a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    wanted = {"autoreceptor": "terms.html#autoreceptor", "Palij": "references.html#palij1994"}[words]
    assert wanted in found and any(href.startswith("lessons/02_reuptake.html#") for href in found)
    assert tab.locator("#places mark").first.inner_text().lower() == words.lower()
    tab.locator(f'#places a[href="{wanted}"]').click()
    assert words.lower() in tab.locator(f'[id="{wanted.partition("#")[2]}"]').locator("..").inner_text().lower()


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("week 3", "lessons/03_lc_arousal.html"),
        ("adding a drug", "contributing.html#add-a-drug"),
        ("noradrenaline transporter Michaelis constant", "parameters.html#Km_NET_NE"),
        ("Km_NET_NE", "parameters.html#Km_NET_NE"),
        ("clonidine xyzzy", "drugs.html#clonidine"),
    ],
)
def test_the_search_puts_first_what_is_meant(browser, site, asked, wanted):
    tab = opened(browser, site / "find.html")
    tab.locator("#asked").fill(asked)
    assert tab.locator("#places a").first.get_attribute("href") == wanted
    assert ("No place has all" in tab.locator("#told").inner_text()) == ("xyzzy" in asked)


def test_chapters_lead_to_one_another(browser, site):
    tab = opened(browser, site / "index.html")
    tab.locator("ol.cards a").nth(2).click()
    assert tab.url.endswith("lessons/03_lc_arousal.html")
    tab.locator("a.right-next").click()
    assert tab.url.endswith("lessons/04_sleep_wake.html")
    tab.locator("a.left-prev").click()
    assert tab.url.endswith("lessons/03_lc_arousal.html")


def test_a_ledger_finds_and_sorts(browser, site):
    tab = opened(browser, site / "parameters.html")
    rows = tab.locator("table.ledger tbody tr:visible")
    tab.get_by_label("Find a parameter").fill("NET michaelis")
    symbols = rows.evaluate_all("all => all.map(row => row.id)")
    assert "Km_NET_NE" in symbols and len(symbols) < 10
    assert tab.get_by_role("status").inner_text() == f"{len(symbols)} of {len(parameters.load())}"
    tab.get_by_label("Find a parameter").fill("")
    head = tab.locator("thead th", has_text="value")
    for order in ("ascending", "descending"):
        head.get_by_role("button").click()
        assert head.get_attribute("aria-sort") == order
        values = rows.evaluate_all("all => all.map(row => Number(row.cells[2].dataset.sort))")
        assert values == sorted(values, reverse=order == "descending")
    assert tab.locator("thead [aria-sort]").count() == 1


def test_light_and_dark(browser, site):
    tab = opened(browser, site / "index.html", color_scheme="light")
    grounds = []
    for mode in ("Light", "Dark"):
        tab.get_by_role("button", name="Color mode").click()
        tab.get_by_role("button", name=mode, exact=True).click()
        assert tab.evaluate("document.documentElement.dataset.theme") == mode.lower()
        grounds.append(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] == "rgb(255, 255, 255)" != grounds[1]


def whole(tab):
    """Open what a page folds, and show what it covers until a guess."""
    tab.evaluate("document.querySelectorAll('article details').forEach(fold => { fold.open = true; })")
    tab.evaluate("document.querySelector('label.cover input:checked')?.click()")


def test_sliders_move(browser, site):
    tab = opened(browser, site / "lessons" / "02_reuptake.html")
    whole(tab)
    box = tab.locator("[data-sliders]").first
    lines = "all => all.map(line => line.getAttribute('points'))"
    before = box.locator("polyline").evaluate_all(lines)
    box.locator("input").first.focus()
    tab.keyboard.press("Home")
    assert box.locator("polyline").evaluate_all(lines) != before


GUESSES = {
    "0.7": "Well guessed.",
    "70": "the unit is not.",
    "-1": "the other way round.",
    "0": None,
    "6.5": "9.8 times too large.",
}


def test_a_guess_is_compared_as_in_the_notebook(browser, site, capsys):
    tab = opened(browser, site / "lessons" / "01_synthesis.html")
    form = tab.locator("form.guess").nth(3)  # how much control TH has
    kept = json.loads(form.get_attribute("data-answer"))
    by = kept["told"].partition(":")[0]
    for typed, words in GUESSES.items():
        form.get_by_label("Your guess").fill(typed)
        form.get_by_role("button", name="Compare").click()
        said = form.get_by_role("status").inner_text()
        questions.predicted(float(typed), kept["found"], "", kept["why"], by, kept["beside"])
        in_notebook = capsys.readouterr().out.strip()
        assert said.partition(by)[2] == in_notebook.partition(by)[2] and (words or kept["why"]) in said
    form.get_by_label("Your guess").fill("twice")
    form.get_by_role("button", name="Compare").click()
    assert form.get_by_role("status").inner_text() == "Type a number, such as 1.5."


@pytest.mark.parametrize("name", sorted(theme.notebook for theme in scenario.THEMES.values()))
def test_no_guess_is_covered_by_another_and_each_covers_its_answer(browser, site, name):
    tab = opened(browser, site / "lessons" / f"{name}.html")
    forms = tab.locator("form.guess")
    assert forms.count() >= 5
    for form in forms.all():
        told = tab.get_by_text(json.loads(form.get_attribute("data-answer"))["told"], exact=True)
        assert form.is_visible() and not told.is_visible()
        form.get_by_role("button", name="Show it").click()
        assert told.is_visible()


def test_answers_are_covered_until_a_guess_unless_a_reader_wants_to_see_all(browser, site):
    tab = opened(browser, site / "lessons" / "01_synthesis.html")
    first, second = tab.locator("form.guess").nth(0), tab.locator("form.guess").nth(1)
    answer = tab.get_by_text("This law alone: 1.15 times.", exact=True)
    figure = tab.locator("#synthesis-figure-2")
    assert not answer.is_visible() and not figure.is_visible()
    first.get_by_label("Your guess").fill("2")
    tab.keyboard.press("Enter")
    assert answer.is_visible() and figure.is_visible() and second.get_by_text("The answer is covered").is_visible()
    tab.reload()
    assert not answer.is_visible()
    first.get_by_role("button", name="Show it").click()
    assert answer.is_visible() and second.get_by_text("The answer is covered").is_visible()
    tab.reload()
    tab.evaluate("location.hash = '#synthesis-figure-2'")
    assert figure.is_visible()  # who follows a link gets there
    second.get_by_role("button", name="Show all").click()
    assert answer.is_visible() and not tab.get_by_label("Cover answers").is_checked()
    tab.goto(tab.url.partition("#")[0])
    assert answer.is_visible()  # remembered
    tab.get_by_label("Cover answers").check()
    assert not answer.is_visible()
    tab.emulate_media(media="print")
    assert answer.is_visible()  # paper has no fields to guess in


@pytest.mark.parametrize("name", KINDS)
def test_a_phone_needs_no_sideways_scrolling(browser, site, name):
    tab = opened(browser, site / f"{name}.html", viewport={"width": 390, "height": 800})
    whole(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(browser, site, name, width, scheme):
    tab = opened(browser, site / f"{name}.html", color_scheme=scheme, viewport={"width": width, "height": 900})
    whole(tab)
    found = Axe().run(tab)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
    tab.context.close()
