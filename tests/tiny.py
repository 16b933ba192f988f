"""A small notebook of the theme reuptake, for tests that need a real kernel but not a whole lesson."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nbmodel import scenario
from nbmodel.batch import keeping, pool, workers
from nbmodel.report import records, run, stamp

PARAMETERS = """net_occupancy = 0.0  # number: share of norepinephrine transporters that a drug blocks
basal_ne = 6.0  # nM: norepinephrine outside the cells at rest
burst_rate = 10.0  # Hz: firing rate within the burst
burst_duration = 0.4  # s: how long the burst lasts"""

TEXT = r"""# Reuptake, in short

Terms: [terms](terms.md#units). Other notebooks: [synthesis](01_synthesis.ipynb), [disorders](06_disorders.ipynb).

The rate is $V s / (K_\mathrm{m} + s)$; in code it is `$V$`, and

$$\frac{dx}{dt} = -v$$

```
$$not a formula$$
```"""

LESSON = """from nbmodel import figures, scenario
case = scenario.read("reuptake", globals())
print(f"blocked: {net_occupancy:g}")
case"""

FIGURE = """fig, ax = figures.panels()
ax.plot([0, 1], [0, case["net_occupancy"]])
figures.show(fig, alt=f"A line from 0 to {net_occupancy:.1f} <b>.")
figures.equation("Decay", r"\\frac{dx}{dt} = -k x")"""

SLIDER = 'figures.live("reuptake")'


def notebook(folder: Path, *code: str, name: str = "02_reuptake") -> Path:
    """Write the notebook, with further code cells at its end, into `folder`; returns the folder."""
    cells = [new_markdown_cell(TEXT), new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(LESSON), new_markdown_cell("## The figure"), new_code_cell(FIGURE), new_code_cell(SLIDER)]
    cells += [new_markdown_cell("## The end"), *map(new_code_cell, code)]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb")
    return folder


def plain(folder: Path, *code: str, name: str = "02_reuptake") -> Path:
    """A notebook of these cells after the parameters of its theme, and nothing else: its kernel has nothing to import."""
    notebook(folder, *code, name=name)
    path = folder / f"{name}.ipynb"
    lesson = nbformat.read(path, as_version=4)
    theme = next((theme for theme, known in scenario.THEMES.items() if known.notebook == name), "reuptake")
    lesson.cells[1].source = scenario.parameters_cell(theme)
    lesson.cells = [
        lesson.cells[1],
        *(cell for cell in lesson.cells if cell.source == "## The end" or cell.source in code),
    ]
    nbformat.write(lesson, path)
    return folder


def build(case, name: str, folder: Path, notebooks: Path, **more):
    """Make one report in this process and keep what came of it; returns the outcome."""
    task = run.Task(name, case, notebooks=notebooks, stamp=stamp.stamp(), **more)
    outcome, before = pool.attempt(task), records.read(folder, name)
    keep = keeping.keep_failure if isinstance(outcome, workers.Failed) else keeping.keep
    keep(folder, task, outcome, before)
    return outcome
