"""Build the reading site, offline: `python docs/build.py [FOLDER]`, by default into build/site.

Pages are gathered into a folder of Markdown first (build/site-source): those of docs/pages, lessons from the stored
notebooks, ledgers from nbmodel/data, the interface from docstrings. Then Sphinx turns it into HTML; a warning is a fault.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent


def gather(source: Path) -> None:
    """Write the pages that Sphinx reads."""
    from generator import interface, ledgers, lessons, links, start

    from nbmodel import collection, scenario
    from nbmodel.report import html, sliders

    notebooks = collection.notebooks_folder()
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS / "style", source / "_static")
    (source / "_static" / "sliders.js").write_text(sliders.SCRIPT, encoding="utf-8")
    # Sliders look as they do in a report.
    look = re.findall(r"^\.sliders.*$|^@media.*\.sliders.*$", html.stylesheet(), re.MULTILINE)
    (source / "_static" / "sliders.css").write_text("\n".join(look), encoding="utf-8")
    names = [theme.notebook for theme in scenario.THEMES.values()]
    read = [lessons.read(notebooks / f"{name}.ipynb") for name in names]
    for lesson in read:
        lessons.write(lesson, names, source / "lessons")
    (source / "index.md").write_text(start.page(read, source / "_static"), encoding="utf-8")

    def section(notebook: str, words: str) -> str:
        anchor = f"#{lessons.section(notebooks / f'{notebook}.ipynb', words)}" if words else ""
        return f"lessons/{notebook}.html{anchor}"

    made = {
        "parameters": ledgers.parameters_page(),
        "drugs": ledgers.drugs_page(),
        "conditions": ledgers.conditions_page(),
        "evidence": ledgers.evidence_page(),
        "claims": ledgers.claims_page(section),
        "references": ledgers.references_page(),
    }
    made |= {
        path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "pages").glob("*.md") if path.stem != "index"
    }
    for name, text in made.items():
        (source / f"{name}.md").write_text(links.rewritten(text, "", f"{name}.html"), encoding="utf-8")
    for file, page in links.PAGES.items():
        if page and page != "index.html":
            text = (ROOT / file).read_text(encoding="utf-8")
            (source / f"{Path(page).stem}.md").write_text(start.of_file(text, file, page), encoding="utf-8")
    for picture in ("intervals.png", "case.png"):
        shutil.copy(DOCS / picture, source)
    interface.write(source / "api")


def main(site: Path) -> int:
    """Gather the pages and build; return Sphinx's exit status."""
    from generator import places
    from sphinx.cmd.build import main as sphinx

    from nbmodel import collection, scenario

    source = site.with_name(f"{site.name}-source")
    gather(source)
    options = ["-b", "html", "-c", DOCS, "-d", site.with_name(f"{site.name}-doctrees"), "-W", "--keep-going", "-q"]
    options += ["-D", f"html_static_path={source / '_static'}"]
    status = sphinx([*map(str, options), str(source), str(site)])
    for theme in scenario.THEMES.values():
        shutil.copy(collection.notebooks_folder() / f"{theme.notebook}.ipynb", site / "lessons")
    places.write(site)
    trim(site / "_static")
    return status


def trim(static: Path) -> None:
    """Take away what the theme brings and no page needs: 1.5 MB of code that draws icons which its fonts have, and more."""
    (static / "scripts" / "fontawesome.js").write_text(
        "// Icons are drawn by the fonts of the theme.\n", encoding="utf-8"
    )
    for waste in [*static.rglob("*.map"), *static.rglob("*.html"), *static.rglob("fa-brands-*"), static / "locales"]:
        shutil.rmtree(waste) if waste.is_dir() else waste.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "site"))
