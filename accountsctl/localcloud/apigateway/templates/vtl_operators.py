"""Velocity's operators on values: comparison, and arithmetic on whole numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError
from accountsctl.localcloud.apigateway.templates.vtl_values import show

LARGEST_RANGE = 10_000
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# As in Java, a quotient is cut towards zero, and a remainder has the sign of the dividend.
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: int(left / right),
    "%": lambda left, right: int(math.fmod(left, right)),
}


def binary(sign: str, left: Any, right: Any) -> Any:
    """The value of `left sign right`; `+` also joins texts. Raises VtlError if the values have no such operation."""
    if sign in ("==", "!="):
        return bool(left == right) is (sign == "==")
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        return show(left) + show(right)
    try:
        return (_COMPARISONS.get(sign) or _ARITHMETIC[sign])(left, right)
    except (TypeError, ValueError, ArithmeticError) as reason:
        raise VtlError(f"{show(left)} {sign} {show(right)}: {reason}") from None


def numbers(first: Any, last: Any) -> list[int]:
    """The numbers of `[first..last]`, both included, upwards or downwards."""
    if not isinstance(first, int) or not isinstance(last, int) or abs(last - first) > LARGEST_RANGE:
        raise VtlError(f"[{show(first)}..{show(last)}] is not a range of whole numbers")
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))
