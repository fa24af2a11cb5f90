"""The passwords of users that were added to the pools of an embedded cloud: generated, and kept in one file, mode 0600.

Cognito never gives a password back, and whoever tests with several users would have to type each.
"""

from __future__ import annotations

import json
from pathlib import Path

from accountsctl.localcloud.client import new_password
from accountsctl.localcloud.daemon_link import LocalCloudError
from accountsctl.localcloud.private_files import locked, write_private


class UserPasswords:
    """Passwords by pool and user, below the folder `data` of an embedded cloud."""

    def __init__(self, data: Path) -> None:
        self._file = data / "users.json"

    def generate(self) -> str:
        """A new password, which any policy of a pool takes."""
        return new_password()

    def get(self, pool_id: str, name: str) -> str | None:
        """The password of a user; None if none is kept."""
        return self._read().get(pool_id, {}).get(name)

    def put(self, pool_id: str, name: str, password: str) -> None:
        """Keep a password."""
        self._change(pool_id, name, password)

    def forget(self, pool_id: str, name: str) -> None:
        """Remove a password, if there is one."""
        self._change(pool_id, name, None)

    def _change(self, pool_id: str, name: str, password: str | None) -> None:
        with locked(self._file.with_suffix(".lock")):
            passwords = self._read()
            pool = passwords.setdefault(pool_id, {})
            pool.pop(name, None)
            if password is not None:
                pool[name] = password
            write_private(self._file, json.dumps(passwords))

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            found = json.loads(self._file.read_text())
            return {pool: dict(users) for pool, users in found.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as fault:
            raise LocalCloudError(
                f"{self._file} is damaged.",
                "Remove it, then remove and add its users: accountsctl auth user remove NAME, auth user add NAME.",
            ) from fault
