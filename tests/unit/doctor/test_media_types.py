"""A body of a type for which an integration has no template: what tells the type, and what excludes the cause."""

from __future__ import annotations

import json

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from tests.faults.reported.apis import ALLOWED, Template, body, mock, proxied
from tests.faults.reported.report import Report, Response, chromium, passed
from tests.faults.reported.set_pages import integrated
from tests.faults.test_reported import causes, diagnosed

ID = "int.media-type"
REFUSED = Response(415, "BadRequestException", "Unsupported Media Type")
JSON = {"application/json": "$input.json('$')"}


def api(behavior: str, **templates: str) -> Template:
    operation = integrated(header=True, passthroughBehavior=behavior, requestTemplates=templates)
    return body({"/items": {"post": operation, "options": mock(**ALLOWED)}})


def found(
    template: Template | None, response: Response = REFUSED, mime: str = "multipart/form-data"
) -> Diagnosis:
    report = Report("", (), None, response, template, method="POST", asks=(), sends=300)
    recording = json.loads(chromium(report))
    recording["log"]["entries"][0]["request"]["postData"]["mimeType"] = mime
    return diagnosed(report, json.dumps(recording), template=template is not None)


def test_a_recording_alone_tells_it() -> None:
    assert causes(found(None)) == [ID]


@pytest.mark.parametrize(
    ("behavior", "templates"), [("never", JSON), ("never", {}), ("when_no_templates", JSON)]
)
def test_the_template_says_that_the_type_has_no_template(behavior: str, templates: dict[str, str]) -> None:
    diagnosis = found(api(behavior, **templates))
    assert causes(diagnosis) == [ID]
    assert "multipart/form-data" in diagnosis.root.evidence[-1].observed  # type: ignore[union-attr]


def test_a_type_that_has_one_or_a_behavior_that_refuses_none_has_no_evidence_for_it() -> None:
    for template in (api("never", **JSON), api("when_no_match", **JSON)):
        diagnosis = found(template, Response(200), mime="application/json")
        assert ID not in causes(diagnosis)
    assert ID not in causes(found(api("when_no_match", **JSON)))
    assert ID not in causes(found(body({"/items": {"post": proxied()}})))


def test_a_preflight_has_no_body() -> None:
    preflight = Report("", (), REFUSED, asks=("content-type",), method="POST")
    assert causes(diagnosed(preflight, chromium(preflight), template=False)) == [
        "preflight.mock-passthrough-415"
    ]
    after = Report("", (), passed(("content-type",)), REFUSED, asks=("content-type",), method="POST")
    assert causes(diagnosed(after, chromium(after), template=False)) == [ID]
