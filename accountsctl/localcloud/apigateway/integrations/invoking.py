"""What integrations and authorizers share: which function an ARN means, and waiting for it no longer than allowed."""

from __future__ import annotations

import queue
import re
import threading

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.lookups import FunctionConfig, Invocation, Invoker, Lookups

URI = re.compile(r"^arn:[^:]+:apigateway:([^:]+):lambda:path/+\d{4}-\d{2}-\d{2}/functions/(.+)/invocations$")
STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")


class TooSlow(Exception):
    """The function did not answer in time."""


def function(call: GatewayCall, uri: str, lookups: Lookups) -> FunctionConfig | None:
    """The function of an integration's or an authorizer's URI, stage variables filled in; None if there is none."""
    found = URI.match(uri)
    if found is None:
        return None
    name = STAGE_VARIABLE.sub(lambda variable: call.stage.variables.get(variable[1], ""), found[2])
    return lookups.function(name, found[1])


def invoke(invoker: Invoker, function: FunctionConfig, payload: bytes, limit: float) -> Invocation:
    """Run it for at most `limit` seconds. One that may run longer runs on; no one receives its response.

    While a debugger holds it, there is no limit.
    """
    if function.timeout <= limit:
        return invoker.invoke(function, payload)
    box: queue.SimpleQueue[Invocation] = queue.SimpleQueue()
    threading.Thread(target=lambda: box.put(invoker.invoke(function, payload)), daemon=True).start()
    while True:
        try:
            return box.get(timeout=limit)
        except queue.Empty:
            if not invoker.held(function):
                raise TooSlow from None
