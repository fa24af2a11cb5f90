"""A password is chosen on the page: at the first sign-in, or by a code if it was forgotten."""

from __future__ import annotations

import re

import pytest

from tests.local.browser import Browser
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

NAME, CHOSEN = "forgetful", "Chosen-later-1!"


@pytest.fixture(scope="module")
def forgetful(deployed: LocalProject) -> None:
    """A user with an address that was verified, and a password that is lost."""
    pool = deployed.run("outputs", "auth/mfeaccounts", "UserPoolId").out.strip()
    users = deployed.client("cognito-idp")
    address = [{"Name": "email", "Value": "f@example.com"}, {"Name": "email_verified", "Value": "true"}]
    users.admin_create_user(UserPoolId=pool, Username=NAME, UserAttributes=address, MessageAction="SUPPRESS")
    users.admin_set_user_password(UserPoolId=pool, Username=NAME, Password="Lost-it-1!", Permanent=True)


@pytest.mark.usefixtures("forgetful")
def test_a_forgotten_password_is_replaced_by_the_code_that_was_sent(
    page: Browser, deployed: LocalProject
) -> None:
    page.press("Forgot the password?")
    page.see("Enter your user name.")
    page.fill("username", NAME)
    page.press("Forgot the password?")
    page.see("In a local environment the code is in accountsctl local logs")
    page.screen.looks_right("forgot-password")
    # What the page names is typed, and has the code.
    codes = re.findall(rf"{NAME}: Your verification code is (\d{{6}})", deployed.run("local", "logs").out)
    page.fill("code", "000000" if codes[-1] != "000000" else "111111")
    page.fill("new-password", CHOSEN)
    page.press("Set the password")
    page.see("Invalid verification code provided, please try again.")
    assert page.find("input[name=code]").get_attribute("aria-invalid") == "true"
    page.fill("code", codes[-1])
    page.fill("new-password", "weak")
    page.press("Set the password")
    page.see("password policy")
    assert page.find("input[name=new-password]").get_attribute("aria-invalid") == "true"
    page.screen.looks_right("forgot-password-weak")
    page.fill("new-password", CHOSEN)
    page.press("Set the password")
    page.until(page.rows)
    page.see(NAME)


def test_who_has_no_address_reads_why_at_the_name(page: Browser, deployed: LocalProject) -> None:
    pool = deployed.run("outputs", "auth/mfeaccounts", "UserPoolId").out.strip()
    deployed.client("cognito-idp").admin_create_user(
        UserPoolId=pool, Username="unreachable", MessageAction="SUPPRESS"
    )
    page.fill("username", "unreachable")
    page.press("Forgot the password?")
    page.until(lambda: page.find("input[name=username]").get_attribute("aria-invalid") == "true")
    assert "Enter your user name." not in page.text()
    page.screen.picture("forgot-unreachable")


def test_a_first_sign_in_asks_for_a_new_password(page: Browser, deployed: LocalProject) -> None:
    pool = deployed.run("outputs", "auth/mfeaccounts", "UserPoolId").out.strip()
    temporary = "Temporary-1!"
    deployed.client("cognito-idp").admin_create_user(
        UserPoolId=pool, Username="newcomer", TemporaryPassword=temporary
    )
    page.sign_in({"username": "newcomer", "password": temporary})
    page.see("choose a password of your own")
    page.screen.looks_right("new-password")
    page.fill("new-password", "weak")
    page.press("Continue")
    page.see("password policy")
    page.press("Back to the beginning")
    page.gone("password policy")
    page.sign_in({"username": "newcomer", "password": temporary})
    page.see("choose a password of your own")
    page.fill("new-password", "Permanent-1!")
    page.press("Continue")
    page.until(page.rows)
    page.see("newcomer")
