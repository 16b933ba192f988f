"""Names of reports: made from a scenario, or given and checked. A name becomes three files in one folder."""

from __future__ import annotations

import hashlib
import json
import re

from nbmodel.scenario import Scenario

LONGEST = 80
# The pages that stand beside the reports, and names that Windows keeps for devices.
RESERVED = {"index", "terms", "con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


def of(scenario: Scenario) -> str:
    """Return the name of a scenario's report: its theme and what differs from the default.

    Two scenarios never share a name: one that was cut or cleaned for the file system carries a hash of its values.
    """
    parts = [scenario.theme, *(f"{name}-{value}" for name, value in scenario.changed.items())]
    exact = "_".join(parts)
    name = re.sub(r"[^A-Za-z0-9._+-]+", "-", exact)
    if name != exact or len(name) > LONGEST or refusal(name):
        digest = hashlib.sha256(json.dumps(scenario.changed, sort_keys=True).encode()).hexdigest()[:10]
        name = f"{name[: LONGEST - 11].rstrip('._-')}_{digest}"
    return name


def refusal(name: str) -> str:
    """Reason why `name` cannot be the name of a report, in a sentence that says what to do; empty when it can."""
    shown = repr(name if len(name) <= 60 else name[:57] + "...")
    if not name:
        return "the name of a report is empty; leave --name out and one is made from the parameters"
    if len(name) > LONGEST:
        return f"the name {shown} has {len(name)} characters; use at most {LONGEST}"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", name):
        return (
            f"the name {shown} cannot be a file name; use letters a-z, digits and _-+. and begin with a letter or digit"
        )
    if name.split(".")[0].lower() in RESERVED or name.endswith((".", ".failed", ".results")):
        return f"the name {shown} is kept for something else; choose another"
    return ""
