"""Every API, bucket and distribution of a template; a fault with its place if one cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.assumptions import with_assumptions
from accountsctl.doctor.facts.templates.buckets import read_buckets
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.distributions import read_distributions
from accountsctl.doctor.facts.templates.explicit import read_rest
from accountsctl.doctor.facts.templates.function_urls import read_function_urls
from accountsctl.doctor.facts.templates.httpapis import read_http
from accountsctl.doctor.facts.templates.imported_apis import read_imported
from accountsctl.doctor.facts.templates.named_by_stages import with_stage_variables
from accountsctl.doctor.facts.templates.sam import read_sam
from accountsctl.doctor.facts.templates.unread_types import unread_parts
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.errors import Fault, ProjectError

WRONG_FORM = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a value raises that has another form than CloudFormation documents."""


def apis_of(reader: Reader) -> list[Api]:
    """REST and HTTP APIs and function URLs, with what is not read; ProjectError with the resource of a wrong form."""
    return _read(reader, _apis)


def others_of(reader: Reader) -> list[Api]:
    """The buckets and the distributions, each as an API without routes; ProjectError as of `apis_of`."""
    return [*_read(reader, read_buckets), *_read(reader, read_distributions)]


def _apis(reader: Reader) -> Iterator[Api]:
    found = [
        *(with_stage_variables(reader, api) for api in (*read_rest(reader), *read_sam(reader))),
        *read_http(reader),
        *read_function_urls(reader),
        *read_imported(reader),
    ]
    unread = unread_parts(reader)
    for api in found:
        yield with_assumptions(reader, replace(api, not_reported=(*api.not_reported, *unread)))


def _read(reader: Reader, read: Callable[[Reader], Iterator[Api]]) -> list[Api]:
    try:
        return list(read(reader))
    except WRONG_FORM as error:
        name = reader.read[-1] if reader.read else ""
        line = reader.document.lines.get(f"/Resources/{escaped(name)}", 0)
        what = f"{name or 'It'} cannot be read: {error} ({type(error).__name__})."
        hint = "Check its form against CloudFormation's reference of that type."
        raise ProjectError([Fault(reader.document.source, line, what, hint)]) from error
