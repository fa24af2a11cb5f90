"""`doctor cors` as its user calls it: on the project's files, on templates, on a recording."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accountsctl.cli import cli
from accountsctl.cli.boundary import run as guarded
from accountsctl.doctor.catalogue.cards import CARDS
from accountsctl.doctor.reports.json_report import FIX
from accountsctl.model.errors import CouldNotLook, UsageError
from tests.faults.base import template
from tests.faults.changes import IAM
from tests.functional.doctor_cors import ORIGIN, STATIC, cors, reported, set_authorization


@pytest.fixture
def project(sample_project: Path) -> Path:
    return sample_project


def token(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.c2lnbmF0dXJl"


def test_without_options_every_method_of_every_api_is_looked_at(project: Path) -> None:
    result = cors("--json", *STATIC)
    found = reported(result)
    assert result.exit_code == 0
    assert {each["target"] for each in found} == {
        "GET /accounts",
        "POST /accounts",
        "GET /accounts/1",
        "PUT /accounts/1",
        "DELETE /accounts/1",
    } | {each["target"] for each in found if each["target"].startswith("PATCH")}
    assert {each["origin"] for each in found} == {"http://localhost:4200"}
    assert {each["verdict"] for each in found} == {"pass"}


def test_an_environment_is_checked_for_its_own_origins_and_not_for_localhost(project: Path) -> None:
    result = cors("-e", "prod", "--json", *STATIC)
    found = reported(result)
    assert result.exit_code == 0
    assert {diagnosis["origin"] for diagnosis in found} == {
        "https://accounts.example.com",
        "https://www.example.com",
    }
    assert {diagnosis["verdict"] for diagnosis in found} == {"pass"}


def test_only_a_function_that_uses_a_database_is_warned_that_it_may_sleep(project: Path) -> None:
    for words in (
        "function hello --runtime python3.14",
        "api greetings --path /hello --function hello --auth none",
    ):
        assert CliRunner().invoke(cli, ["add", *words.split()]).exit_code == 0
    asked = ("--json", "--path", "/hello", "--method", "GET", *STATIC)
    assert warned(reported(cors(*asked))) == []
    CliRunner().invoke(
        cli, ["add", "dependency", "function/hello", "rds/accountsCluster", "Arn", "SecretArn"]
    )
    assert warned(reported(cors(*asked))) == ["int.aurora-resume"]


def warned(diagnosis: dict[str, Any]) -> list[str]:
    """The causes of a diagnosis that do not block the request yet."""
    return [each["id"] for each in diagnosis.get("warnings", ())]


def test_a_blocked_request_exits_1_and_its_json_keeps_the_schema(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    result = cors("--json", "--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    found = reported(result)
    assert result.exit_code == 1
    assert found["rootCause"] == {"id": "auth.iam-not-cognito", "certainty": "likely", "alternatives": []}
    first = found["evidence"][0]
    assert first["source"] == "amplify/build/dev/api/accountsAPI.json"
    assert first["line"] > 1
    assert [each["kind"] for each in found["fix"]] == ["patch", "command", "command"]
    assert found["fix"][1]["text"] == FIX


def test_a_diagnosis_has_the_keys_that_scripts_rely_on(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    found = reported(cors("--json", "--path", "/accounts", "--method", "GET", *STATIC))
    assert list(found) == [
        "schema",
        "target",
        "origin",
        "verdict",
        "browser",
        "rootCause",
        "maskedBy",
        "next",
        "evidence",
        "fix",
        "notChecked",
        "probes",
        "inShort",
    ]
    assert list(found["inShort"]) == ["happened", "whoActs"]
    assert list(found["browser"]) == ["profile", "phase", "code", "consoleText"]


def test_a_template_that_is_nobodys_is_not_offered_a_patch(project: Path) -> None:
    body = template("http://localhost:4200")
    IAM(body, "")
    (project / "t.json").write_text(json.dumps(body))
    said = cors("--template", "t.json", "--path", "/items", "--method", "GET", *STATIC).stdout
    assert "Root cause  auth.iam-not-cognito" in said
    assert "--fix" not in said


def test_the_report_for_people_says_verdict_cause_evidence_fix_and_what_then(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    said = cors("--path", "/accounts", "--method", "GET", *STATIC).stdout
    for text in (
        "ERROR    GET /accounts",
        "In short    CORS is fine: your GET is sent, and your page may read the response. It is an error,",
        "Who acts    the backend",
        "Root cause  auth.iam-not-cognito",
        "Evidence",
        "Browser shows",
        "Fix",
        "Then",
    ):
        assert text in said


def test_a_healthy_project_with_a_mask_passes_and_exits_5_under_strict(project: Path) -> None:
    body = template("http://localhost:4200")
    del body["Resources"]["Default4XX"]
    body["Resources"]["Deployment"]["DependsOn"].remove("Default4XX")
    (project / "t.json").write_text(json.dumps(body))
    words = ("--template", "t.json", "--path", "/items", "--method", "GET", "--json", *STATIC)
    assert cors(*words).exit_code == 0
    strict = cors(*words, "--strict")
    assert strict.exit_code == 5
    assert [each["id"] for each in reported(strict)["warnings"]] == ["gwresp.4xx"]


def test_templates_are_read_outside_of_any_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    body = template("http://localhost:4200")
    IAM(body, "")
    (tmp_path / "t.json").write_text(json.dumps(body))
    result = cors("--template", "t.json", "--path", "/items", "--method", "GET", "--json", *STATIC)
    assert result.exit_code == 1
    assert reported(result)["rootCause"]["id"] == "auth.iam-not-cognito"


def test_a_token_is_taken_apart_and_printed_nowhere(project: Path) -> None:
    secret = token(
        token_use="access", iss="https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Demo00001", exp=1
    )
    words = ("--path", "/accounts", "--method", "GET", "--token", "-", *STATIC)
    for form in ((), ("--json",), ("--sarif",)):
        result = cors(*words, *form, stdin=secret + "\n")
        assert "expired" in result.stdout
        assert secret.split(".")[1] not in result.stdout + result.stderr


def test_an_empty_standard_input_is_no_token(project: Path) -> None:
    """It is not diagnosed as a page that sends none: that is another question."""
    result = cors("--path", "/accounts", "--token", "-", *STATIC, stdin="\n")
    assert isinstance(result.exception, UsageError)
    assert "holds no token" in result.exception.what


def test_a_recording_needs_neither_project_nor_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    asked = [{"name": "Origin", "value": ORIGIN}]
    names = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    preflight = [*asked, *({"name": name, "value": value} for name, value in names.items())]
    entries = [
        entry(
            "OPTIONS",
            url,
            preflight,
            403,
            {"x-amzn-ErrorType": "ForbiddenException"},
            '{"message":"Forbidden"}',
        ),
        entry("GET", url, [*asked, {"name": "Authorization", "value": token(sub="x")}], 0, {}, ""),
    ]
    (tmp_path / "r.har").write_text(
        json.dumps({"log": {"creator": {"name": "WebInspector"}, "entries": entries}})
    )
    result = cors("--har", "r.har", "--json")
    assert result.exit_code == 3
    assert "deploy.no-stage" in [
        reported(result)["rootCause"]["id"],
        *reported(result)["rootCause"]["alternatives"],
    ]
    assert cors("--har", "r.har", "--path", "/items", "--json").exit_code == 3
    capsys.readouterr()
    assert guarded(cli, ["doctor", "cors", "--har", "r.har", "--path", "/others"]) == 4
    assert "It shows GET /items." in capsys.readouterr().err


def entry(
    method: str, url: str, headers: list[dict[str, str]], status: int, answer: dict[str, str], body: str
) -> dict[str, Any]:
    said = [{"name": name, "value": value} for name, value in answer.items()]
    return {
        "startedDateTime": "2026-11-23T09:00:00.000Z",
        "time": 12,
        "request": {"method": method, "url": url, "headers": headers},
        "response": {"status": status, "headers": said, "content": {"text": body}},
    }


def test_sarif_names_every_cause_as_a_rule_and_the_line_of_the_fault(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    run = json.loads(cors("--sarif", "--path", "/accounts", "--method", "GET", *STATIC).stdout)["runs"][0]
    assert len(run["tool"]["driver"]["rules"]) == len(CARDS)
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert run["results"][0]["ruleId"] == "auth.iam-not-cognito"
    assert place["region"]["startLine"] > 1


def test_a_cause_is_explained_and_all_are_listed() -> None:
    explained = cors("--explain", "auth.iam-not-cognito").stdout
    assert "IncompleteSignatureException" in explained
    assert "amplify-js#476" in explained
    assert len(json.loads(cors("--list", "--json").stdout)) == len(CARDS)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--origin", "app.example.com"), "is not a valid origin"),
        (("--origin", "https://app.example.com/"), "is not a valid origin"),
        (("--path", "accounts"), "is not a valid path"),
        (("--url", "ftp://x"), "is not a valid URL"),
        (("--apply",), "--apply needs --fix"),
        (("--share", "--fix"), "--share is a report of its own"),
        (("--share", "backend-config.json/report.md"), "cannot be written"),
        (("--explain", "auth.iam"), "no cause auth.iam"),
        (("--template", "backend-config.json", "--fix"), "do not come from a project"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    project: Path, words: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(cli, ["doctor", "cors", *words]) == 2
    assert what in capsys.readouterr().err


def test_a_recording_is_read_in_a_project_without_a_checked_out_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "amplify" / ".config" / "local-env-info.json").unlink(missing_ok=True)
    monkeypatch.delenv("ACCOUNTSCTL_ENV", raising=False)
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    refused = {"x-amzn-ErrorType": "ForbiddenException", "x-amzn-RequestId": "675e16b7"}
    sent = [{"name": "Origin", "value": ORIGIN}]
    entries = [entry("GET", url, sent, 403, refused, '{"message":"Forbidden"}')]
    (project / "r.har").write_text(json.dumps({"log": {"entries": entries}}))
    assert cors("--har", "r.har").exit_code == 3


def test_a_project_names_the_apis_that_are_not_read(project: Path) -> None:
    (project / "backend-config.json").write_text('{"custom": {"chat": {"service": "customCloudformation"}}}')
    dev = {"cloud": "local", "region": "eu-west-1", "stackName": "chat-dev"}
    (project / "amplify/environments/dev.json").write_text(json.dumps(dev))
    rooms = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "rooms", "ProtocolType": "WEBSOCKET"}}
    path = project / "amplify/backend/custom/chat/template.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"Resources": {"Rooms": rooms}}))
    alone = cors(*STATIC).exception
    assert isinstance(alone, CouldNotLook)
    assert "custom/chat has only WebSocket APIs (Rooms)." in alone.why

    items = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "items", "ProtocolType": "HTTP"}}
    route = {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {"ApiId": {"Ref": "Items"}, "RouteKey": "GET /x"},
    }
    path.write_text(json.dumps({"Resources": {"Rooms": rooms, "Items": items, "Route": route}}))
    report = reported(cors("--json", *STATIC, "--origin", ORIGIN))
    assert "the WebSocket API Rooms" in [entry["what"] for entry in report["notChecked"]]
