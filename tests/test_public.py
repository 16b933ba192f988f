"""The public face: the names that notebooks and users take from the package, which move only with a word in the CHANGELOG."""

import json
import re
import subprocess
import sys

import pytest

import nbmodel
from nbmodel import collection

PINNED = [
    "synthesis",
    "reuptake",
    "lc_arousal",
    "sleep_wake",
    "attention",
    "disorders",
    "scenario",
    "evidence",
    "scores",
    "cell_body_protocols",
    "probes",
    "claims",
    "exercises",
    "figures",
    "schematics",
    "norepinephrine_terminal",
    "dopamine_terminal",
    "receptors",
    "varicosity",
    "circulation",
    "dialysis",
    "dialysis_protocols",
    "tissue_protocols",
    "transients",
    "firing",
    "gain",
    "cell_variety",
    "detection",
    "cocktail_party",
    "performance",
    "decision",
    "drugs",
    "drug_levels",
    "pharmacodynamics",
    "pharmacokinetics",
    "conditions",
    "treatment",
    "readouts",
    "clamped_balance",
    "virtual_patients",
    "clinical_studies",
    "kinetics",
    "network",
    "formulas",
    "solve",
    "sbml",
    "ensemble",
    "roc",
    "parameters",
    "what_if",
    "plausible",
    "references",
    "tables",
]


def test_the_public_names_are_these() -> None:
    assert sorted(nbmodel.PUBLIC) == sorted(PINNED)
    assert set(PINNED) <= set(dir(nbmodel))


@pytest.mark.parametrize("name", PINNED)
def test_a_public_name_is_a_module_that_says_what_it_is(name: str) -> None:
    assert getattr(nbmodel, name).__doc__


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(AttributeError, match="did you mean 'reuptake'"):
        nbmodel.reuptak  # noqa: B018


def test_a_public_name_is_loaded_when_it_is_asked_for() -> None:
    code = "import sys, nbmodel; print('nbmodel.core.solve' in sys.modules, nbmodel.solve.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "nbmodel.core.solve"]


def test_lessons_import_public_names_and_modules_of_their_theme_only() -> None:
    taken = set()
    for path in [*collection.notebooks_folder().glob("*.ipynb"), *collection.reference_folder().glob("*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        code = re.sub(r"  #.*", "", code)
        for names in re.findall(r"from nbmodel import (?:\(([^)]*)\)|([^\n]*))", code):
            taken |= {name.strip() for name in "".join(names).split(",") if name.strip()}
        assert set(re.findall(r"from (nbmodel\.[\w.]+) import", code)) <= {
            "nbmodel.exercises",
            "nbmodel.synthesis",
            "nbmodel.reuptake",
            "nbmodel.lc_arousal",
            "nbmodel.sleep_wake",
            "nbmodel.attention",
            "nbmodel.disorders",
            "nbmodel.evidence",
            "nbmodel.drugs.pharmacodynamics",
        }
    assert taken <= set(PINNED)
