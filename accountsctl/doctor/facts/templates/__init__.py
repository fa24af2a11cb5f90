"""The static layer: CloudFormation and SAM templates, and handlers' sources, as facts about APIs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import read_document
from accountsctl.doctor.facts.templates.every_api import apis_of, others_of
from accountsctl.doctor.facts.templates.forms import form_faults
from accountsctl.doctor.facts.templates.included import with_included
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.templates.unread_types import with_nothing_read
from accountsctl.model.errors import CouldNotLook, ProjectError


def _nothing(source: str, location: str) -> None:
    """No file of any template."""


def read_templates(
    files: Mapping[str, str],
    parameters: Mapping[str, Any] | None = None,
    included: Callable[[str, str], str | None] = _nothing,
    sources: Callable[[str, str], Mapping[str, str]] = lambda *_: {},
) -> tuple[Api, ...]:
    """Every API, bucket and distribution of some templates (name -> text); ProjectError where one cannot be read.

    `included` gives the text of a file that a template names: of the template's name and the file's location; `sources`
    the code in a folder that it names, by the paths in it.
    CouldNotLook if they have nothing but APIs that are not read: of WebSockets, web functions.
    """
    found: list[Api] = []
    others: list[CouldNotLook] = []
    for source, text in files.items():
        document = with_included(read_document(source, text), partial(included, source))
        code = partial(sources, source)
        reader = Reader(document, Resolver(document, parameters or {}), sources=code)
        # A macro may take any form, and give another.
        faults = [] if reader.incomplete else form_faults(document)
        if faults:
            raise ProjectError(faults)
        every = [*apis_of(reader), *others_of(reader)]
        found += [replace(api, name=api.name if len(files) == 1 else f"{source}#{api.name}") for api in every]
        others += with_nothing_read(reader, source)
    if others and not found:
        raise others[0]
    return tuple(found)
