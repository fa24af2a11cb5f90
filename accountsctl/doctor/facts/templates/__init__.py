"""The static layer: CloudFormation and SAM templates, and handlers' sources, as facts about APIs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import read_document
from accountsctl.doctor.facts.templates.every_api import apis_of, others_of
from accountsctl.doctor.facts.templates.forms import form_faults
from accountsctl.doctor.facts.templates.httpapis import web_sockets_of
from accountsctl.doctor.facts.templates.included import with_included
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.templates.unread_types import unread_types
from accountsctl.model.errors import CouldNotLook, ProjectError


def _nothing(source: str, location: str) -> None:
    """No file of any template."""


def read_templates(
    files: Mapping[str, str],
    parameters: Mapping[str, Any] | None = None,
    included: Callable[[str, str], str | None] = _nothing,
) -> tuple[Api, ...]:
    """Every API, bucket and distribution of some templates (name -> text); ProjectError where one cannot be read.

    `included` gives the text of a file that a template names: of the template's name and the file's location.
    CouldNotLook if they have nothing but APIs that are not read: of WebSockets, web functions.
    """
    found: list[Api] = []
    others: list[CouldNotLook] = []
    for source, text in files.items():
        document = with_included(read_document(source, text), partial(included, source))
        reader = Reader(document, Resolver(document, parameters or {}))
        # A macro may take any form, and give another.
        faults = [] if reader.incomplete else form_faults(document)
        if faults:
            raise ProjectError(faults)
        gaps = (*_of_web_sockets(reader), *unread_types(reader))
        apis = [replace(api, not_reported=(*api.not_reported, *gaps)) for api in apis_of(reader)]
        every = [*apis, *others_of(reader)]
        found += [replace(api, name=api.name if len(files) == 1 else f"{source}#{api.name}") for api in every]
        others += _others(reader, source)
    if others and not found:
        raise others[0]
    return tuple(found)


def _of_web_sockets(reader: Reader) -> tuple[tuple[str, str], ...]:
    """What is not checked of WebSocket APIs."""
    return tuple((f"the WebSocket API {name}", NO_CORS) for name in web_sockets_of(reader))


def _others(reader: Reader, source: str) -> Iterator[CouldNotLook]:
    """What to say of a template that has no API that is read."""
    sockets = web_sockets_of(reader)
    if sockets:
        yield CouldNotLook(
            f"{source} has only WebSocket APIs ({', '.join(sockets)}).",
            why=f"{NO_CORS} The function of $connect has to check the Origin: any site may open a connection.",
            hint="If a connection fails, read the log of that function: what the console says is not CORS.",
        )
    unread = unread_types(reader)
    if unread:
        names = ", ".join(what for what, _ in unread)
        yield CouldNotLook(
            f"{source} has no API that the doctor reads, and {names}.",
            why=unread[0][1],
            hint="Name its URL: --url URL --origin ORIGIN; or a recording: --har FILE.",
        )


NO_CORS = "CORS does not apply to WebSockets: a browser sends no preflight, and the page reads all messages."
