"""Settings of Sphinx for the reading site. `build.py` hands over a folder of pages; nothing is fetched."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from nbmodel import __version__

project = "nbmodel"
author = "The nbmodel authors"
copyright = author
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "generator.extension"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_links_external_new_tab = False
html_math_renderer = "mathml"
highlight_language = "none"

# Docstrings are in NumPy's style.
napoleon_google_docstring = False
napoleon_use_rtype = False
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"

html_theme = "sphinx_book_theme"
html_title = "Norepinephrine, in lessons and numbers"
templates_path = ["templates"]
html_sidebars = {"**": ["home.html", "find.html", "sbt-sidebar-nav.html"]}
html_context = {"default_mode": "auto"}
html_css_files = ["site.css", "sliders.css"]
html_js_files = ["tables.js", ("sliders.js", {"defer": "defer"}), ("guess.js", {"defer": "defer"})]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_favicon = None
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_repository_button": False,
    "disable_search": True,  # ours finds places (generator/places.py)
    "navbar_persistent": [],
    "max_navbar_depth": 1,
    "home_page_in_toc": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    # The drugs have a list of links at their head already, and wide tables below it.
    "secondary_sidebar_items": {"**": ["page-toc"], "drugs": []},
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "Teaching model, not for clinical use.",
}
