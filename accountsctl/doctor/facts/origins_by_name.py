"""The origins that an API allows by name: those of the pages that are meant to call it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from accountsctl.doctor.browser.urls import is_url
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.unknown import example_of, is_unknown, may_be
from accountsctl.model.cors_headers import ALLOW_ORIGIN


def origins_by_name(api: Api) -> tuple[str, ...]:
    """The origins that an API allows by name; none if it allows every origin, or if its list may have any.

    The headers of several responses are for one page: where one is not known, the others name the page. If none is
    known, it is one that fits what is: of `https://${Domain}`, a page of https.
    """
    stated = dict.fromkeys(value.strip("'\"") for value in _values(api))
    known = [value for value in stated if not is_unknown(value)]
    hidden = [value for value in stated if is_unknown(value)]
    of_any = [value for value in hidden if may_be(value, "*")]
    if not known:
        known = [example_of(value).strip("'\"").lower() for value in hidden if value not in of_any]
    known = known or list(_of_code(api))
    if "*" in known or (api.http_cors is not None and of_any):
        return ()
    return tuple(dict.fromkeys(origin for value in known if (origin := _origin(value))))


def _of_code(api: Api) -> tuple[str, ...]:
    """What the functions' code sends, where no header of the API's own, or none that is known, says who may call it."""
    if api.http_cors is not None:  # the functions' own header is dropped
        return ()
    handlers = [function.handler for function in api.functions.values() if function.handler]
    if any(handler.computed for handler in handlers):
        return ("*",)
    return tuple(sorted({origin for handler in handlers for origin in handler.allows or ()}))


def _values(api: Api) -> Iterator[str]:
    """Everything that stands for an origin in the API's CORS headers; ``*`` for what echoes any."""
    if api.http_cors is not None:
        yield from api.http_cors.origins
        return
    for _, method in api.every():
        for response in method.integration.responses if method.integration else ():
            value = response.computed.get(ALLOW_ORIGIN, response.headers.get(ALLOW_ORIGIN))
            if isinstance(value, ReflectedOrigin):
                yield from value.origins if value.origins is not None else ("*",)
            elif value is not None:
                yield "*" if "header.origin" in value.lower() else value


def _origin(value: str) -> str:
    """The origin in a value, even if it is not only one (a slash at its end); empty if there is none."""
    if not value.startswith(("http://", "https://")) or set("*, ") & set(value) or not is_url(value):
        return ""
    parts = urlsplit(value)
    return f"{parts.scheme}://{parts.netloc.lower()}"
