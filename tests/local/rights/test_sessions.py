"""The session tokens of functions."""

from __future__ import annotations

import base64

import pytest

from accountsctl.localcloud.contracts.keys import Keys, RoleSession

SESSION = RoleSession("arn:aws:iam::123456789012:role/reader", "orders")


def test_a_token_names_its_role_and_its_function() -> None:
    assert RoleSession.of(SESSION.token) == SESSION


@pytest.mark.parametrize(
    "token", ["", "local", "\u00e9", base64.urlsafe_b64encode(b"one line").decode(), "/w=="]
)
def test_any_other_text_is_no_token(token: str) -> None:
    assert RoleSession.of(token) is None


def test_each_session_has_a_secret_of_its_own_in_each_cloud() -> None:
    keys = Keys.random()
    others = (
        keys.session_secret(RoleSession(SESSION.role_arn, "other")),
        keys.session_secret(RoleSession("arn:aws:iam::123456789012:role/admin", SESSION.name)),
        Keys.random().session_secret(SESSION),
    )
    assert keys.session_secret(SESSION) == keys.session_secret(SESSION)
    assert keys.session_secret(SESSION) not in others
