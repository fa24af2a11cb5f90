"""What a reporter shows without a recording: a template alone, with the request that the browser blocked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.apis import sam
from tests.faults.reported.report import ORIGIN


@dataclass(frozen=True)
class Shown:
    """One thread. `causes` are the names that are right; `headers` are those that the page's code set."""

    thread: str
    causes: tuple[str, ...]
    template: Mapping[str, Any]
    path: str = "/items"
    method: str = "GET"
    headers: tuple[str, ...] = ()
    credentials: bool = False
    origin: str = ORIGIN

    def __str__(self) -> str:
        return self.thread


def with_code(source: str, *, runtime: str = "nodejs22.x", **api: Any) -> dict[str, Any]:
    """A SAM API before a function with this source."""
    handler = "index.lambda_handler" if runtime.startswith("python") else "index.handler"
    body = sam(function={"Runtime": runtime, "Handler": handler, "InlineCode": source}, **api)
    del body["Resources"]["Items"]["Properties"]["CodeUri"]
    return body


def diagnosis_of(shown: Shown) -> Diagnosis:
    """What the doctor says of a request to the API of a template."""
    (api, *_) = read_templates({"t.json": json.dumps(shown.template)}, {})
    query = Query(
        origin=shown.origin,
        path=shown.path,
        method=shown.method,
        headers=tuple((name, "x") for name in shown.headers),
        credentials=shown.credentials,
    )
    (request,) = page_requests(api, query, ())
    return diagnose(Subject((api,)), request)
