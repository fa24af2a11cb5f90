"""`auth user`: who is added, what is refused, and how such a user signs in."""

from __future__ import annotations

import pytest

from accountsctl.commands.users.local_users import UsersOf
from accountsctl.commands.users.sign_in import Credentials, sign_in
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.ports.local_users import NewUser
from accountsctl.ports.sign_in import NoSignIn
from tests.fakes.local_users import FakeLocalUsers
from tests.fakes.sign_in import FakeSignIn

POOL = ("eu-west-1_Pool", "web")
IMPORTED = {"auth": {"pool": {"UserPoolId": "eu-west-1_Pool", "AppClientIDWeb": "web"}}}
LOCAL = Environment("dev", Cloud.LOCAL, "eu-west-1", "shop-dev", imported=IMPORTED)
AWS = Environment("prod", Cloud.AWS, "eu-west-1", "shop-prod", imported=IMPORTED)


class NotDeployed:
    deployed_outputs: dict[str, dict[str, str]] = {}


@pytest.fixture
def port() -> FakeLocalUsers:
    return FakeLocalUsers()


@pytest.fixture
def users(port: FakeLocalUsers) -> UsersOf:
    return UsersOf.pool(LOCAL, port, None, NotDeployed())


def test_a_name_with_an_at_sign_is_a_verified_address_unless_another_one_is_stated(
    users: UsersOf, port: FakeLocalUsers
) -> None:
    users.add("ann@example.com", ("admins", "admins"), ("custom:team=a=b",))
    users.add("bob", (), ("email=bob@example.com",))
    verified = {"email": "ann@example.com", "email_verified": "true"}
    assert port.added["ann@example.com"].attributes == {**verified, "custom:team": "a=b"}
    assert port.added["ann@example.com"].groups == ("admins",)
    assert port.added["bob"].attributes == {"email": "bob@example.com"}


@pytest.mark.parametrize("stated", ["custom:team", "=red", ""])
def test_what_is_not_an_attribute_adds_no_user(users: UsersOf, port: FakeLocalUsers, stated: str) -> None:
    with pytest.raises(UsageError, match="is not an attribute"):
        users.add("ann", (), (stated,))
    assert port.added == {}


def test_users_of_an_environment_on_aws_are_not_changed(port: FakeLocalUsers) -> None:
    with pytest.raises(UsageError) as refused:
        UsersOf.pool(AWS, port, None, NotDeployed())
    assert "aws cognito-idp admin-create-user --user-pool-id eu-west-1_Pool" in refused.value.hint


def test_a_name_that_no_user_has_is_answered_with_the_nearest(users: UsersOf, port: FakeLocalUsers) -> None:
    users.add("ann@example.com", (), ())
    with pytest.raises(UsageError) as refused:
        users.remove("an@example.com")
    assert refused.value.why == 'Did you mean "ann@example.com"?'
    assert list(port.added) == ["ann@example.com"]
    users.remove("ann@example.com")
    assert port.added == {}


def test_an_added_user_signs_in_by_name_alone_in_a_local_environment_only(port: FakeLocalUsers) -> None:
    port.added["ann"] = NewUser("ann")
    cognito = FakeSignIn({(*POOL, "ann"): "password-of-ann", (*POOL, "demo"): "d"})
    given = Credentials("ann", kept=port.password)
    assert sign_in(LOCAL, given, cognito, lambda: ("demo", "d")).id_token == "id-of-ann"
    assert (
        sign_in(LOCAL, Credentials(kept=port.password), cognito, lambda: ("demo", "d")).id_token
        == "id-of-demo"
    )
    with pytest.raises(NoSignIn):
        sign_in(AWS, given, cognito, lambda: ("demo", "d"))
    with pytest.raises(NoSignIn):
        sign_in(LOCAL, Credentials("bob", kept=port.password), cognito, lambda: ("demo", "d"))


def test_a_password_that_is_stated_is_tried_and_not_the_kept_one(port: FakeLocalUsers) -> None:
    port.added["ann"] = NewUser("ann")
    cognito = FakeSignIn({(*POOL, "ann"): "password-of-ann"})
    with pytest.raises(CloudError):
        sign_in(LOCAL, Credentials("ann", "typed", kept=port.password), cognito, lambda: ("demo", "d"))
