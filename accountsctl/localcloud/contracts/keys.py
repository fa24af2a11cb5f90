"""The access keys of one embedded cloud. Their ids are fixed; their secrets follow from a secret of this cloud.

The secret is random, is stored in the cloud's folder with mode 0600, and is given to the command line and to functions:
whoever can read the folder is the account, and whoever merely reaches the port is not.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from accountsctl.localcloud.private_files import locked, write_private

COMMAND_LINE = "AKIAACCOUNTSCTLLOCAL"
FUNCTION = "ASIALOCALFUNCTION"
"""What functions sign with. The session token says whose session it is, and the secret follows from the token."""
IDENTITY = "ASIALOCALIDENTITY"
"""What identity pools give to anyone who asks: good for APIs with IAM authorization, and for no service."""

IDS = (COMMAND_LINE, IDENTITY)


@dataclass(frozen=True)
class RoleSession:
    """A role that a function has assumed. `name` is the function's, as on AWS."""

    role_arn: str
    name: str

    @property
    def token(self) -> str:
        """The session token. Anyone may know it: who makes one up does not have the secret access key for it."""
        return base64.urlsafe_b64encode(f"{self.role_arn}\n{self.name}".encode()).decode()

    @classmethod
    def of(cls, token: str) -> RoleSession | None:
        """The session of a token; None if the embedded cloud gives out no such tokens."""
        try:
            role_arn, found, name = base64.urlsafe_b64decode(token).decode().partition("\n")
        except (binascii.Error, ValueError):
            return None
        return cls(role_arn, name) if found else None


class Keys:
    """The secrets of one cloud's access keys."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._secrets = {id: self._derived(id) for id in IDS}

    @classmethod
    def of(cls, folder: Path) -> Keys:
        """The keys of the cloud in this folder, which exists; its secret is created on first use."""
        path = folder / "secret"
        if not path.exists():
            with locked(folder / "secret.lock"):
                if not path.exists():
                    write_private(path, secrets.token_hex(32))
        return cls(path.read_text())

    @classmethod
    def random(cls) -> Keys:
        """Keys that no file has, for a cloud in memory."""
        return cls(secrets.token_hex(32))

    def secret(self, access_key: str) -> str | None:
        """The secret access key; None if the embedded cloud does not give out this id."""
        return self._secrets.get(access_key)

    def session_secret(self, session: RoleSession) -> str:
        """The secret access key of a function's session."""
        return self._derived(f"{FUNCTION}/{session.token}")

    def _derived(self, access_key: str) -> str:
        return hmac.new(self._secret, access_key.encode(), hashlib.sha256).hexdigest()[:40]
