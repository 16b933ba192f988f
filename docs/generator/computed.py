"""What the models give for the ledgers, computed once for each state of the package: it takes half a minute."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from nbmodel import collection, evidence
from nbmodel.evidence import claims

KEPT = Path(__file__).parent.parent.parent / "build" / "site-computed.json"


def observed() -> list[dict[str, Any]]:
    """Return the rows of the evidence, as `evidence.table` gives them."""
    return list(_computed()["evidence"])


def claimed() -> list[dict[str, Any]]:
    """Return the claims, each with its number and verdict."""
    return list(_computed()["claims"])


@cache
def _computed() -> dict[str, list[dict[str, Any]]]:
    state = hashlib.sha256()
    for path in [*collection.files(), *sorted(collection.notebooks_folder().glob("*.ipynb"))]:
        state.update(path.name.encode() + path.read_bytes())
    key = state.hexdigest()
    try:
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        kept = {}
    if kept.get("key") != key:
        # As a program reads it: numbers of NumPy become plain ones.
        rows = {"evidence": evidence.table(), "claims": claims.table()}
        kept = json.loads(json.dumps({"key": key, **rows}, default=lambda value: value.item()))
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept), encoding="utf-8")
    return kept
