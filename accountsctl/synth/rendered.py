"""Rendered texts, kept from one command to the next: a project that did not change needs no Jinja.

A text is kept under everything that it was made of, so it cannot be out of date: the templates that it may include, the
values, and the code that renders.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from accountsctl.model.project import TemplateSource
from accountsctl.ports.template_cache import TemplateCache


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


def _key(name: str, templates: Mapping[str, TemplateSource], context: Mapping[str, object]) -> str | None:
    """Of all that decides the text; None where a value is not one of JSON's and so cannot be compared."""
    sources = sorted((template, source.file, source.text) for template, source in templates.items())
    try:
        whole = json.dumps([name, sources, context, _renderer()])
    except TypeError:
        return None
    return f"rendered-{hashlib.sha256(whole.encode()).hexdigest()}"


@cache
def _renderer() -> str:
    return Path(__file__).with_name("rendering.py").read_text()
