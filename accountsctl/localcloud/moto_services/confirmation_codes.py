"""The codes that Cognito sends to users: when they sign up, ask for another code, or have forgotten their password.

moto takes any code, and has no ResendConfirmationCode. Nothing here sends mail or text messages: the message is a line
of the log, which `local logs` shows.

Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
"""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.client_checks import find_client
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, CognitoIdpUserPool
    from moto.cognitoidp.responses import CognitoIdpResponse
    from moto.core.responses import ActionResult

PLACE = "{####}"
MESSAGE = f"Your verification code is {PLACE}"
EXPIRED = "Invalid code provided, please request a code again."
NOT_VERIFIED = "Cannot reset password for the user as there is no registered/verified email or phone_number"
BY_TELEPHONE_FIRST = ["phone_number", "email"]
WRONG = "Invalid verification code provided, please try again."


def install() -> None:
    """Fix moto.cognitoidp. Once per process."""
    moto = models("cognito-idp")
    responses = importlib.import_module("moto.cognitoidp.responses").CognitoIdpResponse
    wrap(moto.CognitoIdpBackend, "sign_up", _sign_up)
    wrap(moto.CognitoIdpBackend, "forgot_password", _forgot_password)
    wrap(moto.CognitoIdpBackend, "confirm_forgot_password", _confirm_forgot_password)
    wrap(responses, "confirm_sign_up", _confirm_sign_up)
    responses.resend_confirmation_code = _resend


def _sign_up(
    original: Callable[..., tuple[CognitoIdpUser, JsonObject | None]],
    backend: CognitoIdpBackend,
    client_id: str,
    *args: Any,
    **named: Any,
) -> tuple[CognitoIdpUser, JsonObject | None]:
    user, details = original(backend, client_id, *args, **named)
    pool, _ = find_client(backend, client_id)
    if details is not None:
        _send(pool, user)
        details = _delivery(pool, user) or details
    return user, details


def _send(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> None:
    """Make a code, which is the only one that is taken from now on."""
    user.confirmation_code = f"{secrets.randbelow(1_000_000):06}"
    text = str(pool.extended_config.get("EmailVerificationMessage") or MESSAGE)
    report(f"Cognito sends to {user.username}: {text.replace(PLACE, user.confirmation_code)}")


def _confirm_sign_up(
    original: Callable[[CognitoIdpResponse], ActionResult], operation: CognitoIdpResponse
) -> ActionResult:
    """moto passes no code on."""
    pool, user = _named(operation)
    moto = importlib.import_module("moto.cognitoidp.exceptions")
    if user.status == "CONFIRMED":
        raise moto.NotAuthorizedError("User cannot be confirmed. Current status is CONFIRMED")
    _check(user, operation._get_param("ConfirmationCode"))
    result = original(operation)
    user.confirmation_code = None
    for attribute in pool.extended_config.get("AutoVerifiedAttributes") or []:
        if attribute in user.attribute_lookup:
            user.update_attributes([{"Name": f"{attribute}_verified", "Value": "true"}])
    return result


def _resend(operation: CognitoIdpResponse) -> ActionResult:
    """ResendConfirmationCode."""
    from moto.core.responses import ActionResult

    pool, user = _named(operation)
    if user.status == "CONFIRMED":
        raise models("cognito-idp").InvalidParameterException("User is already confirmed.")
    details = _delivery(pool, user)
    if details is None:
        what = "Cannot resend codes. Auto verification not turned on."
        raise importlib.import_module("moto.cognitoidp.exceptions").NotAuthorizedError(what)
    _send(pool, user)
    return ActionResult({"CodeDeliveryDetails": details})


def _delivery(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> JsonObject | None:
    """CodeDeliveryDetails: where a code went, masked; None if the pool verifies nothing that the user has.

    A telephone comes first: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    """
    verified = pool.extended_config.get("AutoVerifiedAttributes") or []
    values: Mapping[str, str] = user.attribute_lookup
    for attribute in BY_TELEPHONE_FIRST:
        if attribute in verified and attribute in values:
            return _destination(attribute, values)
    return None


def _destination(attribute: str, values: Mapping[str, str]) -> JsonObject:
    """CodeDeliveryDetails of an attribute."""
    medium = "SMS" if attribute == "phone_number" else "EMAIL"
    return {"Destination": _masked(values[attribute]), "DeliveryMedium": medium, "AttributeName": attribute}


def _masked(address: str) -> str:
    name, at, domain = address.partition("@")
    return f"{name[:1]}***@{domain[:1]}***" if at else f"+*******{address[-4:]}"


def _forgot_password(
    original: Callable[[CognitoIdpBackend, str, str], tuple[str | None, JsonObject]],
    backend: CognitoIdpBackend,
    client_id: str,
    username: str,
) -> tuple[str | None, JsonObject]:
    """moto puts the code into a header of the response, and sends one to addresses that are not verified."""
    _, response = original(backend, client_id, username)
    pool, _ = find_client(backend, client_id)
    user = pool._get_user(username)
    if user:
        attribute = _recovery_attribute(pool, user)
        _send(pool, user)
        response = {"CodeDeliveryDetails": _destination(attribute, user.attribute_lookup)}
    return "", response


def _recovery_attribute(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> str:
    """Where a forgotten password's code goes: the first verified one, in the pool's order or by telephone first.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-userpool-accountrecoverysetting.html
    """
    setting = pool.extended_config.get("AccountRecoverySetting") or {}
    stated = sorted(setting.get("RecoveryMechanisms") or (), key=lambda option: int(option["Priority"]))
    order = [option["Name"].removeprefix("verified_") for option in stated] or BY_TELEPHONE_FIRST
    values = user.attribute_lookup
    for attribute in order:
        if values.get(attribute) and values.get(f"{attribute}_verified") == "true":
            return str(attribute)
    raise models("cognito-idp").InvalidParameterException(NOT_VERIFIED)


def _confirm_forgot_password(
    original: Callable[..., None],
    backend: CognitoIdpBackend,
    client_id: str,
    username: str,
    password: str,
    confirmation_code: str,
) -> None:
    """moto takes any code, and any password."""
    pool, _ = find_client(backend, client_id)
    user = pool._get_user(username)
    if user:
        _check(user, confirmation_code)
        backend._validate_password(pool.id, password)
    original(backend, client_id, username, password, confirmation_code)


def _check(user: CognitoIdpUser, code: str | None) -> None:
    moto = importlib.import_module("moto.cognitoidp.exceptions")
    if not user.confirmation_code:
        raise moto.ExpiredCodeException(EXPIRED)
    if user.confirmation_code != code:
        raise moto.CodeMismatchException(WRONG)


def _named(operation: CognitoIdpResponse) -> tuple[CognitoIdpUserPool, CognitoIdpUser]:
    """The pool and the user that an unsigned call names; moto's error if there is none."""
    client_id = operation._get_param("ClientId")
    backend = operation._get_region_agnostic_backend()._find_backend_for_clientid(client_id)
    pool, _ = find_client(backend, client_id)
    return pool, backend.admin_get_user(pool.id, operation._get_param("Username"))
