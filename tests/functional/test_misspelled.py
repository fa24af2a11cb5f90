"""A misspelled resource is reported as one that the project does not have, and before a cloud is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.command_line import typed


@pytest.mark.parametrize(
    ("words", "what", "why", "hint"),
    [
        ("logs accountsAPY", "no function accountsAPY", "functions are: accountsAPI", '"accountsAPI"'),
        ("invoke zzz", "no function zzz", "functions are: accountsAPI", "Name one of these."),
        ("outputs api/accountsAPY", "no resource api/accountsAPY", "The backend has: ", '"api/accountsAPI"'),
        ("outputs accountsClustre", "no resource accountsClustre", "The backend has: ", "accountsCluster"),
    ],
)
def test_the_project_does_not_have_it(
    sample_project: Path, capsys: pytest.CaptureFixture[str], words: str, what: str, why: str, hint: str
) -> None:
    code, _, err = typed(capsys, *words.split(), "--region", "eu-west-1")
    assert (code, "push" in err) == (2, False), err
    assert f"There is {what}." in err
    assert why in err
    assert hint in err
    assert not (sample_project / "amplify/.local/state").exists()
