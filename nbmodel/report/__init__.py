"""From a scenario to a report: papermill runs the notebook, one template of ours makes the page.

`run` builds a report, `html` its page, `index` the list of a folder, `store` readies a notebook for git, `check` holds
stored notebooks against a fresh run (nbval). The modules are imported one by one: papermill and nbconvert are slow.
"""
