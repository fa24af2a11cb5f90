"""`auth user`: more users for the pool of a local environment, to test groups and what one may see of another."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.commands.users.sign_in import HasOutputs, target_of
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ports.local_users import LocalUser, LocalUsers, NewUser

ATTRIBUTE = "--attribute NAME=VALUE"


@dataclass(frozen=True)
class UsersOf:
    """The users of one pool of an environment."""

    environment: Environment
    pool_id: str
    port: LocalUsers

    @classmethod
    def pool(
        cls, environment: Environment, port: LocalUsers, resource: str | None, deployed: HasOutputs
    ) -> UsersOf:
        """Those of an auth resource's pool, or of the only one; UsageError for an environment on AWS."""
        pool_id = target_of(environment, resource, deployed).pool_id
        if environment.cloud is not Cloud.LOCAL:
            raise UsageError(
                f"The users of {environment.name} are not changed here.",
                why="It is on AWS: the users of its pool are people's accounts.",
                hint=f"Use the AWS CLI: aws cognito-idp admin-create-user --user-pool-id {pool_id} --username NAME",
            )
        return cls(environment, pool_id, port)

    def list(self) -> tuple[LocalUser, ...]:
        """All of them, by name."""
        return self.port.users(self.pool_id)

    def add(self, name: str, groups: tuple[str, ...], stated: tuple[str, ...]) -> tuple[str, ...]:
        """Add a user; `stated` are attributes as ``NAME=VALUE``. Returns the groups that were created."""
        attributes = {"email": name, "email_verified": "true"} if "@" in name else {}
        for pair in stated:
            key, equals, value = pair.partition("=")
            if not key or not equals:
                raise UsageError(
                    f"{pair!r} is not an attribute.",
                    why="It needs a name and a value.",
                    hint=f"Write it as {ATTRIBUTE}.",
                )
            attributes[key] = value
        return self.port.add(self.pool_id, NewUser(name, tuple(dict.fromkeys(groups)), attributes))

    def remove(self, name: str) -> None:
        """Remove a user; UsageError with the nearest name if there is none of this name."""
        known = [user.name for user in self.list()]
        if name not in known:
            raise UsageError(
                f"The pool has no user {name}.",
                why=did_you_mean(name, known),
                hint="See `accountsctl auth user list`.",
            )
        self.port.remove(self.pool_id, name)
