"""The access keys of one embedded cloud. Their ids are fixed; their secrets follow from a secret of this cloud.

The secret is random, is stored in the cloud's folder with mode 0600, and is given to the command line and to functions:
whoever can read the folder is the account, and whoever merely reaches the port is not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from accountsctl.localcloud.private_files import locked, write_private

COMMAND_LINE = "AKIAACCOUNTSCTLLOCAL"
FUNCTION = "ASIALOCALFUNCTION"
IDENTITY = "ASIALOCALIDENTITY"
"""What identity pools give to anyone who asks: good for APIs with IAM authorization, and for no service."""

IDS = (COMMAND_LINE, FUNCTION, IDENTITY)


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

    def _derived(self, access_key: str) -> str:
        return hmac.new(self._secret, access_key.encode(), hashlib.sha256).hexdigest()[:40]
