"""From a scenario to a report: papermill runs the notebook, one template of ours makes the page.

`run` builds a report, `html` its page, `records` keeps what is known of it, `store` readies a notebook for git, `content`
says whether it must be made again. The modules are imported one by one: papermill and nbconvert are slow.
"""

import sys

# jsonschema, on which nbformat stands, compiles a grammar of internationalised addresses if that package is there, for a
# format that no notebook has: `import nbformat` took 2.1 s with it and 0.35 s without. It does without when the import
# fails.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
