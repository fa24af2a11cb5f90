"""The codes that a user pool sends: the log has them, and only the last one of a user counts."""

from __future__ import annotations

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.identity.people import refusal
from tests.local.user_pools.test_triggers import Pool, pool, sent_code

pytestmark = pytest.mark.slow

__all__ = ["pool"]


def test_only_the_code_that_was_sent_last_confirms_a_user(pool: Pool, cloud: LocalCloudClient) -> None:
    def confirm(code: str) -> object:
        return pool.users.confirm_sign_up(ClientId=pool.app, Username="codes", ConfirmationCode=code)

    pool.sign_up("codes")
    first = sent_code(cloud, "codes")
    resent = pool.users.resend_confirmation_code(ClientId=pool.app, Username="codes")
    assert resent["CodeDeliveryDetails"] == {
        "Destination": "c***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    last = sent_code(cloud, "codes")
    wrong = next(code for code in (first, "000000", "111111") if code != last)
    mismatch = ("CodeMismatchException", "Invalid verification code provided, please try again.")
    assert refusal(lambda: confirm(wrong)) == mismatch
    assert pool.user("codes")["UserStatus"] == "UNCONFIRMED"
    confirm(last)
    attributes = {entry["Name"]: entry["Value"] for entry in pool.user("codes")["UserAttributes"]}
    assert attributes["email_verified"] == "true"
    confirmed = ("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")
    assert refusal(lambda: confirm(last)) == confirmed
    again = refusal(lambda: pool.users.resend_confirmation_code(ClientId=pool.app, Username="codes"))
    assert again == ("InvalidParameterException", "User is already confirmed.")


def test_a_new_password_needs_the_code_that_was_sent(pool: Pool, cloud: LocalCloudClient) -> None:
    def change(code: str, password: str = "An0ther-one!") -> object:
        return pool.users.confirm_forgot_password(
            ClientId=pool.app, Username="resets", ConfirmationCode=code, Password=password
        )

    pool.create("resets")
    unasked = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
    assert refusal(lambda: change("123456")) == unasked
    sent = pool.users.forgot_password(ClientId=pool.app, Username="resets")
    assert sent["CodeDeliveryDetails"] == {
        "Destination": "r***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    code = sent_code(cloud, "resets")
    wrong = "000000" if code != "000000" else "111111"
    assert refusal(lambda: change(wrong))[0] == "CodeMismatchException"
    assert refusal(lambda: change(code, "weak"))[0] == "InvalidPasswordException"
    change(code)
    assert pool.sign_in("resets", "An0ther-one!")["AccessToken"]


def test_no_code_is_sent_to_an_address_that_is_not_verified(pool: Pool, cloud: LocalCloudClient) -> None:
    pool.create("verified-later")
    unverified = [{"Name": "email_verified", "Value": "false"}]
    pool.admin.admin_update_user_attributes(
        UserPoolId=pool.id, Username="verified-later", UserAttributes=unverified
    )
    assert refusal(lambda: pool.users.forgot_password(ClientId=pool.app, Username="verified-later")) == (
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    )
    number = [
        {"Name": "phone_number", "Value": "+3531234567"},
        {"Name": "phone_number_verified", "Value": "true"},
    ]
    pool.admin.admin_update_user_attributes(
        UserPoolId=pool.id, Username="verified-later", UserAttributes=number
    )
    sent = pool.users.forgot_password(ClientId=pool.app, Username="verified-later")["CodeDeliveryDetails"]
    assert (sent["DeliveryMedium"], sent["Destination"]) == ("SMS", "+*******4567")
    assert sent_code(cloud, "verified-later")
