"""A line of a function's log, as a person reads it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.lambda_logs import MOST_OF_AN_ERROR, error_in_short, read_record
from accountsctl.model.logs import LogRecord

ID = "fc36d9cc-cc3c-4350-b305-41947b6e049b"
AT = "2026-11-28T12:00:00.000Z"
REPORT = (
    f"REPORT RequestId: {ID}\tDuration: 7.06 ms\tBilled Duration: 8 ms\tMemory Size: 512 MB"
    "\tMax Memory Used: 15 MB\tInit Duration: 164.29 ms\t"
)
FRAMES = ['  File "/var/task/index.py", line 6, in handler\n    import nosuch\n']
NODE = {
    "errorType": "Error",
    "errorMessage": "no stock",
    "stack": ["Error: no stock", "    at handler (/var/task/i.mjs:2:9)"],
}


def line(**members: object) -> str:
    return json.dumps(members)


@pytest.mark.parametrize(
    ("message", "record"),
    [
        ("plain words", LogRecord("plain words")),
        ("two\rlines\r", LogRecord("two\nlines")),
        (f"START RequestId: {ID} Version: $LATEST\n", LogRecord("", request=ID, platform=True)),
        (f"END RequestId: {ID}", LogRecord("", request=ID, platform=True)),
        ("INIT_START Runtime Version: python:3.13.v1", LogRecord("", platform=True)),
        (
            REPORT,
            LogRecord(
                "took 7.06 ms, after 164.29 ms to start, used 15 MB of 512 MB", request=ID, platform=True
            ),
        ),
        (
            f"REPORT RequestId: {ID}\tDuration: 3000.00 ms\tStatus: timeout",
            LogRecord("took 3000.00 ms, status timeout", request=ID, platform=True),
        ),
        (
            line(timestamp=AT, level="info", message="paid", requestId=ID, amount=12.5, who="a b"),
            LogRecord('paid amount=12.5 who="a b"', "INFO", ID),
        ),
        (line(level="INFO", status=200), LogRecord("status=200", "INFO")),
        (
            line(
                level="ERROR",
                errorType="KeyError",
                errorMessage="'id'",
                stackTrace=FRAMES,
                location="x",
                requestId=ID,
            ),
            LogRecord(
                "KeyError: 'id'\n  File \"/var/task/index.py\", line 6, in handler\n    import nosuch",
                "ERROR",
                ID,
            ),
        ),
        (
            line(level="ERROR", message="could not pay", errorType="KeyError", errorMessage="'id'"),
            LogRecord("could not pay\nKeyError: 'id'", "ERROR"),
        ),
        (line(level="INFO", message={"amount": 1}), LogRecord("{'amount': 1}", "INFO")),
        (
            line(timestamp=AT, level="ERROR", requestId=ID, message=NODE),
            LogRecord("Error: no stock\n    at handler (/var/task/i.mjs:2:9)", "ERROR", ID),
        ),
        (
            f"{AT}\t{ID}\tERROR\tInvoke Error \t{json.dumps(NODE)}",
            LogRecord("Error: no stock\n    at handler (/var/task/i.mjs:2:9)", "ERROR", ID),
        ),
        (f"{AT}\tundefined\tINFO\tstarted", LogRecord("started", "INFO")),
        (f"[WARNING]\t{AT}\t{ID}\tlow on stock\n", LogRecord("low on stock", "WARNING", ID)),
        (
            "[ERROR] KeyError: 'id'\rTraceback (most recent call last):\r  File \"/var/task/index.py\", line 3",
            LogRecord(
                "KeyError: 'id'\nTraceback (most recent call last):\n  File \"/var/task/index.py\", line 3",
                "ERROR",
            ),
        ),
        (
            line(time=AT, type="platform.start", record={"requestId": ID}),
            LogRecord("", request=ID, platform=True),
        ),
        (
            line(
                time=AT,
                type="platform.report",
                record={
                    "requestId": ID,
                    "status": "timeout",
                    "metrics": {"durationMs": 3000.1, "memorySizeMB": 128, "maxMemoryUsedMB": 30},
                },
            ),
            LogRecord("took 3000.1 ms, used 30 MB of 128 MB, status timeout", request=ID, platform=True),
        ),
        ("{not json", LogRecord("{not json")),
        ("[1, 2]", LogRecord("[1, 2]")),
    ],
)
def test_an_event_becomes_what_it_says(message: str, record: LogRecord) -> None:
    assert read_record(message) == record


@given(
    st.text()
    | st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.lists(st.text())).map(json.dumps)
)
def test_no_event_is_refused(message: str) -> None:
    read_record(message)


@given(
    st.dictionaries(
        st.sampled_from(["type", "record", "errorType", "stackTrace", "message", "level"]),
        st.none()
        | st.text()
        | st.just("platform.report")
        | st.lists(st.integers())
        | st.dictionaries(
            st.sampled_from(["metrics", "status", "errorType", "stack"]), st.integers() | st.text()
        ),
    )
)
def test_no_shape_of_a_known_member_is_refused(members: dict[str, object]) -> None:
    read_record(json.dumps(members))


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            'BadRequestException: ERROR: relation "accounts" does not exist\n  Position: 15; SQLState: 42P01',
            'BadRequestException: ERROR: relation "accounts" does not exist Position: 15; SQLState: 42P01',
        ),
        (
            "Error: Cannot find module 'x'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
            "Error: Cannot find module 'x'",
        ),
        (
            "TypeError: x is not a function\n    at handler (/var/task/index.js:3:1)",
            "TypeError: x is not a function",
        ),
        (
            "KeyError: 'id'\rTraceback (most recent call last):\r  File \"/var/task/index.py\"",
            "KeyError: 'id'",
        ),
        ("    at nothing but a frame", "at nothing but a frame"),
    ],
)
def test_an_error_in_short_has_the_lines_before_its_trace(message: str, shown: str) -> None:
    assert error_in_short(message) == shown


def test_a_long_error_is_cut_between_words_and_says_so() -> None:
    shown = error_in_short("word " * 400)
    assert shown.endswith("word ...")
    assert len(shown) <= MOST_OF_AN_ERROR


def test_an_error_of_five_hundred_characters_is_whole() -> None:
    message = "Error: " + "a path that is long/" * 25
    assert error_in_short(message) == message
