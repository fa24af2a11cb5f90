"""`ports.SignIn` over Cognito, as an application's client does it: unsigned calls, SRP, no AWS credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import is_loopback
from accountsctl.adapters.aws.srp import Challenge, SrpClient, SrpError
from accountsctl.model.errors import CloudError
from accountsctl.ports.sign_in import Tokens

_FLOW = (
    "The app client may not offer USER_SRP_AUTH, or has a client secret, which no browser can keep: "
    "use one that allows ALLOW_USER_SRP_AUTH and has no secret."
)

_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "NotAuthorizedException": "Check the user's name and password; neither is stored or logged.",
        "UserNotFoundException": "Check the user's name; the pool's owner can list its users.",
        "UserNotConfirmedException": "Confirm the user first (the code that was sent, or the pool's owner).",
        "PasswordResetRequiredException": "Set a new password with the code that was sent, then sign in.",
        "ResourceNotFoundException": "Check the pool's and the client's id, and the region, in the environment.",
        "InvalidParameterException": _FLOW,
        "InvalidUserPoolConfigurationException": _FLOW,
        "UserLambdaValidationException": "A trigger of the pool refused; its owner's log says why.",
    }
)

# Challenge -> what to do. Anything beyond a password is not asked for here.
_CHALLENGES: Mapping[str, str] = MappingProxyType(
    {
        "NEW_PASSWORD_REQUIRED": "Set a permanent password first: sign in to the application once, or "
        "`aws cognito-idp admin-set-user-password --permanent`.",
        "SMS_MFA": "Use a user without a second factor.",
        "SOFTWARE_TOKEN_MFA": "Use a user without a second factor.",
        "EMAIL_OTP": "Use a user without a second factor.",
        "SELECT_MFA_TYPE": "Use a user without a second factor.",
        "MFA_SETUP": "Use a user without a second factor, or set the factor up in the application.",
        "CUSTOM_CHALLENGE": "Use a client whose sign-in has no steps of its own.",
        "DEVICE_SRP_AUTH": "Turn device tracking off for this pool, or use another.",
    }
)


class CognitoSignIn:
    """Signs users in. `client` gives an unsigned cognito-idp client for a region."""

    def __init__(self, client: Callable[[str], Any], now: Callable[[], datetime] | None = None) -> None:
        self._client = client
        self._now = now or (lambda: datetime.now(UTC))

    def sign_in(self, pool_id: str, client_id: str, username: str, password: str) -> Tokens:
        """Sign in by SRP; CloudError with Cognito's reason where it is refused."""
        region, underscore, _ = pool_id.partition("_")
        if not underscore:
            raise CloudError(
                f'"{pool_id}" is not a user pool\'s id.',
                why="An id looks like eu-west-1_AbCdEf123.",
                hint="Correct UserPoolId in the environment's file.",
            )
        with translated(f"sign in {username}", _HINTS):
            answer = _Conversation(self._client(region), pool_id, client_id, self._now).run(
                username, password
            )
        return _tokens(answer, username)


class _Conversation:
    """The two calls of one sign-in."""

    def __init__(self, client: Any, pool_id: str, client_id: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._client_id = client_id
        self._now = now
        self._srp = SrpClient.start(pool_id)

    def run(self, username: str, password: str) -> Mapping[str, Any]:
        """Cognito's last answer: tokens, or a challenge that goes beyond the password."""
        asked: Mapping[str, Any] = self._client.initiate_auth(
            AuthFlow="USER_SRP_AUTH",
            ClientId=self._client_id,
            AuthParameters={"USERNAME": username, "SRP_A": self._srp.public},
        )
        if asked.get("ChallengeName") != "PASSWORD_VERIFIER":
            return asked
        answered: Mapping[str, Any] = self._client.respond_to_auth_challenge(
            ChallengeName="PASSWORD_VERIFIER",
            ClientId=self._client_id,
            ChallengeResponses=self._responses(asked["ChallengeParameters"], username, password),
            **({"Session": asked["Session"]} if asked.get("Session") else {}),
        )
        return answered

    def _responses(self, asked: Mapping[str, str], username: str, password: str) -> Mapping[str, str]:
        challenge = Challenge(
            user_id=asked["USER_ID_FOR_SRP"],
            salt=asked["SALT"],
            server_public=asked["SRP_B"],
            secret_block=asked["SECRET_BLOCK"],
        )
        try:
            proof = self._srp.prove(challenge, password, self._now())
        except SrpError as error:
            raise CloudError(
                f"Signing in {username} was broken off.",
                why=str(error),
                hint="Check who answers for Cognito.",
            ) from error
        return {
            "USERNAME": asked.get("USERNAME", asked["USER_ID_FOR_SRP"]),
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge.secret_block,
            "PASSWORD_CLAIM_SIGNATURE": proof.signature,
            "TIMESTAMP": proof.timestamp,
        }


def _tokens(answer: Mapping[str, Any], username: str) -> Tokens:
    result = answer.get("AuthenticationResult")
    if not result:
        challenge = str(answer.get("ChallengeName", ""))
        raise CloudError(
            f"{username} cannot sign in with a password alone.",
            why=f"Cognito asks for {challenge or 'something that it does not name'}.",
            hint=_CHALLENGES.get(challenge, "Use another user."),
            code=challenge,
        )
    return Tokens(
        id_token=result["IdToken"],
        access_token=result["AccessToken"],
        refresh_token=result.get("RefreshToken", ""),
        expires_in=int(result.get("ExpiresIn", 0)),
    )


def unsigned_client(session: Any, region: str, endpoint: str | None = None) -> Any:
    """A cognito-idp client that signs nothing: signing in needs no credentials, so none are looked for."""
    from botocore import UNSIGNED
    from botocore.config import Config

    config = Config(signature_version=UNSIGNED, proxies={} if is_loopback(endpoint) else None)
    return session.client("cognito-idp", region_name=region, endpoint_url=endpoint, config=config)
