"""The steps of a fix: who deploys it, and what comes after it."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.scene import Evidence
from accountsctl.doctor.diagnosis.subject import Suspect
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.reports.json_report import DEPLOY, fixes
from accountsctl.doctor.reports.only_deployed import is_only_deployed
from tests.faults.reported.apis import COGNITO, body, http, proxied, sam
from tests.faults.reported.report import HTTP, Report, Response, chromium
from tests.faults.reported.servers import answer
from tests.faults.reported.set_pages import ALL, at_domain
from tests.faults.reported.set_twenty_two import NO_TOKEN
from tests.faults.test_reported import diagnosed

PUSH = "accountsctl push"
UNAUTHORIZED = Response(401, "UnauthorizedException", "Unauthorized")
GUARDED = Report("", (), UNAUTHORIZED, template=sam(Cors="'*'", Auth=COGNITO))


def steps(report: Report, *, own: bool = False) -> list[str]:
    return [text for _, text in fixes(diagnosed(report, chromium(report), template=True), own=own)]


def test_only_the_api_of_a_project_is_pushed() -> None:
    assert PUSH in steps(GUARDED, own=True)
    assert PUSH not in steps(GUARDED)


def test_the_code_of_a_project_is_pushed_and_that_of_a_page_is_not() -> None:
    bare = Report("", (), NO_TOKEN, template=body({"/items": {"get": proxied()}}))
    found = diagnosed(bare, chromium(bare), template=True)
    for cause, last in (("int.throws", True), ("acao.missing-error-path", True), ("auth.no-token", False)):
        root = Suspect(BY_ID[cause])
        texts = [text for _, text in fixes(replace(found, root=root, alternatives=()), own=True)]
        assert (texts[-1] == PUSH) is last, cause


def test_another_api_is_deployed_as_it_is_deployed_if_the_fix_does_not_say_so() -> None:
    guarded = http("$default", cors=ALL, jwt=True)
    refused = answer(401, ("apigw-requestid", "Q1="), body='{"message":"Unauthorized"}')
    assert steps(Report("", (), refused, template=guarded, url=HTTP))[-1] == DEPLOY
    bare = body({"/items": {"get": proxied()}})
    (only,) = steps(Report("", (), NO_TOKEN, template=bare))
    assert "deploy" in only


def test_after_the_stage_is_left_out_of_the_url_its_path_is_the_one_without() -> None:
    report = Report("", (), NO_TOKEN, template=at_domain(), url="https://api.example.com/dev/items")
    assert diagnosed(report, chromium(report), template=True).next == ()
    wrong = Report("", (), NO_TOKEN, template=at_domain(), url="https://api.example.com/dev/other")
    assert diagnosed(wrong, chromium(wrong), template=True).next == ("deploy.wrong-path",)


def test_where_no_template_was_read_nothing_is_said_of_deploying() -> None:
    throttled = Report("", (), Response(429, "TooManyRequestsException", "Too Many Requests"))
    assert DEPLOY not in steps(throttled)


def test_a_fault_that_no_file_has_is_pushed_or_set_back_where_it_was_made() -> None:
    found = diagnosed(GUARDED, chromium(GUARDED), template=True)
    assert found.root is not None
    assert not is_only_deployed(found)
    seen = Evidence(SourcePlace(Layer.DEPLOYED, "apigateway:GetExport"), "OPTIONS with Cognito", "NONE")
    root = replace(found.root, evidence=(seen,))
    drifted = replace(found, root=root, layers=(Layer.STATIC, Layer.DEPLOYED))
    push, otherwise = (text for _, text in fixes(drifted, own=True))
    assert push.startswith("accountsctl push: the project's files do not have this fault")
    assert "accountsctl drift" in otherwise
    assert found.root.card.fix in otherwise
    # Where no file was looked at, a file may have it.
    assert PUSH in [text for _, text in fixes(replace(drifted, layers=(Layer.DEPLOYED,)), own=True)]
