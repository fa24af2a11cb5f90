"""What Lambda answers to whoever invokes a function: `aws.functions` over scripted answers."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from accountsctl.adapters.aws.functions import Lambda
from accountsctl.model.errors import CloudError
from accountsctl.ports.functions import FunctionCaller, InvokedFunction
from tests.fakes.session import Scripted


def functions(errors: dict[str, str] | None = None, **answer: Any) -> FunctionCaller:
    session: Any = Scripted(errors or {}, {"Invoke": answer})
    return Lambda(session)


def test_an_invocation_gives_what_was_returned_and_the_end_of_the_log() -> None:
    log = base64.b64encode("START\nGrüße\n".encode()).decode()
    port = functions(StatusCode=200, Payload=io.BytesIO(b'{"ok":true}'), LogResult=log)
    assert port.invoke("work", b"{}") == InvokedFunction('{"ok":true}', False, "START\nGrüße\n")


def test_a_function_that_failed_is_an_answer_too() -> None:
    port = functions(StatusCode=200, FunctionError="Unhandled", Payload=io.BytesIO(b'{"errorType":"E"}'))
    assert port.invoke("work", b"{}") == InvokedFunction('{"errorType":"E"}', True, "")


def test_a_function_that_may_not_be_invoked_is_an_error() -> None:
    with pytest.raises(CloudError, match="invoke work"):
        functions({"Invoke": "AccessDeniedException"}).invoke("work", b"{}")
