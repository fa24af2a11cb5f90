"""What `doctor cors` is asked by its flags, and where it looks for the answer."""

from __future__ import annotations

import codecs
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accountsctl.bootstrap import Application
from accountsctl.doctor.browser.fetch import Profile
from accountsctl.doctor.facts.places import Layer
from accountsctl.model.errors import UsageError

if TYPE_CHECKING:
    from accountsctl.commands.doctor.cors import Findings
    from accountsctl.doctor.diagnosis.targets import Query


@dataclass(frozen=True)
class CorsOptions:
    """What the command line states; None and empty mean that an option was not given."""

    origin: str | None
    path: str | None
    method: str | None
    headers: tuple[str, ...]
    credentials: bool
    token: str | None
    url: str | None
    templates: tuple[Path, ...]
    har: Path | None
    layers: tuple[str, ...]
    send_actual: bool
    profile_browser: str
    fix: bool
    apply: bool
    sarif: bool
    strict: bool
    explain: str | None
    listing: bool
    share: Path | None


def query_of(app: Application, options: CorsOptions) -> Query:
    """The query of the flags; UsageError if they cannot be meant."""
    from accountsctl.adapters.project_files.page_library import backend_tool, page_library
    from accountsctl.doctor.browser.page_request import read_token
    from accountsctl.doctor.diagnosis.targets import Query, checked

    token = options.token
    if token == "-" and str(options.har) == "-":  # noqa: S105 -- a flag's value
        raise UsageError(
            "Standard input holds one of them.",
            why="Both --har - and --token - would read it.",
            hint="Name a file: --har FILE --token -",
        )
    if token == "-":  # noqa: S105 -- a flag's value
        token = sys.stdin.read().strip()
        if not token:
            raise UsageError(
                "Standard input holds no token.",
                why="--token - reads the token from there, and it is empty.",
                hint="Pipe one: accountsctl auth token | accountsctl doctor cors --token -",
            )
    return checked(
        Query(
            origin=options.origin,
            path=options.path,
            method=options.method,
            headers=tuple(_header(header) for header in options.headers),
            credentials=options.credentials,
            token=read_token(token) if token else None,
            url=options.url,
            profile=Profile(options.profile_browser),
            now=int(time.time()),
            secret=token,
            send_actual=options.send_actual,
            library=page_library(app.root if is_in_project(app) else Path.cwd()),
            backend=backend_tool(options.templates, Path.cwd()),
        )
    )


def _header(text: str) -> tuple[str, str]:
    from accountsctl.doctor.observed.probe_plan import NO_VALUE

    name, _, value = text.partition(":")
    return name.strip(), value.strip() or NO_VALUE


def look(app: Application, query: Query, options: CorsOptions) -> Findings:
    """What the recording, the templates, or the project in its layers show, with what the API's log has of it."""
    from accountsctl.commands.doctor.request_logs import with_logs

    found = _found(app, query, options)
    has_log = not options.layers or Layer.DEPLOYED in options.layers
    if not has_log or options.templates or not is_in_project(app):
        return found
    try:
        log = app.api_log
    except UsageError:
        # A recording or a URL needs no environment; only the log of one cannot be read then.
        if options.har or options.url:
            return found
        raise
    return with_logs(found, log)


def _found(app: Application, query: Query, options: CorsOptions) -> Findings:
    from accountsctl.adapters.http import HttpClient, address_class
    from accountsctl.commands.doctor.cors import DiagnosisSources, find_out, from_recording
    from accountsctl.commands.doctor.send_probes import SendProbes
    from accountsctl.commands.doctor.sources import read_files, template_sources

    if options.har:
        text, name = _recorded(options.har)
        return from_recording(text, name, read_files(options.templates), query)
    requested = frozenset(Layer(layer) for layer in options.layers or Layer)
    send = SendProbes(HttpClient(), address_class).run if Layer.LIVE in requested else None
    if options.templates:
        return find_out(template_sources(options.templates, requested, send), query)
    if not is_in_project(app):
        # All that can be checked then is a URL.
        return find_out(DiagnosisSources(send=send), query)
    return find_out(app.project_facts().sources(requested, send), query)


def _recorded(file: Path) -> tuple[str, str]:
    """The text of a recording, or of a console's lines, and its name."""
    if str(file) == "-":
        return _decoded(sys.stdin.buffer.read()), "stdin"
    return _decoded(file.read_bytes()), str(file)


def _decoded(content: bytes) -> str:
    """The text of a file. What Windows writes of a console may be in UTF-16 or, with its quotes, in code page 1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        is_json = content.lstrip().startswith(b"{")
        return content.decode("utf-8" if is_json else "cp1252", "replace")


def is_in_project(app: Application) -> bool:
    """Whether the command runs in a project's folder, or one in it."""
    try:
        return bool(app.root)
    except UsageError:
        return False
