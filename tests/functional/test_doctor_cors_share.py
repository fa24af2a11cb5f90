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


def test_what_to_send_to_the_backend_is_the_same_command_with_one_more_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    line = (
        "Access to fetch at 'https://api.example.com/items' from origin 'http://localhost:3000' has been blocked by "
        "CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
    )
    (tmp_path / "console.txt").write_text(line)
    said = " ".join(cors("--har", "console.txt", "--strict", "--color", "never").stdout.split())
    assert "What to send them: accountsctl doctor cors --har console.txt --share report.md" in said
    assert "accountsctl push" not in said
    assert cors("--har", "console.txt", "--share", "report.md").exit_code == 1
    assert "acam.missing" in (tmp_path / "report.md").read_text()
