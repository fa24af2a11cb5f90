"""Cognito's variant of SRP-6a: proves a password without sending it.

Cognito differs from RFC 5054 in what it hashes: numbers are padded only where their first byte would read
as negative (Java's BigInteger), `u` and the key are derived from such bytes, and the session key goes through
one round of HKDF-SHA256 with the info "Caldera Derived Key". The group is RFC 3526's of 3072 bits.
The same steps stand in Amplify's `AuthenticationHelper`:
https://github.com/aws-amplify/amplify-js/tree/main/packages/auth/src/providers/cognito/utils/srp
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
_INFO = b"Caldera Derived Key\x01"
_KEY_BYTES = 16
_SECRET_BYTES = 128
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class SrpError(Exception):
    """The server's challenge is one that no honest server sends."""


@dataclass(frozen=True)
class Challenge:
    """The challenge parameters of PASSWORD_VERIFIER that take part in the proof."""

    user_id: str
    salt: str
    server_public: str
    secret_block: str


@dataclass(frozen=True)
class Proof:
    """What goes back to Cognito: the signature, and the timestamp that it covers."""

    signature: str
    timestamp: str


@dataclass(frozen=True)
class SrpClient:
    """One sign-in. `secret` is the ephemeral number *a*; it is never sent, and never used twice."""

    pool_id: str
    secret: int

    @classmethod
    def start(cls, pool_id: str) -> SrpClient:
        """A client with a fresh secret."""
        return cls(pool_id, 1 + secrets.randbelow(2 ** (8 * _SECRET_BYTES)))

    @property
    def public(self) -> str:
        """SRP_A, in hexadecimal."""
        return f"{pow(G, self.secret, N):x}"

    def prove(self, challenge: Challenge, password: str, now: datetime) -> Proof:
        """The answer to a challenge; SrpError where the challenge would give the password away."""
        key = self.key(challenge.user_id, password, challenge.salt, challenge.server_public)
        stamp = timestamp(now)
        message = (
            self._pool_name.encode()
            + challenge.user_id.encode()
            + base64.b64decode(challenge.secret_block)
            + stamp.encode()
        )
        signature = hmac.new(key, message, hashlib.sha256).digest()
        return Proof(base64.b64encode(signature).decode(), stamp)

    def key(self, user_id: str, password: str, salt: str, server_public: str) -> bytes:
        """The session key, of 16 bytes."""
        b_public = int(server_public, 16)
        u = _number(_sha256(pad(int(self.public, 16)) + pad(b_public)))
        if b_public % N == 0 or u == 0:
            raise SrpError("The server's public value is one that no honest server sends.")
        identity = f"{self._pool_name}{user_id}:{password}".encode()
        x = _number(_sha256(pad(int(salt, 16)) + _sha256(identity)))
        k = _number(_sha256(pad(N) + pad(G)))
        session = pow(b_public - k * pow(G, x, N), self.secret + u * x, N)
        pseudorandom = hmac.new(pad(u), pad(session), hashlib.sha256).digest()
        return hmac.new(pseudorandom, _INFO, hashlib.sha256).digest()[:_KEY_BYTES]

    @property
    def _pool_name(self) -> str:
        """What stands after the region in ``eu-west-1_AbCdEf``."""
        return self.pool_id.partition("_")[2]


def pad(number: int) -> bytes:
    """A number's bytes as Java's BigInteger writes them: a zero byte in front where the first bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def timestamp(now: datetime) -> str:
    """``EEE MMM d HH:mm:ss 'UTC' yyyy`` in English whatever the locale; the day has no leading zero."""
    utc = now.astimezone(UTC)
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day} {month} {utc.day} {utc:%H:%M:%S} UTC {utc.year}"


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
