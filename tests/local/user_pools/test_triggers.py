"""Lambda triggers of user pools: each is really invoked, with AWS's event, and its answer counts."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.deployed_api import Api
from tests.local.identity.people import PASSWORD, refusal, unsigned
from tests.local.user_pools.templates import triggered

pytestmark = pytest.mark.slow

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Pool:
    """A deployed pool, as its app sees it and as its administrator does."""

    api: Api
    client: Clients

    @property
    def users(self) -> Any:
        return unsigned("cognito-idp", self.api)

    @property
    def id(self) -> str:
        return self.api.outputs["UserPool"]

    @property
    def app(self) -> str:
        return self.api.outputs["Client"]

    @property
    def admin(self) -> Any:
        return self.client("cognito-idp")

    def sign_up(self, name: str, **more: Any) -> Mapping[str, Any]:
        attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
        answer: Mapping[str, Any] = self.users.sign_up(
            ClientId=self.app, Username=name, Password=PASSWORD, UserAttributes=attributes, **more
        )
        return answer

    def initiate(self, flow: str, **parameters: str) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self.users.initiate_auth(
            ClientId=self.app, AuthFlow=flow, AuthParameters=parameters
        )
        return answer

    def sign_in(self, name: str, password: str = PASSWORD) -> Mapping[str, str]:
        answer = self.initiate("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)
        tokens: Mapping[str, str] = answer["AuthenticationResult"]
        return tokens

    def create(self, name: str) -> None:
        address = [
            {"Name": "email", "Value": f"{name}@example.com"},
            {"Name": "email_verified", "Value": "true"},
        ]
        self.admin.admin_create_user(
            UserPoolId=self.id, Username=name, UserAttributes=address, MessageAction="SUPPRESS"
        )
        self.admin.admin_set_user_password(
            UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True
        )

    def user(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.admin.admin_get_user(UserPoolId=self.id, Username=name)
        return found

    def events(self, name: str = "") -> list[Mapping[str, Any]]:
        """What the function was sent about a user, in order."""
        text = self.client("ssm").get_parameter(Name=self.api.outputs["Function"])["Parameter"]["Value"]
        return [event for event in json.loads(text) if event["userName"] == name]

    def sources(self, name: str) -> list[str]:
        return [event["triggerSource"] for event in self.events(name)]


def claims(token: str) -> Mapping[str, Any]:
    part = token.split(".")[1]
    read: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


def sent_code(cloud: LocalCloudClient, name: str) -> str:
    """The last code that was sent to a user, which the log has."""
    text = "".join(path.read_text() for path in cloud.logs())
    codes: list[str] = re.findall(rf"Cognito sends to {name}: Your verification code is (\d{{6}})", text)
    return codes[-1]


@pytest.fixture(scope="module")
def pool(deploy: Deploy, client: Clients) -> Pool:
    return Pool(deploy(triggered()), client)


def test_a_registration_and_a_sign_in_run_their_triggers_in_order(
    pool: Pool, cloud: LocalCloudClient
) -> None:
    assert pool.sign_up("ann", ClientMetadata={"from": "the app"})["UserConfirmed"] is False
    code = sent_code(cloud, "ann")
    pool.users.confirm_sign_up(ClientId=pool.app, Username="ann", ConfirmationCode=code)
    tokens = pool.sign_in("ann")
    pool.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])
    assert pool.sources("ann") == [
        "PreSignUp_SignUp",
        "CustomMessage_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
        "TokenGeneration_RefreshTokens",
    ]
    first, confirmed = pool.events("ann")[0], pool.events("ann")[2]
    assert {key: first[key] for key in ("version", "region", "userPoolId", "callerContext", "request")} == {
        "version": "1",
        "region": "eu-west-1",
        "userPoolId": pool.id,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.app},
        "request": {
            "userAttributes": {"email": "ann@example.com"},
            "validationData": None,
            "clientMetadata": {"from": "the app"},
        },
    }
    attributes = confirmed["request"]["userAttributes"]
    assert (attributes["email"], attributes["cognito:user_status"]) == ("ann@example.com", "CONFIRMED")


def test_a_trigger_that_throws_refuses_with_its_message(pool: Pool) -> None:
    assert refusal(lambda: pool.sign_up("refused")) == (
        "UserLambdaValidationException",
        "PreSignUp failed with error not today.",
    )
    pool.create("late")
    attributes = [{"Name": "email", "Value": "refused@example.com"}]
    pool.admin.admin_update_user_attributes(UserPoolId=pool.id, Username="late", UserAttributes=attributes)
    assert refusal(lambda: pool.sign_in("late")) == (
        "UserLambdaValidationException",
        "PreAuthentication failed with error not today.",
    )


def test_an_administrators_calls_run_triggers_too(pool: Pool) -> None:
    pool.admin.admin_create_user(UserPoolId=pool.id, Username="made", TemporaryPassword=PASSWORD)
    answer = pool.initiate("USER_PASSWORD_AUTH", USERNAME="made", PASSWORD=PASSWORD)
    pool.users.respond_to_auth_challenge(
        ClientId=pool.app,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=answer["Session"],
        ChallengeResponses={"USERNAME": "made", "NEW_PASSWORD": "An0ther-one!"},
    )
    assert pool.sources("made") == [
        "PreSignUp_AdminCreateUser",
        "CustomMessage_AdminCreateUser",
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_NewPasswordChallenge",
    ]


def test_a_forgotten_password_runs_its_triggers(pool: Pool, cloud: LocalCloudClient) -> None:
    pool.create("forgets")
    pool.users.forgot_password(ClientId=pool.app, Username="forgets")
    code = sent_code(cloud, "forgets")
    pool.users.confirm_forgot_password(
        ClientId=pool.app, Username="forgets", ConfirmationCode=code, Password="An0ther-one!"
    )
    assert pool.sources("forgets")[1:] == [
        "CustomMessage_ForgotPassword",
        "PostConfirmation_ConfirmForgotPassword",
    ]


def test_custom_challenges_are_defined_created_and_verified(pool: Pool) -> None:
    pool.create("asked")
    first = pool.initiate("CUSTOM_AUTH", USERNAME="asked")
    assert (first["ChallengeName"], first["ChallengeParameters"]) == (
        "CUSTOM_CHALLENGE",
        {"hint": "40+2", "USERNAME": "asked"},
    )

    def answer(session: str, text: str) -> Mapping[str, Any]:
        given: Mapping[str, Any] = pool.users.respond_to_auth_challenge(
            ClientId=pool.app,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=session,
            ChallengeResponses={"USERNAME": "asked", "ANSWER": text},
        )
        return given

    second = answer(first["Session"], "41")
    done = answer(second["Session"], "42")
    assert claims(done["AuthenticationResult"]["IdToken"])["cognito:username"] == "asked"
    assert refusal(lambda: answer(second["Session"], "42"))[0] == "NotAuthorizedException"
    third = answer(pool.initiate("CUSTOM_AUTH", USERNAME="asked")["Session"], "1")
    assert refusal(lambda: answer(third["Session"], "2")) == (
        "NotAuthorizedException",
        "Incorrect username or password.",
    )


def test_a_user_of_another_directory_is_migrated_by_the_right_password(pool: Pool) -> None:
    assert refusal(lambda: pool.sign_in("old", "wr0ng-Passw0rd!"))[0] in (
        "UserNotFoundException",
        "NotAuthorizedException",
    )
    assert claims(pool.sign_in("old", "0ld-Passw0rd!")["IdToken"])["email"] == "old@example.com"
    assert pool.user("old")["UserStatus"] == "CONFIRMED"
    assert claims(pool.sign_in("old", "0ld-Passw0rd!")["IdToken"])["email_verified"] is True


def test_a_registration_can_be_confirmed_and_verified_by_its_trigger(deploy: Deploy, client: Clients) -> None:
    answers = {"PreSignUp_SignUp": {"autoConfirmUser": True, "autoVerifyEmail": True}}
    pool = Pool(deploy(triggered(answers, ("PreSignUp", "PostConfirmation"))), client)
    assert pool.sign_up("quick")["UserConfirmed"] is True
    user = pool.user("quick")
    attributes = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
    assert (user["UserStatus"], attributes["email_verified"]) == ("CONFIRMED", "true")
    assert pool.sources("quick") == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]


def test_the_first_version_of_token_events_changes_id_tokens(deploy: Deploy, client: Clients) -> None:
    override = {
        "claimsToAddOrOverride": {"tenant": "acme", "sub": "forged"},
        "claimsToSuppress": ["email"],
        "groupOverrideDetails": {"groupsToOverride": ["admins", "extra"]},
    }
    answers = {"TokenGeneration_Authentication": {"claimsOverrideDetails": override}}
    pool = Pool(deploy(triggered(answers, ("PreTokenGeneration",))), client)
    pool.sign_up("tia")
    pool.admin.admin_confirm_sign_up(UserPoolId=pool.id, Username="tia")
    pool.admin.admin_add_user_to_group(UserPoolId=pool.id, Username="tia", GroupName="admins")
    tokens = pool.sign_in("tia")
    identity, access = claims(tokens["IdToken"]), claims(tokens["AccessToken"])
    assert (identity["tenant"], identity["cognito:groups"]) == ("acme", ["admins", "extra"])
    assert "email" not in identity
    assert identity["sub"] != "forged"
    assert ("tenant" in access, access["cognito:groups"]) == (False, ["admins", "extra"])
    (event,) = pool.events("tia")
    assert event["request"]["groupConfiguration"]["groupsToOverride"] == ["admins"]
    assert pool.users.get_user(AccessToken=tokens["AccessToken"])["Username"] == "tia"


def test_the_second_version_changes_access_tokens_and_scopes(deploy: Deploy, client: Clients) -> None:
    override = {
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"tenant": {"id": 7}},
            "scopesToAdd": ["orders/read"],
            "scopesToSuppress": ["aws.cognito.signin.user.admin"],
        },
        "idTokenGeneration": {"claimsToAddOrOverride": {"colour": "red"}},
    }
    answers = {"TokenGeneration_Authentication": {"claimsAndScopeOverrideDetails": override}}
    template = triggered(answers, ())
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    config = {"PreTokenGenerationConfig": {"LambdaArn": arn, "LambdaVersion": "V2_0"}}
    template["Resources"]["UserPool"]["Properties"]["LambdaConfig"] = config
    pool = Pool(deploy(template), client)
    pool.create("tom")
    tokens = pool.sign_in("tom")
    access = claims(tokens["AccessToken"])
    assert (access["tenant"], access["scope"]) == ({"id": 7}, "orders/read")
    assert claims(tokens["IdToken"])["colour"] == "red"
    (event,) = pool.events("tom")
    assert (event["version"], event["request"]["scopes"]) == ("2", ["aws.cognito.signin.user.admin"])


def test_a_function_that_cognito_may_not_invoke_refuses(deploy: Deploy, client: Clients) -> None:
    template = triggered()
    del template["Resources"]["Permission"]
    pool = Pool(deploy(template), client)
    assert refusal(lambda: pool.sign_up("nope")) == (
        "UnexpectedLambdaException",
        "PreSignUp invocation failed due to error AccessDeniedException.",
    )


def test_a_message_is_written_to_the_log(deploy: Deploy, client: Clients, cloud: LocalCloudClient) -> None:
    answers = {"CustomMessage_SignUp": {"emailSubject": "Welcome", "emailMessage": "Your code is {####}"}}
    pool = Pool(deploy(triggered(answers, ("CustomMessage",))), client)
    pool.sign_up("reads")
    text = "".join(path.read_text() for path in cloud.logs())
    assert "Cognito sends to reads: emailMessage: Your code is {####}; emailSubject: Welcome" in text
