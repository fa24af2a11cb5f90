"""What the code of a page says of the request that it sends, where it is pasted next to a console's sentence.

Read is text, not a syntax tree: the calls of fetch, axios, jQuery, Angular, Amplify and XMLHttpRequest, and the objects
whose names stand in them. What code elsewhere adds (an interceptor of another file) is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.observed.pasted_text import LONGEST_CALL, METHOD, balanced, with_straight_quotes

_VERB = "get|post|put|patch|delete|del|head"
_CALL = re.compile(
    rf"(?<![\w.$])(?:fetch|\$fetch|ajax|(?:\$|jQuery)\.(?:ajax|(?P<jquery>{_VERB}|getJSON))"
    rf"|axios(?:\.(?:request|create|(?P<axios>{_VERB})))?|\$http(?:\.(?P<angular_js>{_VERB}))?"
    rf"|(?:this\.)?(?:_?http(?:Client)?)\.(?P<angular>{_VERB})(?:<[^()\n]{{1,80}}>)?"
    rf"|(?:API|RestAPI)\.(?P<amplify>{_VERB}))\(",
    re.IGNORECASE,
)
_OPENED = re.compile(rf"\.open\(\s*['\"`]({METHOD})['\"`]\s*,", re.IGNORECASE)
_STATED_METHOD = re.compile(rf"\b(?:method|type)\s*:\s*['\"`]({METHOD})['\"`]", re.IGNORECASE)
_WITH_CREDENTIALS = re.compile(r"\bwithCredentials\s*[:=]\s*true\b|\bcredentials\s*:\s*['\"`]include\b")
_NO_CORS = re.compile(r"\bmode\s*:\s*['\"`]no-cors\b")
_HEADERS = re.compile(r"\bheaders\b['\"]?\s*[:=]\s*(?:new\s+\w*Headers\(\s*)?\{")
_GIVEN = re.compile(r"\bheaders\s*:\s*([A-Za-z_$][\w$]*)|[{,]\s*(headers)\s*[,}]")
_NAME_IN_OBJECT = re.compile(r"[{,]\s*(?:['\"`]([\w-]+)['\"`]|([A-Za-z][\w]*))\s*:\s*(['\"`][^'\"`\n]*)?")
_ADDED = re.compile(
    r"(?:\.setRequestHeader|[Hh]eaders?(?:\([^()\n]*\))?\.(?:append|set))\(\s*['\"`]([\w-]+)['\"`]\s*,\s*(['\"`][^'\"`\n]*)?"
)
_ASSIGNED = re.compile(r"\bheaders(?:\.common)?(?:\[['\"`]([\w-]+)['\"`]\]|\.(Authorization))\s*=(?!=)")
_CONTENT_TYPE = re.compile(r"\bcontentType\s*:\s*['\"`]([^'\"`\n]+)")
_FORM = re.compile(r"\bFormData\b|\bURLSearchParams\b|\bqs\.stringify\b|\bformData\b")
_LITERAL_URL = re.compile(r"['\"`](https?://[^\s'\"`]+)")
_WORD = re.compile(r"(?<![\w.$'\"`])[A-Za-z_$][\w$]*")
_JSON = "application/json"
_WITH_BODY = ("POST", "PUT", "PATCH")
_VERBS = {"DEL": "DELETE", "GETJSON": "GET"}
_MOST = 20
"""Calls and objects that are read."""
_ALWAYS_WITH_CREDENTIALS = re.compile(r"\b(?:defaults|xhr\w*|request)\.withCredentials\s*=\s*true")
_DEFINED = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?::[^=\n]{1,80})?=\s*(?:\([^()\n]{0,200}\)\s*=>\s*)?\(?\s*(?:new\s+\w+\(\s*)?\{"
)


@dataclass(frozen=True)
class PageCode:
    """What code says of its request; empty if it does not. `no_cors`: its mode gives an answer that cannot be read."""

    method: str = ""
    headers: Headers = ()
    credentials: bool = False
    no_cors: bool = False

    @property
    def words(self) -> str:
        """What it says, for a reader."""
        names = ", ".join(name for name, _ in self.headers)
        parts = (
            self.method,
            f"the headers {names}" if names else "",
            "with credentials" if self.credentials else "",
            "in the mode no-cors" if self.no_cors else "",
        )
        return ", ".join(filter(None, parts))


def page_code(text: str, urls: Iterable[str]) -> PageCode | None:
    """What the call in a text says of the request to one of these URLs; None if there is none, or several differ."""
    code = with_straight_quotes(text)
    hosts = {urlsplit(url).netloc for url in urls if url}
    found = set(_calls(code, hosts))
    return found.pop() if len(found) == 1 else None


def _calls(code: str, hosts: set[str]) -> Iterator[PageCode]:
    every = _AllCode.read(code)
    for match in islice(_CALL.finditer(code), _MOST):
        call = balanced(code, match.end() - 1)
        called = {urlsplit(url).netloc for url in _LITERAL_URL.findall(call)}
        if not called or not hosts or called & hosts:
            verb = next((verb for verb in match.groupdict().values() if verb), "").upper()
            yield _Call(every, call, verb, match["axios"] is not None, _sends_json(match)).read()
    for opened in islice(_OPENED.finditer(code), _MOST):
        yield _Call(every, code[:LONGEST_CALL], opened[1].upper()).read()


@dataclass(frozen=True)
class _AllCode:
    """What holds for all calls of a text: the objects by their names, headers, and credentials."""

    objects: Mapping[str, list[str]]
    headers: Sequence[tuple[str, str]]
    credentials: bool

    @classmethod
    def read(cls, code: str) -> _AllCode:
        """What the statements outside calls say."""
        objects: dict[str, list[str]] = {}
        for match in islice(_DEFINED.finditer(code), _MOST):
            objects.setdefault(match[1], []).append(balanced(code, match.end() - 1))
        headers = [(match[1], match[2] or "") for match in islice(_ADDED.finditer(code), _MOST)]
        headers += [(match[1] or match[2], "") for match in islice(_ASSIGNED.finditer(code), _MOST)]
        return cls(objects, headers, _ALWAYS_WITH_CREDENTIALS.search(code) is not None)


def _sends_json(match: re.Match[str]) -> bool:
    """Whether the library sends an object as JSON."""
    return any(match[name] for name in ("axios", "angular_js", "angular", "amplify"))


@dataclass(frozen=True)
class _Call:
    """One call: what holds for all, its own text, and what its name says."""

    every: _AllCode
    text: str
    verb: str
    drops_type: bool = False
    sends_json: bool = False

    def read(self) -> PageCode:
        """What it says of its request, with the settings that hold for all calls of the code."""
        named = (part for name in set(_WORD.findall(self.text)) for part in self.every.objects.get(name, ()))
        region = self.text + "".join(named)
        stated = _STATED_METHOD.search(region)
        method = _VERBS.get(self.verb, self.verb) or (stated[1].upper() if stated else "GET")
        headers = {name.lower(): value for name, value in self._headers(region)}
        if self.sends_json and method in _WITH_BODY and not _FORM.search(region):
            headers.setdefault("content-type", _JSON)
        if self.drops_type and method not in _WITH_BODY:
            headers.pop("content-type", None)  # axios sends none without a body.
        return PageCode(
            method,
            tuple(sorted(headers.items())),
            self.every.credentials or _WITH_CREDENTIALS.search(region) is not None,
            _NO_CORS.search(region) is not None,
        )

    def _headers(self, region: str) -> Iterator[tuple[str, str]]:
        """The names of the headers, with the value of Content-Type: others may be secrets."""
        parts = [balanced(region, match.end() - 1) for match in _HEADERS.finditer(region)]
        for given in _GIVEN.finditer(region):
            parts += self.every.objects.get(given[1] or given[2], ())
        names = (match for part in parts for match in _NAME_IN_OBJECT.finditer(_without_nested(part)))
        pairs = [(match[1] or match[2], match[3] or "") for match in names]
        pairs += [*self.every.headers, *(("Content-Type", value) for value in _CONTENT_TYPE.findall(region))]
        for name, value in pairs:
            yield name, value.lstrip("'\"`") if name.lower() == "content-type" and value else "x"


def _without_nested(part: str) -> str:
    """An object's text without the objects and calls in its values."""
    while (outer := re.sub(r"(?<=.)[({\[][^(){}\[\]]*[)}\]]", "", part[:-1]) + part[-1:]) != part:
        part = outer
    return part
