"""The client's half of Cognito's SRP, written from the protocol and not from the server's module."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import RespondToAuthChallengeResponseTypeDef

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)


def padded(value: int | str) -> bytes:
    """The bytes of a number, or of its hexadecimal text, as Java's BigInteger writes them: never negative."""
    text = value if isinstance(value, str) else f"{value:x}"
    text = text if len(text) % 2 == 0 else "0" + text
    return bytes.fromhex("00" + text if text[0] in "89abcdefABCDEF" else text)


def number(data: bytes) -> int:
    """The SHA-256 of the data, as a number."""
    return int(hashlib.sha256(data).hexdigest(), 16)


def sign_in(
    cognito: CognitoIdentityProviderClient, pool_id: str, client_id: str, username: str, password: str
) -> RespondToAuthChallengeResponseTypeDef:
    """The response of RespondToAuthChallenge to the proof of `password`."""
    private = secrets.randbits(1024)
    public = pow(2, private, N)
    started = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": username, "SRP_A": f"{public:x}"},
    )
    challenge = started["ChallengeParameters"]
    user, name = challenge["USER_ID_FOR_SRP"], pool_id.split("_")[1]
    u = number(padded(public) + padded(challenge["SRP_B"]))
    inner = hashlib.sha256(f"{name}{user}:{password}".encode()).digest()
    x = number(padded(challenge["SALT"]) + inner)
    k = number(padded(N) + padded(2))
    shared = pow(int(challenge["SRP_B"], 16) - k * pow(2, x, N), private + u * x, N)
    pseudo = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
    key = hmac.new(pseudo, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
    stamp = datetime.now(UTC).strftime("%a %b %-d %H:%M:%S UTC %Y")
    message = name.encode() + user.encode() + base64.b64decode(challenge["SECRET_BLOCK"]) + stamp.encode()
    proof = {
        "USERNAME": user,
        "TIMESTAMP": stamp,
        "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(
            hmac.new(key, message, hashlib.sha256).digest()
        ).decode(),
    }
    return cognito.respond_to_auth_challenge(
        ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=proof
    )
