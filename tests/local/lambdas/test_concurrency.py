"""How many sandboxes run a function at once, and what a function gets of its caller."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas import Functions
from accountsctl.localcloud.lambdas.concurrency import ReservedConcurrency
from accountsctl.localcloud.lambdas.errors import InvokeError
from accountsctl.localcloud.lambdas.pool import Pool
from tests.local.lambdas.conftest import FakeLookups
from tests.local.lambdas.test_api import FakeSandbox, invoke

Make = Callable[..., FunctionConfig]


def test_a_pool_grows_while_all_of_its_sandboxes_are_busy_and_shrinks_afterwards() -> None:
    pool = Pool(FakeSandbox, limit=7)  # type: ignore[arg-type]
    with contextlib.ExitStack() as busy:
        lent = [busy.enter_context(pool.sandbox()) for _ in range(7)]
        assert len(set(map(id, lent))) == 7
    assert [sandbox.closed for sandbox in lent].count(1) == 3  # type: ignore[attr-defined]


def test_a_pool_starts_no_more_than_its_limit() -> None:
    pool = Pool(FakeSandbox, limit=5, patience=0.3)  # type: ignore[arg-type]
    with contextlib.ExitStack() as busy:
        for _ in range(5):
            busy.enter_context(pool.sandbox())
        with pytest.raises(InvokeError) as refused, pool.sandbox():
            pass
    assert refused.value.reason == "ConcurrentInvocationLimitExceeded"


def test_reserved_concurrency_counts_all_versions_of_a_function(make: Make) -> None:
    reserved, latest = ReservedConcurrency(), make("", reserved=1)
    version = replace(latest, arn=f"{latest.arn}:1")
    with reserved.invocation(latest), pytest.raises(InvokeError) as refused, reserved.invocation(version):
        pass
    assert json.loads(refused.value.response().body) == {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
    assert refused.value.status == 429
    with reserved.invocation(version):
        pass
    with pytest.raises(InvokeError), reserved.invocation(make("", reserved=0)):
        pass


def test_a_client_context_is_handed_over(functions: Functions, lookups: FakeLookups, make: Make) -> None:
    lookups.functions["f"] = make("def handler(e, c): return c.client_context.custom")
    sent = base64.b64encode('{"custom": {"name": "Zo\u00eb"}}'.encode()).decode()
    assert json.loads(invoke(functions, "f", X_Amz_Client_Context=sent).body) == {"name": "Zo\u00eb"}


@pytest.mark.parametrize("sent", ["{}", base64.b64encode(b"{").decode(), base64.b64encode(b"1").decode()])
def test_a_client_context_that_is_none_is_refused(
    functions: Functions, lookups: FakeLookups, make: Make, sent: str
) -> None:
    lookups.functions["f"] = make("")
    response = invoke(functions, "f", X_Amz_Client_Context=sent)
    assert (response.status, response.header("x-amzn-ErrorType")) == (400, "InvalidRequestContentException")
