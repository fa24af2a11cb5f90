"""``--debug``: a line for each call to AWS. It holds no parameter and no response, which may be secrets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks
    from botocore.model import OperationModel

STARTED = "accountsctl-started"


def trace_calls(events: BaseEventHooks, tell: Callable[[str], None]) -> None:
    """Have `tell` called with operation, status, time and request id after each call of a client.

    The events: https://docs.aws.amazon.com/boto3/latest/guide/events.html
    """

    def started(context: dict[str, Any], **_: Any) -> None:
        context[STARTED] = time.monotonic()

    def ended(
        http_response: Any, parsed: dict[str, Any], model: OperationModel, context: dict[str, Any], **_: Any
    ) -> None:
        milliseconds = (time.monotonic() - context.get(STARTED, time.monotonic())) * 1000
        code = parsed.get("Error", {}).get("Code", "")
        request = parsed.get("ResponseMetadata", {}).get("RequestId", "")
        words = (model.service_model.service_name, model.name, str(http_response.status_code), code)
        tell(" ".join(filter(None, (*words, f"{milliseconds:.0f} ms", request))))

    events.register("before-call", started)
    events.register("after-call", ended)
