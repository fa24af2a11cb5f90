"""`doctor cors --share`: a report for the team of the API, printed or written to a file."""

from __future__ import annotations

from pathlib import Path

from tests.functional.doctor_cors import STATIC, cors, set_authorization


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
