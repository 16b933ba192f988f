"""A lesson can be read in a class: its main line is short, its code is short, and it says how long it takes."""

import re

import lesson
import nbformat
import pytest

from nbmodel import collection, scenario

written = pytest.mark.parametrize("theme", scenario.THEMES)


def read(theme):
    return nbformat.read(collection.notebooks_folder() / f"{scenario.THEMES[theme].notebook}.ipynb", as_version=4)


@written
def test_the_main_line_fits_a_class(theme):
    notebook = read(theme)
    assert lesson.words(lesson.main_line(notebook)) <= lesson.MOST_WORDS
    assert 1 <= len(lesson.sections(notebook)) <= lesson.MOST_SECTIONS
    assert lesson.minutes(notebook) <= lesson.MOST_MINUTES


@written
def test_its_title_is_the_question_of_the_registry_and_the_readme(theme):
    one, readme = scenario.THEMES[theme], (collection.checkout() / "README.md").read_text(encoding="utf-8")
    assert read(theme).cells[0].source.splitlines()[0] == f"# {one.question}"
    assert f"[{one.notebook}](notebooks/{one.notebook}.ipynb) | {one.question} |" in readme


@written
def test_the_time_it_states_is_the_estimate(theme):
    notebook = read(theme)
    stated = re.search(r"\*\*Time\*\*: about (\d+) minutes \(an estimate\)", lesson.main_line(notebook))
    assert stated and abs(int(stated[1]) - lesson.minutes(notebook)) <= 2


@written
def test_what_stands_open_is_short_and_the_rest_is_folded(theme):
    for cell in read(theme).cells:
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden or (len(cell.source.splitlines()) <= lesson.MOST_LINES and not lesson.is_deeper(cell)), (
                cell.id
            )
            assert hidden or "alt=" not in cell.source, (
                f"{cell.id}: a picture is drawn by a function of the theme's plots"
            )


@written
def test_marks_of_the_ledgers_stand_nowhere_in_the_main_line(theme):
    assert re.findall(r"\b[CV]\d\d?[a-h]?\b", lesson.main_line(read(theme))) == []


@written
def test_a_picture_is_on_the_first_screen_and_every_figure_is_sharp(theme):
    cells = [cell for cell in read(theme).cells if cell.cell_type == "code"]
    first = next(i for i, cell in enumerate(cells) if any("image/png" in o.get("data", {}) for o in cell.outputs))
    assert first <= 2  # after the parameters and the set-up


@written
def test_every_term_of_the_page_of_terms_is_linked_where_it_is_linked_to_an_anchor_that_is_there(theme):
    from nbmodel.report import html

    headings: list[tuple[int, str, str]] = []
    html.markdown((collection.notebooks_folder() / "terms.md").read_text(encoding="utf-8"), {}, headings)
    anchors = {anchor for _, anchor, _ in headings} | set(
        re.findall(r'id="([^"]+)"', (collection.notebooks_folder() / "terms.md").read_text(encoding="utf-8"))
    )
    linked = re.findall(r"\]\(terms\.md#([^)]+)\)", "\n".join(c.source for c in read(theme).cells))
    assert [anchor for anchor in linked if anchor not in anchors] == []


def test_all_lessons_together_weigh_five_megabytes_at_most():
    assert sum(path.stat().st_size for path in collection.notebooks_folder().glob("0*.ipynb")) <= 5_000_000
