"""`ports.LocalUsers`: Cognito in the embedded cloud, and the passwords that were generated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.local_cloud import KeptPasswords
from accountsctl.ports.local_users import LocalUser, NewUser

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_NO_POOL = "Push first: a user pool is created by the push that deploys or imports it."
_HINTS = {
    "ResourceNotFoundException": _NO_POOL,
    "UsernameExistsException": "See `accountsctl auth user list`; `accountsctl auth user remove NAME` removes it.",
    "UserNotFoundException": "See `accountsctl auth user list`.",
    "InvalidParameterException": "State what the pool requires: --attribute NAME=VALUE.",
}


class EmbeddedUsers:
    """`session` is that of the environment; `data` is the folder of its embedded cloud."""

    def __init__(self, session: Callable[[], Session], data: Path) -> None:
        self._session = session
        self._passwords = KeptPasswords(data)

    def users(self, pool_id: str) -> tuple[LocalUser, ...]:
        """The pool's users by name."""
        client = self._client
        with translated("list the users", _HINTS):
            pages = client.get_paginator("list_users").paginate(UserPoolId=pool_id)
            found = [(user["Username"], user["UserStatus"]) for page in pages for user in page["Users"]]
            return tuple(
                LocalUser(name, status, self._groups_of(client, pool_id, name))
                for name, status in sorted(found)
            )

    def add(self, pool_id: str, user: NewUser) -> tuple[str, ...]:
        """Create a confirmed user, and keep the password."""
        client, password = self._client, self._passwords.generate()
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": name, "Value": value} for name, value in user.attributes.items()
        ]
        with translated(f"add the user {user.name}", _HINTS):
            client.admin_create_user(
                UserPoolId=pool_id, Username=user.name, UserAttributes=attributes, MessageAction="SUPPRESS"
            )
            try:
                client.admin_set_user_password(
                    UserPoolId=pool_id, Username=user.name, Password=password, Permanent=True
                )
                created = self._join(client, pool_id, user)
                self._passwords.put(pool_id, user.name, password)
            except BaseException:
                client.admin_delete_user(UserPoolId=pool_id, Username=user.name)
                raise
        return created

    def remove(self, pool_id: str, name: str) -> None:
        """Remove a user, and forget the password."""
        with translated(f"remove the user {name}", _HINTS):
            self._client.admin_delete_user(UserPoolId=pool_id, Username=name)
        self._passwords.forget(pool_id, name)

    def password(self, pool_id: str, name: str) -> str | None:
        """The password of a user that `add` created."""
        return self._passwords.get(pool_id, name)

    @property
    def _client(self) -> CognitoIdentityProviderClient:
        return service_client(self._session(), "cognito-idp")

    @staticmethod
    def _groups_of(client: CognitoIdentityProviderClient, pool_id: str, name: str) -> tuple[str, ...]:
        pages = client.get_paginator("admin_list_groups_for_user").paginate(UserPoolId=pool_id, Username=name)
        return tuple(sorted(group["GroupName"] for page in pages for group in page["Groups"]))

    @staticmethod
    def _join(client: CognitoIdentityProviderClient, pool_id: str, user: NewUser) -> tuple[str, ...]:
        pages = client.get_paginator("list_groups").paginate(UserPoolId=pool_id)
        known = {group["GroupName"] for page in pages for group in page["Groups"]}
        missing: tuple[str, ...] = tuple(group for group in user.groups if group not in known)
        for group in missing:
            client.create_group(UserPoolId=pool_id, GroupName=group)
        for group in user.groups:
            client.admin_add_user_to_group(UserPoolId=pool_id, Username=user.name, GroupName=group)
        return missing
