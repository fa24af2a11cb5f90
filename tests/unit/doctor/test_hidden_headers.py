"""Headers of a response that a page's code reads as null, for want of Access-Control-Expose-Headers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.faults.reported.report import ANY, ORIGIN, Headers, Report, Response, chromium, firefox
from tests.faults.test_reported import diagnosed

EXPOSE = "access-control-expose-headers"


def hidden(report: Report, browser: Callable[[Report], str] = chromium) -> str:
    found = diagnosed(report, browser(report), template=False)
    assert found.outcome is DiagnosisOutcome.PASS
    remarks = [
        warning.evidence[0].expected for warning in found.warnings if warning.card.id == "expose.missing"
    ]
    return remarks[0].partition(": ")[2] if remarks else ""


def of(*headers: tuple[str, str], allowed: Headers = ANY) -> Report:
    return Report("", (), None, Response(200, body="[]", headers=(*allowed, *headers)), asks=())


@pytest.mark.parametrize(
    "name",
    [
        "X-Total-Count",
        "x-pagination-page-count",
        "content-range",
        "Content-Disposition",
        "location",
        "x-auth-token",
        "x-page-count",
        "x-next-page",
    ],
)
def test_what_applications_write_for_the_pages_code_is_named(name: str) -> None:
    assert hidden(of((name, "1"))) == name.lower()
    assert not hidden(of((name, "1"), (EXPOSE, name)))
    assert not hidden(of((name, "1"), (EXPOSE, "*")))


def test_a_list_with_other_names_does_not_expose_it() -> None:
    exposed = (EXPOSE, "WWW-Authenticate,Server-Authorization")
    assert hidden(of(("content-range", "languages 0-9/20"), exposed)) == "content-range"


def test_an_asterisk_exposes_nothing_to_a_request_with_credentials() -> None:
    allowed = (("access-control-allow-origin", ORIGIN), ("access-control-allow-credentials", "true"))
    report = replace(of(("x-total-count", "1"), (EXPOSE, "*"), allowed=allowed), credentials=True)
    assert hidden(report, firefox) == "x-total-count"


def test_what_servers_and_caches_write_is_not_meant_for_pages() -> None:
    infrastructure = (
        ("date", "Sat, 28 Nov 2026 10:00:00 GMT"),
        ("server", "nginx"),
        ("etag", '"1"'),
        ("x-amzn-trace-id", "Root=1"),
        ("x-amz-security-token", "y"),
        ("x-cache", "Miss from cloudfront"),
        ("x-powered-by", "Express"),
        ("x-ratelimit-remaining", "9"),
        ("x-frame-options", "DENY"),
        ("x-page-speed", "1.13.35.2-0"),
        ("x-page-cache", "HIT"),
        ("x-cache-count", "1"),
        ("x-envoy-attempt-count", "1"),
        ("x-debug-token", "5a1b2c"),
        ("content-disposition", "inline;filename=f.txt"),
        ("content-range", "bytes 0-99/1000"),
        ("link", '<https://cdn.example.com/a.css>; rel="preload"'),
    )
    assert not hidden(of(*infrastructure))
    assert hidden(of(("link", '<https://api.example.com/items?page=2>; rel="next"'))) == "link"
