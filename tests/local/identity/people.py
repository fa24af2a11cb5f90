"""What a user of a pool does: sign in, get an identity and its credentials, send signed requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.local.apigateway.deployed.templates import REGION
from tests.local.deployed_api import Answer, Api

PASSWORD = "Passw0rd!"


def unsigned(service: str, api: Api) -> Any:
    """A client without credentials, as a page has it."""
    make: Callable[..., Any] = boto3.client  # the stubs accept only a literal name
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})
    return make(service, region_name=REGION, endpoint_url=f"http://{api.host}", config=config)


@dataclass(frozen=True)
class People:
    """The users of a stack's pool."""

    api: Api
    admin: Any
    """A signed client of cognito-idp."""

    def of_another_client(self) -> People:
        """The same users, who sign in by a client that no one else knows of."""
        made = self.admin.create_user_pool_client(
            UserPoolId=self.api.outputs["UserPool"],
            ClientName="another",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )
        outputs = {**self.api.outputs, "Client": made["UserPoolClient"]["ClientId"]}
        return People(Api(f"http://{self.api.host}", self.api.stack, outputs), self.admin)

    def sign_in(self, name: str, group: str | None = None) -> dict[str, str]:
        """Create a user, in a group if one is named, and sign in; the logins that an identity pool takes."""
        pool, client = self.api.outputs["UserPool"], self.api.outputs["Client"]
        self.admin.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        self.admin.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        if group:
            self.admin.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        users = unsigned("cognito-idp", self.api)
        tokens = users.initiate_auth(
            ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        provider = f"cognito-idp.{REGION}.amazonaws.com/{pool}"
        return {provider: tokens["AuthenticationResult"]["IdToken"]}

    def identity(self, logins: Mapping[str, str]) -> str:
        """GetId."""
        pool = self.api.outputs["IdentityPool"]
        return str(self._identities.get_id(IdentityPoolId=pool, Logins=dict(logins))["IdentityId"])

    def credentials(self, logins: Mapping[str, str], **more: str) -> Credentials:
        """GetId, then GetCredentialsForIdentity."""
        return self.credentials_of(self.identity(logins), logins, **more)

    def credentials_of(self, identity: str, logins: Mapping[str, str], **more: str) -> Credentials:
        """GetCredentialsForIdentity."""
        given = self._identities.get_credentials_for_identity(
            IdentityId=identity, Logins=dict(logins), **more
        )["Credentials"]
        return Credentials(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])

    @property
    def _identities(self) -> Any:
        return unsigned("cognito-identity", self.api)

    def get(self, path: str, credentials: Credentials, service: str = "execute-api") -> Answer:
        """A signed GET."""
        request = AWSRequest(method="GET", url=self.api.url(path))
        SigV4Auth(credentials, service, REGION).add_auth(request)
        return self.api.send("GET", path, {name: str(value) for name, value in request.headers.items()})


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """The code and the message of what `call` is refused with."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    raise AssertionError("it was not refused")


def shown(answer: Answer) -> Mapping[str, str | None]:
    """The identity that the function was shown."""
    assert answer.status == 200, answer.body
    identity: Mapping[str, str | None] = json.loads(answer.body)
    return identity
