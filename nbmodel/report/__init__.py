"""From a scenario to a report: papermill runs the notebook, one template of ours makes the page.

`run` builds a report, `html` its page, `index` the list of a folder, `store` readies a notebook for git, `check` holds
stored notebooks against a fresh run (nbval). The modules are imported one by one: papermill and nbconvert are slow.
"""

import sys

# jsonschema, on which nbformat stands, compiles a grammar of internationalised addresses if that package is there: a
# second of every process, for a format that no notebook has. It does without when the import fails.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
