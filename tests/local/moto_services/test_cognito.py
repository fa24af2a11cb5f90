"""Signing in proves something: the password, the flow, the session, the pool's own key."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypedDict

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import ServiceClients
from tests.local.moto_services.srp_client import sign_in

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import InitiateAuthResponseTypeDef

Pool = Mapping[str, str]
"""The ids of the imported pool and its clients."""
Demo = tuple[str, str]
"""The name and the password of the demo user."""


@pytest.fixture
def cognito(client: ServiceClients) -> CognitoIdentityProviderClient:
    cognito: CognitoIdentityProviderClient = client("cognito-idp")
    return cognito


@pytest.fixture
def keys(cloud: LocalCloudClient, pool: Pool) -> jwk.KeySet:
    url = f"{cloud.start().url}/{pool['userPoolId']}/.well-known/jwks.json"
    with urllib.request.urlopen(url) as response:
        return jwk.KeySet.import_key_set(json.load(response))


Flow = Literal["USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "USER_SRP_AUTH"]


def password_flow(
    cognito: CognitoIdentityProviderClient, client_id: str, username: str, password: str
) -> InitiateAuthResponseTypeDef:
    given = {"USERNAME": username, "PASSWORD": password}
    return cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)


def test_the_demo_user_signs_in_by_srp(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo
) -> None:
    tokens = sign_in(cognito, pool["userPoolId"], pool["webClientId"], *demo)["AuthenticationResult"]
    assert {"IdToken", "AccessToken", "RefreshToken"} <= set(tokens)
    assert tokens["ExpiresIn"] == 3600


def test_srp_with_a_wrong_password_is_refused(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo
) -> None:
    with pytest.raises(cognito.exceptions.NotAuthorizedException, match="Incorrect username or password"):
        sign_in(cognito, pool["userPoolId"], pool["webClientId"], demo[0], demo[1] + "x")


def test_a_wrong_password_is_refused_in_the_clear_as_well(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo
) -> None:
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        password_flow(cognito, pool["clientId"], demo[0], "wrong")


@pytest.mark.parametrize("a", ["0", "not hexadecimal", ""])
def test_an_srp_a_that_would_give_the_key_away_is_refused(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo, a: str
) -> None:
    given = {"USERNAME": demo[0], "SRP_A": a}
    with pytest.raises(ClientError) as refused:
        cognito.initiate_auth(ClientId=pool["clientId"], AuthFlow="USER_SRP_AUTH", AuthParameters=given)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"


def test_an_srp_challenge_opens_no_other_door(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo
) -> None:
    started = cognito.initiate_auth(
        ClientId=pool["clientId"],
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": demo[0], "SRP_A": "abcdef"},
    )
    for session in (started.get("Session"), started["ChallengeParameters"]["SECRET_BLOCK"]):
        with pytest.raises(ClientError) as refused:
            cognito.respond_to_auth_challenge(
                ClientId=pool["clientId"],
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=session or "x" * 20,
                ChallengeResponses={"USERNAME": demo[0], "NEW_PASSWORD": "Stolen-1!xyz"},
            )
        assert refused.value.response["Error"]["Code"] in (
            "NotAuthorizedException",
            "InvalidParameterException",
        )


def test_claims_are_those_of_aws(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo, keys: jwk.KeySet
) -> None:
    tokens = password_flow(cognito, pool["webClientId"], *demo)["AuthenticationResult"]
    identity = jwt.decode(tokens["IdToken"], keys).claims
    access = jwt.decode(tokens["AccessToken"], keys).claims
    issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{pool['userPoolId']}"
    assert (identity["iss"], access["iss"]) == (issuer, issuer)
    assert (identity["token_use"], access["token_use"]) == ("id", "access")
    assert identity["aud"] == access["client_id"] == pool["webClientId"]
    assert identity["sub"] == access["sub"]
    assert identity["cognito:username"] == access["username"] == demo[0]
    assert identity["email"] == "demo@example.com"
    assert identity["email_verified"] is True
    assert identity["exp"] - identity["iat"] == 3600
    assert abs(identity["iat"] - time.time()) < 60
    assert access["scope"] == "aws.cognito.signin.user.admin"


def test_the_key_that_moto_ships_signs_nothing_here(keys: jwk.KeySet) -> None:
    from moto.utilities.utils import load_resource

    public_knowledge = jwk.RSAKey.import_key(load_resource("cognitoidp/resources/jwks-private.json"))
    forged = jwt.encode({"alg": "RS256", "kid": keys.keys[0].kid}, {"sub": "x"}, public_knowledge)
    with pytest.raises(JoseError):
        jwt.decode(forged, keys)


def test_each_pool_has_a_key_of_its_own(
    cloud: LocalCloudClient, cognito: CognitoIdentityProviderClient, keys: jwk.KeySet
) -> None:
    other = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    with urllib.request.urlopen(f"{cloud.start().url}/{other}/.well-known/jwks.json") as response:
        (key,) = json.load(response)["keys"]
    assert key["kid"] != keys.keys[0].kid
    assert key["n"] != keys.keys[0].as_dict()["n"]
    assert (key["alg"], key["use"], key["kty"]) == ("RS256", "sig", "RSA")


@pytest.mark.parametrize(
    ("flow", "parameters"),
    [
        ("USER_PASSWORD_AUTH", {"USERNAME": "u", "PASSWORD": "p"}),
        ("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": "t"}),
        ("USER_SRP_AUTH", {"USERNAME": "u", "SRP_A": "ab"}),
    ],
)
def test_a_flow_that_the_client_does_not_list_is_refused(
    cognito: CognitoIdentityProviderClient, flow: Flow, parameters: dict[str, str]
) -> None:
    pool_id = cognito.create_user_pool(PoolName="strict")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id, ClientName="c", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="not enabled for this client"):
        cognito.initiate_auth(ClientId=client, AuthFlow=flow, AuthParameters=parameters)


def test_a_client_with_a_secret_must_show_that_it_has_it(cognito: CognitoIdentityProviderClient) -> None:
    pool_id = cognito.create_user_pool(PoolName="secret")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="c",
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    )["UserPoolClient"]["ClientId"]
    with pytest.raises(cognito.exceptions.NotAuthorizedException, match="SECRET_HASH was not received"):
        password_flow(cognito, client, "u", "p")


class RefreshRequest(TypedDict):
    ClientId: str
    RefreshToken: str


class ChallengeRequest(TypedDict):
    ClientId: str
    ChallengeName: Literal["NEW_PASSWORD_REQUIRED"]
    Session: str


def test_tokens_come_from_a_refresh_token_until_it_is_revoked(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo, keys: jwk.KeySet
) -> None:
    first = password_flow(cognito, pool["clientId"], *demo)["AuthenticationResult"]
    refresh: RefreshRequest = {"ClientId": pool["clientId"], "RefreshToken": first["RefreshToken"]}
    fresh = cognito.get_tokens_from_refresh_token(**refresh)["AuthenticationResult"]
    assert jwt.decode(fresh["IdToken"], keys).claims["cognito:username"] == demo[0]
    assert cognito.get_user(AccessToken=fresh["AccessToken"])["Username"] == demo[0]
    cognito.revoke_token(ClientId=pool["clientId"], Token=first["RefreshToken"])
    with pytest.raises(cognito.exceptions.NotAuthorizedException, match="revoked"):
        cognito.get_tokens_from_refresh_token(**refresh)
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.get_user(AccessToken=fresh["AccessToken"])


def test_a_refresh_token_serves_its_own_client_only(
    cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo
) -> None:
    token = password_flow(cognito, pool["clientId"], *demo)["AuthenticationResult"]["RefreshToken"]
    with pytest.raises(cognito.exceptions.NotAuthorizedException, match="Invalid Refresh Token"):
        cognito.initiate_auth(
            ClientId=pool["webClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )


def test_a_new_password_is_set_by_the_user_who_must_set_it(
    cognito: CognitoIdentityProviderClient, pool: Pool
) -> None:
    name = "newcomer"
    cognito.admin_create_user(UserPoolId=pool["userPoolId"], Username=name, TemporaryPassword="Temporary-1!")
    started = password_flow(cognito, pool["clientId"], name, "Temporary-1!")
    assert started["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    challenge: ChallengeRequest = {
        "ClientId": pool["clientId"],
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": started["Session"],
    }
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.respond_to_auth_challenge(
            **challenge, ChallengeResponses={"USERNAME": "demo", "NEW_PASSWORD": "Stolen-1!xyz"}
        )
    result = cognito.respond_to_auth_challenge(
        **challenge, ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": "Permanent-1!"}
    )
    assert result["AuthenticationResult"]["IdToken"]
    assert sign_in(cognito, pool["userPoolId"], pool["clientId"], name, "Permanent-1!")[
        "AuthenticationResult"
    ]


def test_public_calls_need_no_signature_and_others_do(
    cloud: LocalCloudClient, pool: Pool, demo: Demo
) -> None:
    import boto3

    unsigned = boto3.client(
        "cognito-idp",
        region_name="us-east-1",
        endpoint_url=cloud.start().url,
        config=Config(signature_version=UNSIGNED),
    )
    token = password_flow(unsigned, pool["webClientId"], *demo)["AuthenticationResult"]["IdToken"]
    header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
    assert header["alg"] == "RS256"
    assert token_of(unsigned, pool, demo)
    body = json.dumps({"UserPoolId": pool["userPoolId"], "Username": "demo"}).encode()
    request = urllib.request.Request(cloud.start().url, body, method="POST")
    request.add_header("X-Amz-Target", "AWSCognitoIdentityProviderService.AdminDeleteUser")
    request.add_header("Content-Type", "application/x-amz-json-1.1")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 403


def token_of(cognito: CognitoIdentityProviderClient, pool: Pool, demo: Demo) -> bool:
    tokens = sign_in(cognito, pool["userPoolId"], pool["clientId"], *demo)["AuthenticationResult"]
    return cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == demo[0]


def test_the_imported_pool_is_as_it_was_requested(client: ServiceClients, pool: Pool) -> None:
    cognito: CognitoIdentityProviderClient = client("cognito-idp")
    described = cognito.describe_user_pool(UserPoolId=pool["userPoolId"])["UserPool"]
    assert described["Arn"] == f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{pool['userPoolId']}"
    for key in ("clientId", "webClientId"):
        app = cognito.describe_user_pool_client(UserPoolId=pool["userPoolId"], ClientId=pool[key])[
            "UserPoolClient"
        ]
        assert "ClientSecret" not in app
        assert "ALLOW_USER_SRP_AUTH" in app["ExplicitAuthFlows"]
    identity = client("cognito-identity").describe_identity_pool(IdentityPoolId=pool["identityPoolId"])
    assert identity["IdentityPoolId"] == pool["identityPoolId"]


def test_requesting_the_pool_again_changes_nothing(
    cloud: LocalCloudClient, cognito: CognitoIdentityProviderClient, pool: Pool
) -> None:
    before = cognito.list_users(UserPoolId=pool["userPoolId"])["Users"]
    cloud.ensure_pool("eu-west-1", pool)
    assert cognito.list_users(UserPoolId=pool["userPoolId"])["Users"] == before
