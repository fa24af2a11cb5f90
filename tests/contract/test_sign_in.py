"""`aws.cognito` against a pool that checks the proof: the server's half of SRP, written on its own here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.cognito import CognitoSignIn
from accountsctl.adapters.aws.srp import G, N
from accountsctl.model.errors import CloudError
from accountsctl.ports.sign_in import ChallengeAnswers, SignIn, SignInTarget
from tests.fakes.sign_in import FakeSignIn

POOL, CLIENT = "eu-west-1_Pool", "client"
TARGET = SignInTarget(POOL, CLIENT)


def _bytes(number: int) -> bytes:
    text = f"{number:x}"
    text = f"0{text}" if len(text) % 2 else text
    return bytes.fromhex(f"00{text}" if text[0] in "89abcdef" else text)


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


class Pool:
    """A cognito-idp client of one user, whose name for SRP is not the name that the user types."""

    def __init__(self, password: str, refuse: ClientError | None = None, *after: Mapping[str, Any]) -> None:
        self.salt = secrets.randbits(128)
        inner = hashlib.sha256(f"Pooluuid-1:{password}".encode()).digest()
        self.verifier = pow(G, _hash(_bytes(self.salt), inner), N)
        self.refuse, self.after, self.seen = refuse, list(after), [""]
        self.answered: list[Mapping[str, str]] = []

    def initiate_auth(self, **request: Any) -> Mapping[str, Any]:
        self.seen.append(repr(request))
        if self.refuse:
            raise self.refuse
        assert request["AuthFlow"] == "USER_SRP_AUTH"
        a_public = int(request["AuthParameters"]["SRP_A"], 16)
        secret = secrets.randbits(1024)
        b_public = (_hash(_bytes(N), _bytes(G)) * self.verifier + pow(G, secret, N)) % N
        u = _hash(_bytes(a_public), _bytes(b_public))
        session = pow(a_public * pow(self.verifier, u, N), secret, N)
        derived = hmac.new(_bytes(u), _bytes(session), hashlib.sha256).digest()
        self.key = hmac.new(derived, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
        return {
            "ChallengeName": "PASSWORD_VERIFIER",
            "Session": "s",
            "ChallengeParameters": {
                "USERNAME": "uuid-1",
                "USER_ID_FOR_SRP": "uuid-1",
                "SALT": f"{self.salt:x}",
                "SRP_B": f"{b_public:x}",
                "SECRET_BLOCK": base64.b64encode(b"block").decode(),
            },
        }

    def respond_to_auth_challenge(self, **request: Any) -> Mapping[str, Any]:
        self.seen.append(repr(request))
        given = request["ChallengeResponses"]
        if request["ChallengeName"] != "PASSWORD_VERIFIER":
            assert request["Session"] == "s2"
            self.answered.append(given)
            return self._next()
        message = b"Pooluuid-1block" + given["TIMESTAMP"].encode()
        good = base64.b64encode(hmac.new(self.key, message, hashlib.sha256).digest()).decode()
        if given["PASSWORD_CLAIM_SIGNATURE"] != good or given["USERNAME"] != "uuid-1":
            raise _error("NotAuthorizedException", "Incorrect username or password.")
        return self._next()

    def _next(self) -> Mapping[str, Any]:
        if self.after:
            return {"Session": "s2", **self.after.pop(0)}
        tokens = {"IdToken": "id-of-ann", "AccessToken": "access-of-ann", "RefreshToken": "refresh-of-ann"}
        return {"AuthenticationResult": {**tokens, "ExpiresIn": 3600}}


class Answers:
    """A user's answers, and what they were asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def code(self, challenge: str, destination: str) -> str:
        self.asked.append((challenge, destination))
        return "123456"

    def new_password(self) -> str:
        self.asked.append(("NEW_PASSWORD_REQUIRED",))
        return "Permanent-1!"


def _error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "RespondToAuthChallenge")


def _real() -> SignIn:
    pool = Pool("pass: wörd")
    return CognitoSignIn(lambda region: pool if region == "eu-west-1" else None)


def _fake() -> SignIn:
    return FakeSignIn({(POOL, CLIENT, "ann"): "pass: wörd"})


