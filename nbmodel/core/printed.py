"""Equations as a notebook prints them: each made from the very law that runs, with its symbols said and its constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from nbmodel.core.formulas import law_latex
from nbmodel.data import parameters

if TYPE_CHECKING:
    import pandas as pd


class Equation(NamedTuple):
    """Equation for the page: what it is, its left side, its law, and how each argument of the law is written."""

    meaning: str
    left: str
    law: Callable[..., Any]
    written: Mapping[str, str]


@dataclass(frozen=True)
class Printed:
    """Equations of a theme by name, and the constants of each block of them.

    `blocks` says how an equation writes each constant, and the constant's row in `parameters.csv`.
    """

    equations: Mapping[str, Equation]
    blocks: Mapping[str, Mapping[str, str]]

    def shown(self, name: str) -> tuple[str, str]:
        """Meaning and LaTeX of an equation: the two arguments of `figures.equation`.

        Parameters
        ----------
        name : str
            One of `equations`.

        Returns
        -------
        tuple of str

        Raises
        ------
        KeyError
            For another name.

        Examples
        --------
        >>> decay = Equation("Decay", "y", lambda x, k: k * x, {"x": "x", "k": "k"})
        >>> Printed({"decay": decay}, {}).shown("decay")
        ('Decay', 'y = k\\\\, x')
        """
        one = self.equations[name]
        return one.meaning, law_latex(one.left, one.law, one.written)

    def constants(self, block: str) -> pd.DataFrame:
        """Constants of a block of equations, as a table.

        Parameters
        ----------
        block : str
            One of `blocks`.

        Returns
        -------
        DataFrame
            Columns written, meaning, value, range, unit, status and source.

        Raises
        ------
        KeyError
            For another block.

        Examples
        --------
        >>> Printed({}, {"uptake": {"K": "Km_NET_NE"}}).constants("uptake")["written"].tolist()
        ['K']
        """
        import pandas as pd

        table = parameters.load()
        found = [(written, table[symbol]) for written, symbol in self.blocks[block].items()]
        return pd.DataFrame(
            {
                "written": written,
                "meaning": row.name,
                "value": row.value,
                "range": f"{row.low:g} to {row.high:g}",
                "unit": "" if row.unit == "dimensionless" else row.unit,
                "status": row.status,
                "source": ", ".join(row.source),
            }
            for written, row in found
        )
