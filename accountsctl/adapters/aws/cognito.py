"""`ports.SignIn` over Cognito, as an application's client does it: unsigned calls, SRP, no AWS credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.srp import Challenge, SrpClient, SrpError
from accountsctl.model.errors import CloudError
from accountsctl.model.loopback import is_loopback_url
from accountsctl.ports.sign_in import ChallengeAnswers, SignInTarget, Tokens

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
        "CodeMismatchException": "Take the newest code; an app's codes need the right time on both machines.",
        "ExpiredCodeException": "Sign in again, which sends a new code.",
        "InvalidPasswordException": "Choose a password that the pool's policy allows.",
        "UserLambdaValidationException": "A trigger of the pool refused; its owner's log says why.",
    }
)

_CONFIDENTIAL = (
    "The app client has a secret, which no browser can keep: import a client without one (import auth)."
)
# The key of the code in the response to a challenge. Source: the request of RespondToAuthChallenge,
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
_CODES: Mapping[str, str] = MappingProxyType(
    {
        "SOFTWARE_TOKEN_MFA": "SOFTWARE_TOKEN_MFA_CODE",
        "SMS_MFA": "SMS_MFA_CODE",
        "EMAIL_OTP": "EMAIL_OTP_CODE",
    }
)
# Other challenges -> what to do.
_CHALLENGES: Mapping[str, str] = MappingProxyType(
    {
        "MFA_SETUP": "Set the second factor up in the application, then sign in again.",
        "CUSTOM_CHALLENGE": "Use a client whose sign-in has no steps of its own.",
        "DEVICE_SRP_AUTH": "Turn device tracking off for this pool, or use another.",
    }
)


class CognitoSignIn:
    """Signs users in. `client` gives an unsigned cognito-idp client for a region."""

    def __init__(self, client: Callable[[str], Any], now: Callable[[], datetime] | None = None) -> None:
        self._client = client
        self._now = now or (lambda: datetime.now(UTC))

    def sign_in(
        self, target: SignInTarget, username: str, password: str, answers: ChallengeAnswers
    ) -> Tokens:
        """Sign in by SRP; CloudError with Cognito's reason if it is refused."""
        pool_id = target.pool_id
        region, underscore, _ = pool_id.partition("_")
        if not underscore:
            raise CloudError(
                f'"{pool_id}" is not a user pool\'s id.',
                why="An id looks like eu-west-1_AbCdEf123.",
                hint="Correct UserPoolId in the environment's file.",
            )
        conversation = _Conversation(self._client(region), target, self._now)
        try:
            with translated(f"sign in {username}", _HINTS):
                answer = conversation.run(username, password, answers)
        except CloudError as error:
            # Cognito's code is that of a wrong password; only its text names the secret.
            if "SECRET_HASH" in error.why:
                error.hint = _CONFIDENTIAL
            raise
        return _tokens(answer, username)


class _Conversation:
    """The calls of one sign-in: the password, then every challenge that can be answered."""

    def __init__(self, client: Any, target: SignInTarget, now: Callable[[], datetime]) -> None:
        self._client = client
        self._client_id = target.client_id
        self._now = now
        self._srp = SrpClient.start(target.pool_id)

    def run(self, username: str, password: str, answers: ChallengeAnswers) -> Mapping[str, Any]:
        """Cognito's last response: tokens, or a challenge that cannot be answered here."""
        response, seen = self._prove(username, password), set[str]()
        while (challenge := str(response.get("ChallengeName", ""))) and challenge not in seen:
            asked = response.get("ChallengeParameters") or {}
            answer = _answer(challenge, asked, answers)
            if answer is None:
                break
            seen.add(challenge)  # a pool that asks the same again would never end
            name = asked.get("USERNAME") or asked.get("USER_ID_FOR_SRP") or username
            response = self._respond(challenge, {"USERNAME": name, **answer}, response.get("Session"))
        return response

    def _prove(self, username: str, password: str) -> Mapping[str, Any]:
        asked: Mapping[str, Any] = self._client.initiate_auth(
            AuthFlow="USER_SRP_AUTH",
            ClientId=self._client_id,
            AuthParameters={"USERNAME": username, "SRP_A": self._srp.public},
        )
        if asked.get("ChallengeName") != "PASSWORD_VERIFIER":
            return asked
        proof = self._responses(asked["ChallengeParameters"], username, password)
        return self._respond("PASSWORD_VERIFIER", proof, asked.get("Session"))

    def _respond(
        self, challenge: str, responses: Mapping[str, str], session: str | None
    ) -> Mapping[str, Any]:
        answered: Mapping[str, Any] = self._client.respond_to_auth_challenge(
            ChallengeName=challenge,
            ClientId=self._client_id,
            ChallengeResponses=responses,
            **({"Session": session} if session else {}),
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


def _answer(challenge: str, asked: Mapping[str, str], answers: ChallengeAnswers) -> Mapping[str, str] | None:
    """The responses to a challenge; None if it cannot be answered here."""
    if challenge in _CODES:
        destination = asked.get("CODE_DELIVERY_DESTINATION", "")
        return {_CODES[challenge]: answers.code(challenge, destination)}
    if challenge == "NEW_PASSWORD_REQUIRED":
        return {"NEW_PASSWORD": answers.new_password()}
    if challenge == "SELECT_MFA_TYPE":
        offered = asked.get("MFAS_CAN_CHOOSE", "")
        return next(({"ANSWER": factor} for factor in _CODES if f'"{factor}"' in offered), None)
    return None


def _tokens(answer: Mapping[str, Any], username: str) -> Tokens:
    result = answer.get("AuthenticationResult")
    if not result:
        challenge = str(answer.get("ChallengeName", ""))
        raise CloudError(
            f"{username} cannot sign in from here.",
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

    config = Config(signature_version=UNSIGNED, proxies={} if is_loopback_url(endpoint) else None)
    return session.create_client("cognito-idp", region_name=region, endpoint_url=endpoint, config=config)
