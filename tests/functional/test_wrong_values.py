"""What a command is given and cannot use: files and numbers, refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.command_line import typed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("invoke accountsAPI --event nofile.json", "nofile.json cannot be read"),
        ("add custom storage files --template nofile.json", "nofile.json cannot be read"),
        ("db seed nofile.csv", "nofile.csv cannot be read"),
        ("call POST /accounts -d @nofile.json", "nofile.json cannot be read"),
        ("init -C accounts.csv/shop", "cannot be a project's folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_without_pythons_number(
    words: str, said: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sample_project / "accounts.csv").touch()
    code, _, err = typed(capsys, *words.split())
    assert (code, said in err) == (2, True), err
    assert ("[Errno" in err, "  No such file or directory." in err or "  Not a directory." in err) == (
        False,
        True,
    )


@pytest.mark.parametrize(
    ("runtime", "successor"),
    [("node", "nodejs24.x"), ("Node20", "nodejs24.x"), ("py", "python3.14"), ("go1.x", "python3.14")],
)
def test_a_wrong_runtime_is_answered_with_one_of_its_language(
    runtime: str, successor: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("add", "function", "hello"), ("update", "function", "accountsAPI")):
        code, _, err = typed(capsys, *words, "--runtime", runtime)
        assert (code, f"Use {successor}." in err) == (2, True), err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("add custom storage files", "--template is missing."),
        ("ui --port abc", "'abc' is not a valid whole number."),
        ("local start --port 80", "80 is not in the range 1024<=x<=65535."),
        ("update function accountsAPI --memory much", "'much' is not a valid whole number."),
        ("add rds other --min-capacity much", "'much' is not a valid number."),
        ("local start --idle-stop soon", "It takes minutes from 1 to 525,600, without a unit, or never."),
        ("logs --since yesterday", "It takes a span back from now, or a date with or without a time."),
        ("push --exit-code", "It reports by its exit code whether a push would change anything."),
        ("local delay AWS::RDS::DBCluster long", "'long' is not a valid number."),
    ],
)
def test_what_an_option_takes_is_said_in_words(
    words: str, said: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = typed(capsys, *words.split())
    assert (code, said in err) == (2, True), err
