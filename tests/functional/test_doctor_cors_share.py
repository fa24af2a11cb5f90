"""`doctor cors --share`: a report for the team of the API, printed or written to a file; and lines of the console."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.model.errors import UsageError
from tests.functional.doctor_cors import STATIC, cors, reported, set_authorization


def test_a_report_to_share_goes_to_standard_output_or_to_a_file(sample_project: Path) -> None:
    set_authorization(sample_project, "AWS_IAM")
    words = ("--path", "/accounts", "--method", "GET", *STATIC)
    printed = cors(*words, "--share")
    assert printed.exit_code == 1
    assert printed.stdout.startswith("# CORS report")
    assert "auth.iam-not-cognito" in printed.stdout
    written = cors(*words, "--share", "report.md")
    assert (written.exit_code, written.stdout) == (1, "")
    assert "Wrote report.md" in written.stderr
    assert (sample_project / "report.md").read_text() == printed.stdout


def test_lines_of_the_console_come_from_standard_input() -> None:
    line = (
        "Access to fetch at 'https://api.example.com/items' from origin 'http://localhost:3000' has been blocked by "
        "CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
    )
    result = cors("--har", "-", "--json", stdin=line)
    assert (result.exit_code, reported(result)["rootCause"]["id"]) == (1, "acam.missing")
    both = cors("--har", "-", "--token", "-", stdin=line)
    assert isinstance(both.exception, UsageError)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_of_the_console_are_read_in_every_encoding_that_editors_save_them_in(
    tmp_path: Path, encoding: str
) -> None:
    words = (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        "https://api.example.com/v1. (Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). "
        "Status code: 200."
    )
    (tmp_path / "console.txt").write_bytes(words.encode(encoding))
    result = reported(cors("--har", str(tmp_path / "console.txt"), "--json"))
    assert result["target"] == "GET https://api.example.com/v1"
    assert result["rootCause"]["id"] == "acao.missing-actual"


def test_what_to_send_to_the_backend_is_the_report_of_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = (
        "Access to fetch at 'https://api.example.com/items' from origin 'http://localhost:3000' has been blocked by "
        "CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
    )
    (tmp_path / "console.txt").write_text(line)
    said = " ".join(cors("--har", "console.txt", "--strict", "--color", "never").stdout.split())
    assert "For a report to send them, add --share report.md to this command" in said
    assert "accountsctl push" not in said
    assert cors("--har", "console.txt", "--share", "report.md").exit_code == 1
    assert "acam.missing" in (tmp_path / "report.md").read_text()


TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      CodeUri: .
      Events:
        Get: {Type: Api, Properties: {Path: /items, Method: put}}
"""


def test_the_code_to_paste_is_for_the_tool_that_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(TEMPLATE)
    words = (
        "--template",
        "t.yaml",
        "--path",
        "/items",
        "--method",
        "PUT",
        "--origin",
        "https://app.example.com",
    )
    report = reported(cors(*words, "--json"))
    assert report["rootCause"]["id"] == "preflight.no-options"
    (code,) = [step["text"] for step in report["fix"] if step["kind"] == "code"]
    assert code.startswith("# template.yaml, in Properties of the AWS::Serverless::Api")
    assert code in cors(*words, "--share").stdout
    (tmp_path / "t.yaml").write_text(TEMPLATE.replace("Method: put", "Method: get"))
    passed = cors("--template", "t.yaml", "--method", "GET", "--share")
    assert (passed.exit_code, "Cause: none was found" in passed.stdout) == (0, True)
