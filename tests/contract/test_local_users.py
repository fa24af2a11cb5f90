"""The users of a local pool: `adapters.local_users` over moto, and the fake."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from accountsctl.adapters.local_users import EmbeddedUsers
from accountsctl.model.errors import CloudError
from accountsctl.ports.local_users import LocalUser, LocalUsers, NewUser
from tests.fakes.local_users import FakeLocalUsers

ANN = NewUser("ann", ("admins", "staff"))


class Made:
    """What is a session to `EmbeddedUsers`: boto3 clients, here moto's."""

    def client(self, service: str) -> Any:
        create: Callable[..., Any] = boto3.client  # its overloads take literals only
        return create(service, "eu-west-1", aws_access_key_id="a", aws_secret_access_key="a")


@dataclass(frozen=True)
class Stage:
    """A port, and the id of a pool without users."""

    port: LocalUsers
    pool: str


def _real(data: Path) -> Stage:
    session: Any = Made()
    pool = session.client("cognito-idp").create_user_pool(PoolName="users")["UserPool"]["Id"]
    return Stage(EmbeddedUsers(lambda: session, data), pool)


@pytest.fixture(params=["real", "fake"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with mock_aws():
        yield _real(tmp_path) if request.param == "real" else Stage(FakeLocalUsers(), "pool")


def test_a_user_is_confirmed_and_in_the_groups_which_are_created_once(stage: Stage) -> None:
    assert stage.port.add(stage.pool, ANN) == ("admins", "staff")
    assert stage.port.add(stage.pool, NewUser("bob", ("staff",))) == ()
    assert stage.port.users(stage.pool) == (
        LocalUser("ann", "CONFIRMED", ("admins", "staff")),
        LocalUser("bob", "CONFIRMED", ("staff",)),
    )


def test_the_password_of_an_added_user_is_known_until_the_user_is_removed(stage: Stage) -> None:
    stage.port.add(stage.pool, ANN)
    assert stage.port.password(stage.pool, "ann")
    assert stage.port.password(stage.pool, "bob") is None
    stage.port.remove(stage.pool, "ann")
    assert stage.port.password(stage.pool, "ann") is None
    assert stage.port.users(stage.pool) == ()


def test_a_second_user_of_a_name_and_the_removal_of_none_are_refused(stage: Stage) -> None:
    stage.port.add(stage.pool, ANN)
    before = stage.port.password(stage.pool, "ann")
    with pytest.raises(CloudError) as taken:
        stage.port.add(stage.pool, ANN)
    assert taken.value.code == "UsernameExistsException"
    assert stage.port.password(stage.pool, "ann") == before
    with pytest.raises(CloudError) as missing:
        stage.port.remove(stage.pool, "bob")
    assert missing.value.code == "UserNotFoundException"


class Refusing(Made):
    """A session to a Cognito that takes no more groups."""

    def client(self, service: str) -> Any:
        client = super().client(service)
        client.meta.events.register("before-call.cognito-identity-provider.CreateGroup", _refuse)
        return client


def _refuse(**_call: object) -> None:
    raise ClientError({"Error": {"Code": "LimitExceededException", "Message": "no"}}, "CreateGroup")


@mock_aws
def test_a_user_whose_groups_are_refused_is_removed_again(tmp_path: Path) -> None:
    stage, session = _real(tmp_path), Refusing()
    refusing = EmbeddedUsers(lambda: session, tmp_path)  # type: ignore[arg-type, return-value]
    with pytest.raises(CloudError):
        refusing.add(stage.pool, ANN)
    assert stage.port.users(stage.pool) == ()
    assert stage.port.password(stage.pool, "ann") is None


@mock_aws
def test_passwords_are_in_a_file_for_its_owner_alone_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    stage = _real(tmp_path)
    stage.port.add(stage.pool, ANN)
    file = tmp_path / "users.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())[stage.pool]["ann"] == stage.port.password(stage.pool, "ann")
    file.write_text("[")
    with pytest.raises(CloudError, match="is damaged"):
        stage.port.password(stage.pool, "ann")
