"""Identity pools: who gets an identity, which role it gets, and what the credentials of that role may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.deployed.templates import att
from tests.local.deployed_api import Api
from tests.local.identity.people import People, refusal, shown
from tests.local.identity.templates import identities

pytestmark = pytest.mark.slow

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]
ALLOWED, DENIED = 200, 403
CONFIGURATION = (
    "InvalidIdentityPoolConfigurationException",
    "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
)


@pytest.fixture(scope="module")
def people(deploy: Deploy, client: Clients) -> People:
    return People(deploy(identities()), client("cognito-idp"))


def statuses(people: People, logins: dict[str, str]) -> list[int]:
    """What the credentials get from each of the three paths."""
    credentials = people.credentials(logins)
    return [people.get(path, credentials).status for path in ("/public", "/private", "/admin")]


def test_a_guest_calls_what_the_role_of_guests_allows(people: People) -> None:
    assert statuses(people, {}) == [ALLOWED, DENIED, DENIED]


def test_a_user_calls_what_the_role_of_users_allows(people: People) -> None:
    assert statuses(people, people.sign_in("plain")) == [DENIED, ALLOWED, DENIED]


def test_a_user_in_a_group_gets_the_role_of_the_group(people: People) -> None:
    assert statuses(people, people.sign_in("boss", "admins")) == [ALLOWED, ALLOWED, ALLOWED]


def test_a_user_keeps_one_identity_and_each_guest_gets_another(people: People) -> None:
    logins = people.sign_in("returns")
    assert people.identity(logins) == people.identity(logins)
    assert people.identity({}) != people.identity({})


def test_a_function_sees_the_identity_of_its_caller(people: People) -> None:
    logins = people.sign_in("seen")
    (provider,) = logins
    user = people.admin.admin_get_user(UserPoolId=people.api.outputs["UserPool"], Username="seen")
    sub = next(each["Value"] for each in user["UserAttributes"] if each["Name"] == "sub")
    identity = shown(people.get("/private", people.credentials(logins)))
    assert {key: value for key, value in identity.items() if key.startswith("cognito")} == {
        "cognitoIdentityPoolId": people.api.outputs["IdentityPool"],
        "cognitoIdentityId": people.identity(logins),
        "cognitoAuthenticationType": "authenticated",
        "cognitoAuthenticationProvider": f"{provider},{provider}:CognitoSignIn:{sub}",
    }
    guest = shown(people.get("/public", people.credentials({})))
    assert (guest["cognitoAuthenticationType"], guest["cognitoAuthenticationProvider"]) == (
        "unauthenticated",
        None,
    )
    assert "/CognitoIdentityCredentials" in (guest["userArn"] or "")


def test_a_login_that_proves_nothing_is_refused(people: People) -> None:
    logins = people.sign_in("forged")
    (provider, token), *_ = logins.items()
    head, claims, signature = token.split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    code, message = refusal(lambda: people.identity({provider: forged}))
    assert (code, message.split(".")[0]) == ("NotAuthorizedException", "Invalid login token")
    unknown = refusal(lambda: people.identity({"accounts.google.com": token}))
    assert unknown == (
        "NotAuthorizedException",
        "Token is not from a supported provider of this identity pool.",
    )


def test_a_token_of_a_client_that_the_pool_does_not_name_is_refused(people: People) -> None:
    logins = people.of_another_client().sign_in("elsewhere")
    assert refusal(lambda: people.identity(logins)) == (
        "NotAuthorizedException",
        "Invalid login token. Incorrect token audience.",
    )


def test_credentials_need_the_login_that_the_identity_has(people: People) -> None:
    mine, other = people.sign_in("mine"), people.sign_in("other")
    identity = people.identity(mine)
    forbidden = ("NotAuthorizedException", f"Access to Identity '{identity}' is forbidden.")
    assert refusal(lambda: people.credentials_of(identity, {})) == forbidden
    assert refusal(lambda: people.credentials_of(identity, other)) == forbidden


def test_a_role_of_the_token_can_be_requested_and_no_other(people: People, client: Clients) -> None:
    logins = people.sign_in("chooses", "admins")
    group = client("cognito-idp").get_group(UserPoolId=people.api.outputs["UserPool"], GroupName="admins")
    role = group["Group"]["RoleArn"]
    assert people.get("/admin", people.credentials(logins, CustomRoleArn=role)).status == ALLOWED
    other = role.replace("GroupRole", "Other")
    assert refusal(lambda: people.credentials(logins, CustomRoleArn=other))[0] == "NotAuthorizedException"


def test_the_credentials_of_an_identity_open_no_service(people: People, cloud: LocalCloudClient) -> None:
    credentials = people.credentials({})
    answer = people.get("/public", credentials, service="iam")
    assert answer.status == DENIED


def test_guests_come_in_only_where_the_pool_allows_them(deploy: Deploy, client: Clients) -> None:
    closed = People(deploy(identities(guests=False)), client("cognito-idp"))
    assert refusal(lambda: closed.identity({})) == (
        "NotAuthorizedException",
        "Unauthenticated access is not supported for this identity pool.",
    )


def test_a_role_that_does_not_trust_the_pool_is_not_assumed(deploy: Deploy, client: Clients) -> None:
    strange = People(deploy(identities(aud="eu-west-1:another")), client("cognito-idp"))
    assert refusal(lambda: strange.credentials({})) == CONFIGURATION


def test_a_pool_without_a_role_gives_no_credentials(deploy: Deploy, client: Clients) -> None:
    roles = {"authenticated": att("AuthRole", "Arn")}
    half = People(deploy(identities(Roles=roles)), client("cognito-idp"))
    assert refusal(lambda: half.credentials({})) == CONFIGURATION


def test_rules_choose_the_role_by_a_claim(deploy: Deploy, client: Clients) -> None:
    rule = {
        "Claim": "cognito:username",
        "MatchType": "StartsWith",
        "Value": "boss-",
        "RoleARN": att("GroupRole", "Arn"),
    }
    template = identities()
    mapping = template["Resources"]["Attachment"]["Properties"]["RoleMappings"]["clients"]
    mapping |= {"Type": "Rules", "RulesConfiguration": {"Rules": [rule]}, "AmbiguousRoleResolution": "Deny"}
    ruled = People(deploy(template), client("cognito-idp"))
    assert statuses(ruled, ruled.sign_in("boss-1")) == [ALLOWED, ALLOWED, ALLOWED]
    assert refusal(lambda: ruled.credentials(ruled.sign_in("clerk")))[0] == "NotAuthorizedException"


def test_a_pool_is_changed_in_place(deploy: Deploy, client: Clients) -> None:
    template = identities(guests=False)
    before = deploy(template)
    changed = identities()
    changed["Resources"]["IdentityPool"]["Properties"]["IdentityPoolName"] = "renamed"
    after = deploy(changed, before)
    pool = client("cognito-identity").describe_identity_pool(IdentityPoolId=after.outputs["IdentityPool"])
    assert after.outputs["IdentityPool"] == before.outputs["IdentityPool"]
    assert (pool["IdentityPoolName"], pool["AllowUnauthenticatedIdentities"]) == ("renamed", True)
