"""A rendered template's text as values, and faults on the lines that somebody wrote.

How the text is read is decided in `formats.cloudformation`. Here its faults are led back through Jinja: a line of the
rendered text to the one line of the template that it can come from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accountsctl.model.errors import Fault
from accountsctl.synth.faulty import Faulty, faulty


def parse_template(text: str, source: str, file: str) -> dict[str, Any]:
    """The values of a rendered template. `source` is the text before Jinja, `file` what faults name."""
    from accountsctl.formats.cloudformation import read_template

    read = read_template(text, file)
    if read.faults:
        raise Faulty(*(_written(fault, text, source) for fault in read.faults))
    value = read.value
    if not isinstance(value, dict):
        raise faulty(file, 1, "The template is not an object with Resources.")
    resources = value.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise faulty(file, 1, "The template has no Resources; CloudFormation needs at least one.")
    _require_objects(value, file, source)
    return value


def line_of_key(source: str, key: str) -> int:
    """The first line on which `key` is written as a key, 0 where it is not to be found."""
    found = re.search(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*:", source, re.MULTILINE)
    found = found or re.search(rf"[\"']{re.escape(key)}[\"']\s*:", source)
    return source.count("\n", 0, found.end()) + 1 if found else 0


def _require_objects(value: Mapping[str, Any], file: str, source: str) -> None:
    wrong = [
        Fault(file, line_of_key(source, section), f"{section} is not an object.")
        for section in ("Parameters", "Outputs", "Mappings", "Conditions", "Metadata")
        if not isinstance(value.get(section, {}), dict)
    ]
    wrong += [
        Fault(file, line_of_key(source, name), f'The resource "{name}" has no Type.')
        for name, resource in value["Resources"].items()
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str)
    ]
    wrong += [
        Fault(file, line_of_key(source, name), f'The Properties of "{name}" are not an object.')
        for name, resource in value["Resources"].items()
        if isinstance(resource, dict) and not isinstance(resource.get("Properties") or {}, dict)
    ]
    if wrong:
        raise Faulty(*wrong)


def _written(fault: Fault, text: str, source: str) -> Fault:
    """The fault on the line of `source` that its rendered line comes from; on none where Jinja makes it ambiguous."""
    if text == source:
        return fault
    lines = text.splitlines()
    rendered = lines[fault.line - 1] if 0 < fault.line <= len(lines) else None
    written = [number for number, line in enumerate(source.splitlines(), 1) if line == rendered]
    if len(written) == 1:
        return replace(fault, line=written[0])
    return replace(fault, line=0, what=f"{fault.what} (line {fault.line} once rendered)")
