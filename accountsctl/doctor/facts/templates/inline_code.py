"""A function's code that stands in its template, or in a folder beside it, where all of it is there to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates.common import Reader, mapping
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.handlers import main_file, read_handler
from accountsctl.doctor.facts.templates.indexes import once
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown

QUOTES = "'\"`"
DYNAMIC = "{{resolve:"


def handler_of(
    reader: Reader, name: str, properties: Mapping[str, Any], place: SourcePlace
) -> FunctionHandler | None:
    """What the code of a function tells; None if it is not there, or a part of it is not known."""
    runtime = str(properties.get("Runtime") or "")
    entry = str(properties.get("Handler") or "index.handler")
    # Without its runtime or its handler's name it is not known which code runs.
    if TRANSFORM in properties or is_unknown([runtime, entry]):
        return None
    source = _inline(properties)
    if not isinstance(source, str):
        return None if source else _in_folder(reader, name, properties, entry)
    if _has_gaps(reader, _inline(reader.stated(name)), source):
        return None
    file = "index.py" if runtime.startswith("python") else "index.js"
    handler = read_handler({file: source}, entry, place)
    if handler is not None and handler.broken and is_unknown(source):
        return None  # What stands in the place of a value is not code.
    return handler


def _in_folder(
    reader: Reader, name: str, properties: Mapping[str, Any], entry: str
) -> FunctionHandler | None:
    """What the code in the folder tells that `sam`, `aws cloudformation package` or the CDK uploads."""
    asset = mapping(mapping(reader.document.resources.get(name)).get("Metadata")).get("aws:asset:path")
    location = asset or properties.get("CodeUri") or properties.get("Code")
    if not isinstance(location, str) or "://" in location or is_unknown(location):
        return None
    files = once(reader, f"sources {location}", lambda: reader.sources(location))
    main = main_file(files, entry)
    if main is None:
        return None
    path = PurePosixPath(reader.document.source).parent / location / main
    return read_handler(files, entry, SourcePlace(reader.layer, str(path)))


def _inline(properties: Mapping[str, Any]) -> Any:
    return mapping(properties.get("Code")).get("ZipFile") or properties.get("InlineCode")


def _has_gaps(reader: Reader, stated: Any, source: str) -> bool:
    """Whether a part of the code, and not only a value in it, is known to the deployment alone.

    In code that is written out ``${...}`` is JavaScript's own.
    """
    if isinstance(stated, str) and DYNAMIC not in stated:
        return False
    return any(
        reader.hidden(found.group()) and not _is_in_quotes(source, found)
        for found in PLACEHOLDER.finditer(source)
    )


def _is_in_quotes(source: str, found: re.Match[str]) -> bool:
    """Whether a placeholder is a part of one line's text in quotes, which end after it."""
    before = source[: found.start()].rpartition("\n")[2]
    after = source[found.end() :].partition("\n")[0]
    return any(before.count(quote) % 2 and quote in after for quote in QUOTES)
