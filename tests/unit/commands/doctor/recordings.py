"""Recordings as Chromium's DevTools save them: a preflight, a request, what came back."""

from __future__ import annotations

import json
from typing import Any

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.facts.model import Api

PAGE = "http://localhost:3000"
API = "https://api.example.com/items"
ALLOWED = {"access-control-allow-origin": "*", "access-control-allow-headers": "authorization"}


def entry(
    method: str = "GET",
    url: str = API,
    status: int = 200,
    answered: dict[str, str] | None = None,
    sent: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One entry; `page`, `body` and `error` are what its name says, the rest stands in the entry itself."""
    page, body, error = more.pop("page", PAGE), more.pop("body", ""), more.pop("error", None)
    headers = (
        {"origin": page, "referer": f"{page}/", **(sent or {})}
        if status or method == "OPTIONS"
        else {"Referer": f"{page}/"}
    )
    response: dict[str, Any] = {
        "status": status,
        "headers": _pairs(answered or {}),
        "content": {"text": body},
    }
    if error:
        response["_error"] = error
    request = {"method": method, "url": url, "headers": _pairs(headers), "cookies": []}
    return {"_resourceType": "fetch", "time": 20, "request": request, "response": response, **more}


def preflight(
    url: str = API,
    status: int = 204,
    answered: dict[str, str] | None = None,
    names: str = "authorization",
    **more: Any,
) -> dict[str, Any]:
    """The preflight of a GET that sets `names`."""
    asked = {"access-control-request-method": more.pop("method", "GET")}
    if names:
        asked["access-control-request-headers"] = names
    return entry("OPTIONS", url, status, ALLOWED if answered is None else answered, asked, **more)


def diagnosed(*entries: dict[str, Any], apis: tuple[Api, ...] = ()) -> Diagnosis:
    """What the doctor says of the one request that matters."""
    log = {"version": "1.2", "creator": {"name": "WebInspector"}, "entries": list(entries)}
    (found,) = from_recording(json.dumps({"log": log}), "page.har", apis).diagnoses
    return found


def causes(found: Diagnosis) -> list[str]:
    """The root cause and its alternatives."""
    return list(found.causes)


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]
