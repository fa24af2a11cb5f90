"""Profiles with MFA: one code for many commands, and no question where no one can answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.aws.assumed_roles import at_terminal, core_session
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError, UsageError

CONFIG = """
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = base
region = eu-west-1
[profile admin]
role_arn = arn:aws:iam::123456789012:role/admin
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/ann
region = eu-west-1
[profile broken]
credential_process = false
"""


class Sts:
    """AssumeRole that remembers the codes that it got."""

    def __init__(self) -> None:
        self.codes: list[str] = []

    def assume_role(self, **request: Any) -> dict[str, Any]:
        self.codes.append(request["TokenCode"])
        keys = {"AccessKeyId": "ASIAROLE", "SecretAccessKey": "s", "SessionToken": "t"}
        return {"Credentials": {**keys, "Expiration": datetime.now(UTC) + timedelta(hours=1)}}


@pytest.fixture(autouse=True)
def _profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(CONFIG)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path))


def key(cache: Path, sts: Sts) -> str:
    """The access key of the profile `admin`, as one more command gets it."""
    session = core_session("admin", cache, lambda _text: "123456")
    provider = session.get_component("credential_provider").get_provider("assume-role")
    provider._client_creator = lambda _service, **_options: sts
    credentials = session.get_credentials()
    assert credentials is not None
    return str(credentials.get_frozen_credentials().access_key)


def test_one_code_does_for_all_commands_of_a_session(tmp_path: Path) -> None:
    sts, cache = Sts(), tmp_path / "cache"
    assert [key(cache, sts), key(cache, sts)] == ["ASIAROLE", "ASIAROLE"]
    assert sts.codes == ["123456"]
    assert [file.stat().st_mode & 0o077 for file in cache.iterdir()] == [0]


def test_without_a_terminal_no_one_is_asked(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match="no terminal") as caught:
        at_terminal("Enter MFA code for arn:aws:iam::123456789012:mfa/ann: ")
    assert "mfa/ann" in caught.value.why
    assert capfd.readouterr().err == ""


def test_a_command_without_a_terminal_ends_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MFA code"):
        Session("eu-west-1", profile="admin").caller()


def test_a_credential_process_that_fails_is_named_with_what_to_do() -> None:
    with pytest.raises(CloudError) as caught:
        Session("eu-west-1", profile="broken").caller()
    assert caught.value.code == "NoCredentials"
    assert "credential_process" in caught.value.hint
