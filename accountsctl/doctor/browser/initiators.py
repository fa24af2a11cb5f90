"""What sent a request, by the word of Chromium's console: "Access to font at ...".

Blink: Resource::ResourceTypeToString and the names of initiators; for what scripts send: fetch and XMLHttpRequest.
"""

from __future__ import annotations

from accountsctl.doctor.browser.client_library import ClientLibrary

_FETCH, _XHR = "fetch", "XMLHttpRequest"
_OF_TYPES = {
    "eventsource": "resource",
    "fetch": _FETCH,
    "font": "font",
    "image": "image",
    "manifest": "manifest",
    "media": "video",
    "ping": "resource",
    "script": "script",
    "stylesheet": "CSS stylesheet",
    "texttrack": "text track",
    "xhr": _XHR,
}
"""By the types of Chromium's DevTools."""
_OF_DESTINATIONS = {
    "audio": "audio",
    "font": "font",
    "image": "image",
    "manifest": "manifest",
    "script": "script",
    "style": "CSS stylesheet",
    "track": "text track",
    "video": "video",
}
"""By Sec-Fetch-Dest: https://fetch.spec.whatwg.org/#concept-request-destination."""
_BY_XHR = (
    ClientLibrary.AMPLIFY_5,  # It calls by axios.
    ClientLibrary.ANGULAR,
    ClientLibrary.AXIOS,
    ClientLibrary.JQUERY,
)


def initiator_of(kind: object, destination: str | None) -> str:
    """The word for a recorded request; empty if neither its type in DevTools nor its Sec-Fetch-Dest tells it."""
    return _OF_DESTINATIONS.get(destination or "") or _OF_TYPES.get(str(kind), "")


def initiator_of_library(library: ClientLibrary | None) -> str:
    """The word for what a library sends; fetch if no library is known."""
    return _XHR if library in _BY_XHR else _FETCH
