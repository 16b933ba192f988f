"""The floor: a notebook's bare code in a forked process, and its page; no kernel, no messages, no papermill.

`python -m tests.bench.floor COUNT THEME SETTING FIRST NOTEBOOK FOLDER` makes COUNT pages, each with another value of the
setting. The parent imports what a kernel and an exporter import, and computes what reports of the theme share; each fork
runs the cells, keeps what they display, and writes the page.
"""

import ast
import contextlib
import io
import json
import os
import sys
from pathlib import Path


def outputs_of(source: str, names: dict[str, object], shown: list[dict]) -> list[dict]:
    """Run a cell and return its outputs as a notebook stores them."""
    from IPython.core.formatters import format_display_data

    shown.clear()
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    outputs = [dict(output) for output in shown]
    if printed.getvalue():
        outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": printed.getvalue()})
    if value is not None:
        data, metadata = format_display_data(value)
        outputs.append({"output_type": "execute_result", "data": data, "metadata": metadata, "execution_count": 1})
    return outputs


def report(path: Path, setting: dict[str, float], target: Path) -> None:
    """Run the notebook's cells in this process, with a setting changed, and write its page."""
    import nbformat
    from IPython.core.formatters import format_display_data

    from nbmodel.report import html

    notebook = nbformat.read(path, as_version=4)
    shown: list[dict] = []

    def display(data, metadata=None, raw=False, **_: object) -> None:
        if not raw:  # an object that knows how it is shown
            data, metadata = format_display_data(data)
        shown.append({"output_type": "display_data", "data": dict(data), "metadata": metadata or {}})

    for module in [m for name, m in sys.modules.items() if name.startswith("nbmodel") and hasattr(m, "display")]:
        module.display = display
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = nbformat.from_dict(outputs_of(cell.source, names, shown))
        if "parameters" in cell.metadata.get("tags", []):
            names.update(setting)
    target.write_text(html.page(notebook), encoding="utf-8")
    target.with_suffix(".ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def main(count: int, theme: str, name: str, first: float, path: Path, folder: Path) -> None:
    from nbmodel.kernels import beforehand

    beforehand.load()
    beforehand.run(str(path))
    from nbmodel.report import html

    html._exporter()
    import matplotlib

    matplotlib.use("agg")
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            report(path, {name: first * (1.01 + 0.01 * number)}, folder / f"{number}.html")
            os._exit(0)
        if os.waitpid(pid, 0)[1]:
            sys.exit("the notebook's bare code failed")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:4], float(sys.argv[4]), *map(Path, sys.argv[5:]))
