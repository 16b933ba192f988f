"""A student's value as JSON, which can be judged as data: this is the only code that touches what a student's code made."""

from __future__ import annotations

import base64
import dis
import io
from collections.abc import Sequence
from typing import Any

LONGEST = 4000  # values that a function may return
LARGEST_PICTURE = 1_500_000  # bytes
# What a function does that is handed out with `...` for a body: it names the parts of its arguments, and no more.
IDLE = ("RESUME", "LOAD_", "UNPACK_", "STORE_FAST", "RETURN_", "NOP", "POP_TOP", "MAKE_CELL", "COPY_FREE_VARS")


def answer(kind: str, value: Any, inputs: Sequence[Sequence[Any]] = ()) -> Any:
    """Return what a student's variable holds as JSON.

    Parameters
    ----------
    kind : str
        "number", "function" or "figure".
    value : Any
        Content of the variable; None and ... stand for a question that was not tried.
    inputs : sequence of sequences
        Arguments of each call of a function.

    Returns
    -------
    None, number, list or dict
        None (not tried), a number, a list with an item for each row of `inputs`, `{"png": ...}` in base64, or
        `{"other": ...}`, which says why it is none of these.

    Examples
    --------
    >>> answer("number", 2), answer("number", "two"), answer("number", ...)
    (2.0, {'other': 'str'}, None)
    """
    if kind == "number" or value is None or value is ...:
        return number(value)
    if kind == "function":
        return [_call(value, row) for row in inputs] if callable(value) else _other(value)
    return _picture(value)


def number(value: Any) -> Any:
    """Return a student's value as a number, as None where it was not tried, or why it is no number."""
    if value is None or value is ...:
        return None
    try:
        # NumPy's own kinds: float() would take the real part of a complex number, and a truth value for one.
        unlike = getattr(getattr(value, "dtype", None), "kind", "f") not in "iufO"
        if unlike or isinstance(value, bool | str | bytes | complex):
            return _other(value)
        found = float(value)
    except Exception:
        return _other(value)
    return found if abs(found) < float("inf") else {"other": "a number that is not finite"}


def arguments(row: Sequence[Any]) -> list[Any]:
    """Return the arguments of one call as a function gets them: a list arrives as an array."""
    import numpy as np

    return [np.array(value) if isinstance(value, list) else value for value in row]


def _call(function: Any, row: Sequence[Any]) -> Any:
    import numpy as np

    try:
        value = function(*arguments(row))
        if value is None:
            return None if _is_stub(function) else _other(value)
        if isinstance(value, list | tuple | np.ndarray) and np.ndim(value) > 0:
            return [number(item) for item in np.ravel(np.asarray(value, dtype=object))[:LONGEST]]
        return number(value)
    except (Exception, SystemExit) as error:
        return _other(error)  # a student's code may raise anything; not its message, which could hold the inputs


def _is_stub(function: Any) -> bool:
    """Return true for a function as it was handed out, false for one that does something and forgets to return it."""
    code = getattr(function, "__code__", None)
    return code is not None and all(step.opname.startswith(IDLE) for step in dis.get_instructions(code))


def _picture(value: Any) -> Any:
    if not hasattr(value, "savefig"):
        value = getattr(value, "figure", None)  # axes know their figure
    if not hasattr(value, "savefig"):
        return _other(value)
    buffer = io.BytesIO()
    value.savefig(buffer, format="png", dpi=80)
    png = buffer.getvalue()
    return {"png": base64.b64encode(png).decode()} if len(png) <= LARGEST_PICTURE else {"other": "a picture too large"}


def _other(value: Any) -> dict[str, str]:
    return {"other": str(type(value).__name__)[:60]}
