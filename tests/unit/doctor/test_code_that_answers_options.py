"""A function that answers OPTIONS itself: what its code states for the preflight is what the browser gets."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.reports.json_report import fixes
from tests.faults.reported.templates import Shown, diagnosis_of, with_code

ALLOWS = (
    "'Access-Control-Allow-Origin': 'https://app.example.com', 'Access-Control-Allow-Headers': 'Content-Type'"
)


def diagnosed(more: str, method: str = "PUT", *, credentials: bool = False) -> Diagnosis:
    code = (
        "exports.handler = async (event) => ({ statusCode: 200, headers: { "
        + ", ".join(part for part in (ALLOWS, more) if part)
        + " }, body: '' });"
    )
    body = with_code(code, method="any")
    headers = ("content-type",)
    return diagnosis_of(Shown("", (), body, method=method, headers=headers, credentials=credentials))


def test_a_method_that_the_code_does_not_list_is_named() -> None:
    found = diagnosed("'Access-Control-Allow-Methods': 'GET,POST'")
    assert found.root is not None
    assert found.root.card.id == "acam.missing"


def test_the_list_that_the_code_has_is_the_evidence() -> None:
    found = diagnosed("'Access-Control-Allow-Methods': 'GET,POST'")
    assert found.root is not None
    assert [evidence.observed for evidence in found.root.evidence] == [
        "access-control-allow-methods: GET,POST"
    ]


@pytest.mark.parametrize(
    ("package", "code"),
    [
        ("express", 'app.use(cors({ origin: ["http'),
        ("@middy/core", "httpCors({ origins"),
        # What the code does not import is not recommended; code that answers by itself would not fit.
        ("fastify", ""),
    ],
)
def test_the_code_to_paste_is_that_of_the_framework_that_answers(package: str, code: str) -> None:
    adapter = "const adapter = require('@fastify/aws-lambda');" if package == "fastify" else ""
    source = f"const framework = require('{package}'); {adapter} exports.handler = adapter(framework());"
    found = diagnosis_of(Shown("", (), with_code(source, method="any"), method="PUT"))
    assert found.causes == ("preflight.proxy-any-lambda",)
    pasted = [text for kind, text in fixes(found) if kind == "code"]
    assert (code in "".join(pasted)) is True
    assert bool(pasted) is bool(code)


@pytest.mark.parametrize(
    "methods", ["'GET,PUT'", "'*'", "process.env.METHODS", "'GET,' + MORE", "`GET,${MORE}`"]
)
def test_code_that_lists_it_or_may_list_it_is_not_accused(methods: str) -> None:
    assert diagnosed(f"'Access-Control-Allow-Methods': {methods}").outcome is DiagnosisOutcome.PASS


def test_code_that_never_allows_credentials_is_named_where_the_page_sends_them() -> None:
    found = diagnosed("", "POST", credentials=True)
    assert found.root is not None
    assert found.root.card.id == "acac.not-true"
    assert diagnosed("", "POST").outcome is DiagnosisOutcome.PASS
