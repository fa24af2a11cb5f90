"""Triggers of a registration: before a user signs up, for the messages, and after the user is confirmed."""

from __future__ import annotations

from collections.abc import Callable

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.contracts.user_pools import UserPoolAccess
from accountsctl.localcloud.user_pools.call import PoolCall, attributes_of, body_of, with_body
from accountsctl.localcloud.user_pools.triggers import TriggerObject, Triggers

Serve = Callable[[Request, dispatch.ServiceTarget], Response]
CODE = "{####}"
USERNAME = "{username}"
CONFIRMATIONS = {
    "ConfirmSignUp": "ConfirmSignUp",
    "AdminConfirmSignUp": "ConfirmSignUp",
    "ConfirmForgotPassword": "ConfirmForgotPassword",
}


class Registration:
    """`serve` does an operation itself."""

    def __init__(self, serve: Serve, access: UserPoolAccess, triggers: Triggers) -> None:
        self._serve = serve
        self._access = access
        self._triggers = triggers

    def sign_up(self, name: str, call: PoolCall) -> Response:
        """SignUp or AdminCreateUser."""
        if self._access.user(call.pool.id, call.username):
            return self._serve(call.request, call.where)  # which refuses it, or sends the message again
        asked = {
            "userAttributes": attributes_of(call.body.get("UserAttributes")),
            "validationData": attributes_of(call.body.get("ValidationData")) or None,
            **call.metadata,
        }
        plain = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
        decided = self._triggers.run(call.pool, call.occasion("PreSignUp", name), asked, plain)
        response = self._serve(call.request, call.where)
        if response.status != 200:
            return response
        self._verify(call, decided)
        if name == "SignUp" and decided.get("autoConfirmUser"):
            self._access.confirm(call.pool.id, call.username)
            self._confirmed("ConfirmSignUp", call)
            return with_body(response, {**body_of(response), "UserConfirmed": True})
        if call.body.get("MessageAction") != "SUPPRESS":
            self._send(name, call)
        return response

    def _verify(self, call: PoolCall, decided: TriggerObject) -> None:
        flags = {"autoVerifyEmail": "email", "autoVerifyPhone": "phone_number"}
        chosen = tuple(attribute for flag, attribute in flags.items() if decided.get(flag))
        if chosen:
            self._access.verify(call.pool.id, call.username, chosen)

    def forgot_password(self, name: str, call: PoolCall) -> Response:
        """ForgotPassword."""
        response = self._serve(call.request, call.where)
        if response.status == 200 and self._access.user(call.pool.id, call.username):
            self._send(name, call)
        return response

    def _send(self, name: str, call: PoolCall) -> None:
        """Write the message of a custom message trigger to the log: nothing here sends mail."""
        if "CustomMessage" not in call.pool.functions:
            return
        user = self._access.user(call.pool.id, call.username)
        assert user is not None
        asked = {
            "userAttributes": dict(user.attributes),
            "codeParameter": CODE,
            "usernameParameter": USERNAME if name == "AdminCreateUser" else None,
            **call.metadata,
        }
        plain = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
        occasion = call.occasion("CustomMessage", name, user.name)
        message = self._triggers.run(call.pool, occasion, asked, plain)
        texts = {key: str(text) for key, text in message.items() if text}
        report(f"Cognito sends to {user.name}: " + "; ".join(f"{key}: {text}" for key, text in texts.items()))

    def confirm(self, name: str, call: PoolCall) -> Response:
        """An operation of CONFIRMATIONS."""
        response = self._serve(call.request, call.where)
        if response.status == 200:
            self._confirmed(CONFIRMATIONS[name], call)
        return response

    def _confirmed(self, source: str, call: PoolCall) -> None:
        user = self._access.user(call.pool.id, call.username)
        assert user is not None
        asked = {"userAttributes": dict(user.attributes), **call.metadata}
        self._triggers.run(call.pool, call.occasion("PostConfirmation", source, user.name), asked)