@pytest.mark.parametrize("make", [_real, _fake])
def test_the_right_password_gives_tokens_and_a_wrong_one_cognitos_reason(make: Any) -> None:
    port: SignIn = make()
    tokens = port.sign_in(TARGET, "ann", "pass: wörd", Answers())
    assert (tokens.id_token, tokens.access_token, tokens.expires_in) == ("id-of-ann", "access-of-ann", 3600)
    with pytest.raises(CloudError, match="sign in ann") as caught:
        port.sign_in(TARGET, "ann", "Pass: wörd", Answers())
    assert caught.value.code == "NotAuthorizedException"
    assert "Incorrect username or password." in caught.value.why


def test_neither_password_leaves_the_machine() -> None:
    pool = Pool("correct-horse")
    CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "correct-horse", Answers())
    assert "correct-horse" not in "".join(pool.seen)


@pytest.mark.parametrize(
    ("challenge", "parameters", "response", "asked"),
    [
        (
            "SMS_MFA",
            {"CODE_DELIVERY_DESTINATION": "+***9"},
            {"SMS_MFA_CODE": "123456"},
            [("SMS_MFA", "+***9")],
        ),
        ("SOFTWARE_TOKEN_MFA", None, {"SOFTWARE_TOKEN_MFA_CODE": "123456"}, [("SOFTWARE_TOKEN_MFA", "")]),
        ("EMAIL_OTP", {"USERNAME": "u"}, {"EMAIL_OTP_CODE": "123456"}, [("EMAIL_OTP", "")]),
        ("NEW_PASSWORD_REQUIRED", {}, {"NEW_PASSWORD": "Permanent-1!"}, [("NEW_PASSWORD_REQUIRED",)]),
        ("SELECT_MFA_TYPE", {"MFAS_CAN_CHOOSE": '["SMS_MFA","EMAIL_OTP"]'}, {"ANSWER": "SMS_MFA"}, []),
    ],
)
def test_a_challenge_after_the_password_is_answered(
    challenge: str, parameters: Any, response: Mapping[str, str], asked: list[tuple[str, ...]]
) -> None:
    pool = Pool("pw", None, {"ChallengeName": challenge, "ChallengeParameters": parameters})
    answers = Answers()
    given: ChallengeAnswers = answers
    tokens = CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", given)
    assert tokens.id_token == "id-of-ann"
    assert pool.answered == [{"USERNAME": (parameters or {}).get("USERNAME", "ann"), **response}]
    assert answers.asked == asked


def test_several_challenges_are_answered_one_after_the_other() -> None:
    pool = Pool("pw", None, {"ChallengeName": "NEW_PASSWORD_REQUIRED"}, {"ChallengeName": "SMS_MFA"})
    CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", Answers())
    assert [sorted(each)[0] for each in pool.answered] == ["NEW_PASSWORD", "SMS_MFA_CODE"]


def test_a_pool_that_asks_the_same_again_ends_with_an_error() -> None:
    pool = Pool("pw", None, {"ChallengeName": "SMS_MFA"}, {"ChallengeName": "SMS_MFA"})
    with pytest.raises(CloudError, match="cannot sign in"):
        CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", Answers())


@pytest.mark.parametrize("challenge", ["MFA_SETUP", "SOMETHING_NEW"])
def test_a_challenge_that_cannot_be_answered_is_named_with_a_way_on(challenge: str) -> None:
    pool = Pool("pw", None, {"ChallengeName": challenge})
    with pytest.raises(CloudError, match="cannot sign in") as caught:
        CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", Answers())
    assert challenge in caught.value.why
    assert caught.value.hint


def test_a_client_without_the_flow_is_explained() -> None:
    pool = Pool("pw", _error("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."))
    with pytest.raises(CloudError) as caught:
        CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", Answers())
    assert "ALLOW_USER_SRP_AUTH" in caught.value.hint


def test_a_client_with_a_secret_is_named_as_such() -> None:
    text = "Client c is configured with secret but SECRET_HASH was not received"
    pool = Pool("pw", _error("NotAuthorizedException", text))
    with pytest.raises(CloudError) as caught:
        CognitoSignIn(lambda _region: pool).sign_in(TARGET, "ann", "pw", Answers())
    assert "The app client has a secret" in caught.value.hint


def test_an_id_that_is_no_pools_is_refused_before_any_call() -> None:
    with pytest.raises(CloudError, match="not a user pool"):
        CognitoSignIn(lambda _region: None).sign_in(SignInTarget("pool", CLIENT), "ann", "pw", Answers())
