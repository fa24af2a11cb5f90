"""The command line's sign-in against the embedded Cognito: what a pool asks for after the password."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from moto.cognitoidp.utils import cognito_totp

from accountsctl.adapters.aws.cognito import CognitoSignIn
from accountsctl.ports.sign_in import SignInTarget
from tests.local.conftest import ServiceClients

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class Answers:
    """A user with an authenticator app, who is asked for a new password first."""

    def __init__(self) -> None:
        self.secret = ""
        self.asked: list[str] = []

    def code(self, challenge: str, destination: str) -> str:
        """The app's code now; moto turns the secret into a key in a way of its own."""
        self.asked.append(challenge + destination)
        generated: bytes = cognito_totp(self.secret).generate(time.time())
        return generated.decode()

    def new_password(self) -> str:
        self.asked.append("NEW_PASSWORD_REQUIRED")
        return "Permanent-1!"


def test_a_new_password_and_a_second_factor_are_answered(
    client: ServiceClients, pool: Mapping[str, str]
) -> None:
    cognito: CognitoIdentityProviderClient = client("cognito-idp")
    target, name = SignInTarget(pool["userPoolId"], pool["clientId"]), "answering"
    cognito.admin_create_user(UserPoolId=target.pool_id, Username=name, TemporaryPassword="Temporary-1!")
    port, answers = CognitoSignIn(lambda _region: cognito), Answers()

    token = port.sign_in(target, name, "Temporary-1!", answers).access_token
    answers.secret = cognito.associate_software_token(AccessToken=token)["SecretCode"]
    cognito.verify_software_token(AccessToken=token, UserCode=answers.code("", ""))
    cognito.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    answers.asked.clear()

    assert port.sign_in(target, name, "Permanent-1!", answers).id_token
    assert answers.asked == ["SOFTWARE_TOKEN_MFA"]
