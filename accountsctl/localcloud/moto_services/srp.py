"""SRP-6a as Amazon Cognito implements it: RFC 5054's 3072-bit group, SHA-256, HKDF to a 16-byte key.

Cognito's own details (signed paddings, the "Caldera Derived Key" label, the pool's name without its
region in front of the user's) are in no RFC; they are what AWS's Amplify libraries compute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

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


def padded(number: int) -> bytes:
    """Big-endian two's complement of a number that is never negative, as Java's BigInteger writes it."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


K = digest(padded(N) + padded(G))


@dataclass(frozen=True)
class SrpChallenge:
    """The server's half. `key` stays here; `salt` and `b_hex` go to the client."""

    salt: str
    b_hex: str
    key: bytes
    pool_name: str
    user: str

    def proves(self, secret_block: str, timestamp: str, signature: str) -> bool:
        """Whether the signature shows that its sender knows the password."""
        message = self.pool_name.encode() + self.user.encode()
        message += base64.b64decode(secret_block) + timestamp.encode()
        expected = base64.b64encode(hmac.new(self.key, message, hashlib.sha256).digest())
        return hmac.compare_digest(expected, signature.encode())


def private_key(pool_name: str, user: str, password: str, salt: int) -> int:
    """x, from which the verifier is computed."""
    inner = hashlib.sha256(f"{pool_name}{user}:{password}".encode()).digest()
    return digest(padded(salt) + inner)


def session_key(shared: int, u: int) -> bytes:
    """HKDF (RFC 5869) with u as salt, cut to 16 bytes."""
    pseudo = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
    return hmac.new(pseudo, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]


def challenge(pool_id: str, user: str, password: str, a: int) -> SrpChallenge:
    """The challenge for a client's A; raises ValueError for an A that would reveal the key."""
    if a <= 0 or a % N == 0:
        raise ValueError("A is a multiple of N")
    pool_name = pool_id.partition("_")[2]
    salt = secrets.randbits(128)
    verifier = pow(G, private_key(pool_name, user, password, salt), N)
    b = secrets.randbits(1024)
    public = (K * verifier + pow(G, b, N)) % N
    u = digest(padded(a) + padded(public))
    shared = pow(a * pow(verifier, u, N), b, N)
    return SrpChallenge(f"{salt:x}", f"{public:x}", session_key(shared, u), pool_name, user)
