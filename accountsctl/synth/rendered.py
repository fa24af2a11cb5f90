"""Rendered texts and their values, kept from one command to the next: a project that did not change needs neither Jinja
nor a YAML reader.

Each is kept under everything that it was made of, so it cannot be out of date: a text under the templates that it may
include, the values, and the code that renders; a text's values under the text and the code that reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from accountsctl.model.project import TemplateSource
from accountsctl.ports.template_cache import TemplateCache

READERS = (
    "synth/parsing.py",
    "formats/cloudformation.py",
    "formats/cloudformation_yaml.py",
    "formats/template_text.py",
    "formats/json_reader.py",
    "formats/json_cursor.py",
)


def rendered(
    name: str,
    templates: Mapping[str, TemplateSource],
    context: Mapping[str, object],
    kept: TemplateCache | None = None,
) -> str:
    """`rendering.render`, or what it gave for the same templates and values before. Faulty as there."""
    key = _key(name, templates, context) if kept else None
    found = kept.get(key) if kept and key else None
    if found is not None:
        return found.decode()
    from accountsctl.synth.rendering import render

    text = render(name, templates, context, kept)
    if kept and key:
        kept.put(key, text.encode())
    return text


def parsed(text: str, source: str, file: str, kept: TemplateCache | None = None) -> dict[str, Any]:
    """`parsing.parse_template`, or what it gave for the same text before. Faulty as there, and then nothing is kept."""
    key = f"parsed-{hashlib.sha256((_readers() + text).encode()).hexdigest()}"
    found = kept.get(key) if kept else None
    if found is not None:
        with suppress(ValueError):  # a damaged file costs the time to read the text again
            body: dict[str, Any] = json.loads(found)
            return body
    from accountsctl.synth.parsing import parse_template

    body = parse_template(text, source, file)
    if kept:
        kept.put(key, json.dumps(body).encode())
    return body


def _key(name: str, templates: Mapping[str, TemplateSource], context: Mapping[str, object]) -> str | None:
    """Of all that decides the text; None if a value is not one of JSON's and so cannot be compared."""
    sources = sorted((template, source.file, source.text) for template, source in templates.items())
    try:
        whole = json.dumps([name, sources, context, _renderer()])
    except TypeError:
        return None
    return f"rendered-{hashlib.sha256(whole.encode()).hexdigest()}"


@cache
def _renderer() -> str:
    return Path(__file__).with_name("rendering.py").read_text()


@cache
def _readers() -> str:
    package = Path(__file__).parents[1]
    return "".join((package / module).read_text() for module in READERS)
