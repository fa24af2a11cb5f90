"""The operations of user pools that have Lambda triggers: moto does the operation, the triggers run before and after.

No trigger runs under moto's lock: its function may call the services itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from accountsctl.localcloud.contracts import dispatch
from accountsctl.localcloud.contracts.lookups import Invoker, Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.user_pools import UserPoolAccess
from accountsctl.localcloud.moto_services import calls, public_calls
from accountsctl.localcloud.user_pools import sign_in
from accountsctl.localcloud.user_pools.call import PoolCall, body_of
from accountsctl.localcloud.user_pools.custom_auth import CustomAuth
from accountsctl.localcloud.user_pools.registration import CONFIRMATIONS, Registration
from accountsctl.localcloud.user_pools.triggers import TriggerError, Triggers

Serve = Callable[[Request, dispatch.ServiceTarget], Response]


class PoolLookups(Lookups, Protocol):
    """Finds functions and user pools."""

    @property
    def user_pools(self) -> UserPoolAccess: ...


class UserPools:
    """Runs triggers around operations. `serve` does an operation itself."""

    def __init__(self, serve: Serve, lookups: PoolLookups, invoker: Invoker) -> None:
        access = lookups.user_pools
        self._serve = serve
        self._access = access
        self._triggers = Triggers(lookups, invoker)
        self._registration = Registration(serve, access, self._triggers)
        self._custom = CustomAuth(access, self._triggers)

    def handle(self, request: Request, where: dispatch.ServiceTarget) -> Response:
        """One operation; Cognito's own error if a trigger ends it."""
        name = calls.operation(request)
        # An administrator's call that is not signed is refused before a trigger runs.
        accepted = bool(where.access_key) or public_calls.is_public(request)
        operation = self._operations.get(name) if accepted else None
        call = self._call(request, where) if operation else None
        if operation is None or call is None:
            return self._serve(request, where)
        try:
            return operation(name, call)
        except TriggerError as error:
            return public_calls.readable_by_pages(dispatch.error(400, error.kind, str(error)))

    @property
    def _operations(self) -> Mapping[str, Callable[[str, PoolCall], Response]]:
        return {
            "SignUp": self._registration.sign_up,
            "AdminCreateUser": self._registration.sign_up,
            "ForgotPassword": self._registration.forgot_password,
            **dict.fromkeys(CONFIRMATIONS, self._registration.confirm),
            **dict.fromkeys(("InitiateAuth", "AdminInitiateAuth"), self._initiate),
            **dict.fromkeys(("RespondToAuthChallenge", "AdminRespondToAuthChallenge"), self._respond),
            "GetTokensFromRefreshToken": self._refresh,
        }

    def _call(self, request: Request, where: dispatch.ServiceTarget) -> PoolCall | None:
        """The call with its pool; None if the pool is not known or has no triggers."""
        body = body_of(request)
        pool = self._access.pool(body.get("ClientId"), body.get("UserPoolId"))
        return PoolCall(request, where, body, pool) if pool and pool.functions else None

    def _initiate(self, name: str, call: PoolCall) -> Response:
        del name
        flow = str(call.body.get("AuthFlow"))
        if flow.startswith("REFRESH_TOKEN"):
            return self._refresh("", call)
        if flow == "CUSTOM_AUTH" and "DefineAuthChallenge" in call.pool.functions:
            return self._custom.begin(call, self._serve)
        sign_in.before(call, self._access, self._triggers)
        return self._signed_in(call, "Authentication")

    def _respond(self, name: str, call: PoolCall) -> Response:
        del name
        challenge = str(call.body.get("ChallengeName"))
        if challenge == "CUSTOM_CHALLENGE":
            response = self._custom.respond(call)
            return sign_in.after(call, response, "Authentication", self._access, self._triggers)
        source = "NewPasswordChallenge" if challenge == "NEW_PASSWORD_REQUIRED" else "Authentication"
        return self._signed_in(call, source)

    def _refresh(self, name: str, call: PoolCall) -> Response:
        del name
        return self._signed_in(call, "RefreshTokens")

    def _signed_in(self, call: PoolCall, source: str) -> Response:
        response = self._serve(call.request, call.where)
        return sign_in.after(call, response, source, self._access, self._triggers)
