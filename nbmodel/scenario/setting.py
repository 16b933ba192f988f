"""Setting of a theme: its default, bounds, unit and help, and the check of what somebody typed for it.

Whatever is typed is data: a number with a unit is read by one pattern, and nothing else reaches a unit library.
"""

from __future__ import annotations

import math
import re
import reprlib
from dataclasses import dataclass
from numbers import Real

from nbmodel.data import numerals, parameters
from nbmodel.data.typed_rows import did_you_mean

Scalar = float | int | bool | str

# A number and a unit as people type them: '14 nM', '1e-8 mol/L', '2 1/s', '70 %'. Nothing else reaches pint, which would
# work out any arithmetic it is given: '9**9**9**9' for ever.
_NAME = r"[^\W\d_]{1,20}(?:(?:\*\*|\^)-?[1-3])?"
QUANTITY = re.compile(rf"({numerals.NUMBER}|[-+]?inf|nan)\s*((?:1/)?{_NAME}(?:\s?[*/]\s?{_NAME}){{0,3}}|%)?")


@dataclass(frozen=True)
class Setting:
    """Setting of a theme: a number, a whole number, a switch or a choice.

    Parameters
    ----------
    name : str
    default : float, int, bool or str
        Its type says which kind of setting it is.
    help : str
        Meaning, in words.
    unit : str
        Unit of a number; '' for a pure one.
    low, high : float, optional
        Bounds of a number, in `unit`; every number has them.
    choices : tuple of str, optional
        Allowed words of a choice.
    source : str
        Origin of the default.
    because : str
        Origin of the bounds, for those who are refused.
    symbol : str
        Number of the tables that the default is.

    Examples
    --------
    >>> Setting("basal_ne", 6.0, "basal NE", "nM", low=1.0, high=15.0).check("0.005 uM")
    5.0
    """

    name: str
    default: Scalar
    help: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None
    source: str = ""
    because: str = ""
    symbol: str = ""

    @property
    def kind(self) -> str:
        """Kind of the setting: 'choice', 'switch', 'integer' or 'number'."""
        if self.choices is not None:
            return "choice"
        return {bool: "switch", int: "integer"}.get(type(self.default), "number")

    @property
    def label(self) -> str:
        """Meaning in a few words, for the head of a column: `help` without article, up to what explains it further."""
        return re.sub(r"^(the|a|an) ", "", re.split(r"[,:;(]", self.help)[0].strip())

    @property
    def range(self) -> str:
        """Allowed values in words."""
        if self.kind == "choice":
            return ", ".join(self.choices or ())
        return "true or false" if self.kind == "switch" else f"{self.low:g} to {self.high:g}"

    def check(self, value: object) -> Scalar:
        """Return `value`, as it was typed, as a plain scalar in this setting's unit.

        Raises
        ------
        ValueError
            For a value that is not allowed, with a sentence that says what to type.
        """
        if value is None:  # a name with nothing after it, in YAML
            raise ValueError(
                f"{self.name} has no value; give it one ({self.range} {self.unit}".rstrip() + ") or remove it"
            )
        if self.kind == "choice":
            if value not in (self.choices or ()):
                raise ValueError(
                    f"{self.name} = {brief(value)} is not one of {self.range}"
                    + (
                        f" ({self.because})"
                        if self.because
                        else did_you_mean(word(value), dict.fromkeys(self.choices or ()))
                    )
                )
            return str(value)
        if self.kind == "switch":
            truths = {"true": True, "false": False}
            if not isinstance(value, bool) and word(value).lower() not in truths:
                raise ValueError(f"{self.name} = {brief(value)} must be true or false")
            return value if isinstance(value, bool) else truths[word(value).lower()]
        number = self._number(value)
        if self.kind == "integer" and number != int(number):
            raise ValueError(f"{self.name} = {brief(value)} must be a whole number, {self.range}")
        assert self.low is not None and self.high is not None  # every number has bounds; `scenario` checks it
        if not self.low <= number <= self.high:
            because = f" ({self.because})" if self.because else ""
            raise ValueError(
                f"{self.name} = {_shown(value)} is out of range: it must lie in {self.range} {self.unit}".rstrip()
                + because
            )
        return int(number) if self.kind == "integer" else number

    def _number(self, value: object) -> float:
        wanted = (
            f"a number in {self.unit}, such as '{self.default:g} {self.unit}'"
            if self.unit
            else f"a plain number, such as {self.default:g}"
        )
        try:
            if isinstance(value, Real) and not isinstance(value, bool):
                number = float(value)
            elif isinstance(value, str) and (match := QUANTITY.fullmatch(value.strip())):
                number = float(match[1])
                if match[2]:
                    # Twelve digits, or 0.001 uM would come out a rounding error below a bound of 1 nM.
                    number = float(f"{parameters.convert(number, match[2], self.unit or 'dimensionless'):.12g}")
            else:
                raise ValueError
        except (ValueError, OverflowError):
            mended = numerals.with_point(word(value))
            raise ValueError(f"{self.name} = {brief(value)} is not {wanted}{mended}") from None
        if not math.isfinite(number):
            raise ValueError(f"{self.name} = {brief(value)} must be a finite number, {self.range} {self.unit}".rstrip())
        return number


def from_table(
    name: str, symbol: str, help: str, unit: str, low: float | None = None, high: float | None = None
) -> Setting:
    """Setting whose default (and bounds, unless given) are a row of parameters.csv, in `unit`.

    Raises
    ------
    ParameterError
        For a symbol that the table does not have, or a unit of another kind.

    Examples
    --------
    >>> from_table("basal_ne", "x0_ECF", "basal NE", "nM").range
    '1 to 15'
    """
    row = parameters.load()[symbol]
    to = unit or "dimensionless"
    value, bottom, top = (
        (row.value, row.low, row.high)
        if row.unit == to
        else (parameters.convert(v, row.unit, to) for v in (row.value, row.low, row.high))
    )
    return Setting(
        name,
        value,
        help,
        unit,
        bottom if low is None else low,
        top if high is None else high,
        source=f"{symbol}: {', '.join(row.source)} ({row.status})",
        symbol=symbol,
    )


def brief(value: object) -> str:
    """Short text of any value for an error message: what was typed may be huge, or a nest of YAML aliases."""
    short = reprlib.Repr()
    short.maxstring, short.maxlevel = 80, 2
    return short.repr(value)


def word(value: object) -> str:
    """Return a text as it is; of anything else, which may be a nest of lists, the empty text."""
    return value if isinstance(value, str) else ""


def _shown(value: object) -> object:
    return brief(value) if len(word(value)) > 80 else value


def written(value: Scalar) -> str:
    """Text of a value as a reader sees it: six digits at most, switches as true and false.

    Examples
    --------
    >>> written(0.123456789), written(True)
    ('0.123457', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
