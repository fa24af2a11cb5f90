"""SRP as Cognito does it, against the vectors published with github.com/alexrudd/cognito-srp."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.adapters.aws.srp import Challenge, N, SrpClient, SrpError, pad, timestamp

CLIENT = SrpClient("eu-west-1_myPool", 1234567890)
SALT = f"{1234567890:x}"


def test_the_key_is_the_published_one() -> None:
    assert CLIENT.key("test", "test", SALT, SALT).hex() == "d96cde6c95dda17175c1293140c5a81f"


def test_the_signature_is_the_published_one() -> None:
    block = base64.b64encode(b"secretssecrestssecrets").decode()
    proof = CLIENT.prove(
        Challenge("test", SALT, SALT, block), "test", datetime(2018, 7, 10, 11, 1, tzinfo=UTC)
    )
    assert proof.signature == "tdvQu/Li/qWl8Nni0aFPs+MwY4rvKZm0kSMrGIMSUHk="


def test_the_timestamp_is_english_utc_with_a_bare_day() -> None:
    moment = datetime(2026, 3, 5, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(moment) == "Wed Mar 4 23:02:03 UTC 2026"


@given(st.integers(min_value=0, max_value=2**300))
def test_padding_is_that_of_javas_big_integer(number: int) -> None:
    digits = f"{number:x}"
    digits = f"0{digits}" if len(digits) % 2 else digits
    assert pad(number).hex() == (f"00{digits}" if digits[0] in "89abcdef" else digits)


@pytest.mark.parametrize("public", [0, N, 2 * N])
def test_a_public_value_that_gives_the_password_away_is_refused(public: int) -> None:
    with pytest.raises(SrpError):
        CLIENT.key("test", "test", SALT, f"{public:x}")


def test_no_two_sign_ins_share_a_secret() -> None:
    assert SrpClient.start("eu-west-1_a").secret != SrpClient.start("eu-west-1_a").secret
