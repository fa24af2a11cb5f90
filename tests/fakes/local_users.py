"""Pools with users in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from accountsctl.model.errors import CloudError
from accountsctl.ports.local_users import LocalUser, NewUser


@dataclass
class FakeLocalUsers:
    """`ports.LocalUsers` for one pool: users by name."""

    added: dict[str, NewUser] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)

    def users(self, pool_id: str) -> tuple[LocalUser, ...]:
        return tuple(
            LocalUser(name, "CONFIRMED", tuple(sorted(user.groups)))
            for name, user in sorted(self.added.items())
        )

    def add(self, pool_id: str, user: NewUser) -> tuple[str, ...]:
        if user.name in self.added:
            raise CloudError(f"AWS refused to add the user {user.name}.", code="UsernameExistsException")
        created = tuple(group for group in user.groups if group not in self.groups)
        self.groups.update(created)
        self.added[user.name] = user
        return created

    def remove(self, pool_id: str, name: str) -> None:
        if self.added.pop(name, None) is None:
            raise CloudError(f"AWS refused to remove the user {name}.", code="UserNotFoundException")

    def password(self, pool_id: str, name: str) -> str | None:
        return f"password-of-{name}" if name in self.added else None
