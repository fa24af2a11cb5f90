"""Two slashes in a row in a recorded URL: a base URL that ends with a slash, and a path that begins with one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.reported.report import HTTP, REST, Report, Response, chromium, firefox, passed, safari
from tests.faults.test_reported import causes, diagnosed

NO_ROUTE = Response(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
WITH_TOKEN = Response(403, "IncompleteSignatureException", "requires 'Credential' parameter")
NOT_FOUND = Response(
    404, message="Not Found", headers=(("apigw-requestid", "Q1="), ("content-length", "23")), gateway=False
)
OTHER = Response(404, headers=(("server", "nginx"),), gateway=False)
DOUBLED = REST.replace("/items", "//items")
DOUBLED_HTTP = HTTP.replace("/items", "//items")
DOUBLED_DOMAIN = "https://api.example.com//items"


@pytest.mark.parametrize("browser", [chromium, firefox, safari], ids=["chromium", "firefox", "safari"])
@pytest.mark.parametrize(
    ("report", "named"),
    [
        (Report("GET", (), None, NO_ROUTE, url=DOUBLED, asks=()), "deploy.wrong-path"),
        (Report("OPTIONS", (), NO_ROUTE, url=DOUBLED), "deploy.wrong-path"),
        (Report("token", (), passed(), WITH_TOKEN, url=DOUBLED), "auth.route-missing+token"),
        (Report("HTTP API", (), NOT_FOUND, url=DOUBLED_HTTP), "deploy.wrong-path"),
        (Report("GET of an HTTP API", (), None, NOT_FOUND, url=DOUBLED_HTTP, asks=()), "deploy.wrong-path"),
        (Report("GET of another server", (), None, OTHER, url=DOUBLED_DOMAIN, asks=()), "deploy.wrong-path"),
    ],
    ids=lambda each: each.thread if isinstance(each, Report) else "",
)
def test_a_recording_alone_names_the_path_first(browser: object, report: Report, named: str) -> None:
    assert callable(browser)
    found = causes(diagnosed(report, browser(report), template=False))
    assert found[0] == named
    assert len(found) <= 2
    # One slash hints at nothing: the same causes, in the order of all reports.
    plain = replace(report, url=report.url.replace("//items", "/items"))
    assert causes(diagnosed(plain, browser(plain), template=False))


def test_one_slash_leaves_a_missing_options_first() -> None:
    for response in (NO_ROUTE, NOT_FOUND, OTHER):
        report = Report("OPTIONS", (), response, url=HTTP if response is NOT_FOUND else REST)
        assert causes(diagnosed(report, firefox(report), template=False))[0] == "preflight.no-options"
