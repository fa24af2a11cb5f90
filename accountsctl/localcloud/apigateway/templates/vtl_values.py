"""The values of mapping templates: what can be called on them, how they are printed, and what is true.

API Gateway's templates work on Java's strings, lists and maps, and call their methods:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError

Methods = Mapping[str, Callable[..., Any]]
"""Methods by name; each takes the value that it is called on as its first argument."""


def _put(values: dict[str, Any], key: str, value: Any) -> Any:
    """Map.put gives the value that was there before."""
    before = values.get(key, "")
    values[key] = value
    return before


def _replace_at(values: list[Any], index: int, value: Any) -> Any:
    before, values[index] = values[index], value
    return before


def _append(values: list[Any], value: Any) -> bool:
    values.append(value)
    return True


def _parse(text: str) -> Any:
    return json.loads(text)


_STRING: Methods = {
    "matches": lambda text, pattern: re.fullmatch(pattern, text) is not None,
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == str(other).lower(),
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "length": len,
    "isEmpty": lambda text: not text,
    "replace": lambda text, old, new: text.replace(old, new),
    "replaceAll": lambda text, pattern, new: re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", new), text),
    "concat": lambda text, other: text + other,
    "indexOf": lambda text, part: text.find(part),
    "lastIndexOf": lambda text, part: text.rfind(part),
    "substring": lambda text, start, end=None: text[start:end],
    "split": lambda text, pattern: re.split(pattern, text),
}
_MAP: Methods = {
    "get": lambda values, key: values.get(key, ""),
    "put": _put,
    "putAll": lambda values, others: values.update(others) or "",
    "remove": lambda values, key: values.pop(key, ""),
    "containsKey": lambda values, key: key in values,
    "keySet": list,
    "values": lambda values: list(values.values()),
    "entrySet": lambda values: [{"key": key, "value": value} for key, value in values.items()],
    "getKey": lambda entry: entry["key"],
    "getValue": lambda entry: entry["value"],
    "isEmpty": lambda values: not values,
    "size": len,
}
_LIST: Methods = {
    "get": lambda values, index: values[index],
    "set": _replace_at,
    "add": _append,
    "addAll": lambda values, others: values.extend(others) or True,
    "remove": lambda values, index: values.pop(index),
    "contains": lambda values, value: value in values,
    "isEmpty": lambda values: not values,
    "size": len,
}


def _url_encoded(text: str) -> str:
    """As Java's URLEncoder writes a form: a blank is +, * stays, and ~ does not."""
    return quote_plus(text, safe="*").replace("~", "%7E")


UTIL: Methods = {
    "escapeJavaScript": lambda text: json.dumps(show(text))[1:-1].replace("'", "\\'"),
    "urlEncode": _url_encoded,
    "urlDecode": unquote_plus,
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(text).decode(),
    "parseJson": _parse,
}
"""`$util`; here the first argument is the template's own."""
_ANY: Methods = {"toString": lambda value: show(value), "equals": lambda value, other: value == other}
_KINDS: tuple[tuple[Any, Methods], ...] = ((dict, _MAP), (str, _STRING), (list, _LIST))
METHODS = {*_STRING, *_MAP, *_LIST, *UTIL, *_ANY, "params", "json", "path"}
"""Every method that some value has; whether a value has it shows when a request comes."""


def method(value: Any, name: str) -> Callable[..., Any] | None:
    """The method of a value; None if it has no such method."""
    methods = next((methods for kind, methods in _KINDS if isinstance(value, kind)), {})
    return methods.get(name) or _ANY.get(name)


def call(source: str, function: Callable[..., Any], arguments: list[Any]) -> Any:
    """The result of a method; raises VtlError, with the reference's `source`, where Java would throw."""
    try:
        return function(*arguments)
    except (re.error, TypeError, ValueError, AttributeError, LookupError, RecursionError) as reason:
        raise VtlError(f"{source}: {reason}") from None


def truth(value: Any) -> bool:
    """What `#if` takes for true."""
    return value is not None and value is not False and value != ""


def show(value: Any) -> str:
    """A value as a template prints it: Java's toString, with lists as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={show(part)}" for key, part in value.items()) + "}"
    return json.dumps(value, separators=(",", ":")) if isinstance(value, list) else str(value)
