"""A call of Lambda's API: refused before moto gets it where Lambda would, and every error in Lambda's own shape."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.errors import not_imitated
from accountsctl.localcloud.moto_services.lambda_calls import addresses
from accountsctl.localcloud.moto_services.lambda_calls.checks import check
from accountsctl.localcloud.moto_services.lambda_calls.members import is_played, refused
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    call_of,
    check_constraints,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names, table

SCOPE = "lambda"
CAPITAL = ("ResourceNotFoundException",)
"""The errors whose text is in `Message`; that of the others is in `message`."""


def respond(request: Request, region: str, run: Callable[[], Response]) -> Response:
    """The response to a call: a refusal, or moto's by `run`."""
    code = addresses.code_of(request)
    if code is not None:
        return code
    try:
        call = call_of(request, region)
        if call is None:
            return _error(
                LambdaFault(
                    "UnknownOperationException", f"Lambda has no {request.method} {request.path}.", 404
                )
            )
        if not is_played(call.name):
            return not_imitated(SCOPE, f"{call.name} of Lambda", request)
        check_constraints(call)
        what = refused(call)
        if what is not None:
            return not_imitated(SCOPE, what, request)
        response = _done(call, run)
    except LambdaFault as fault:
        return _error(fault)
    return addresses.at_endpoint(response, request)


def _done(call: LambdaCall, run: Callable[[], Response]) -> Response:
    if "FunctionName" in call.input:
        names.named(call)  # refuses what contradicts itself
    names.check_tagged(call)
    check(call)
    try:
        own = table.answer(call)
    except Exception as fault:
        # moto's own errors
        if isinstance(fault, LambdaFault) or not hasattr(fault, "error_type"):
            raise
        raise LambdaFault(str(fault.error_type), str(fault.message), int(fault.code)) from None  # type: ignore[attr-defined]
    return table.after(call, _shaped(run())) if own is None else own


def _shaped(response: Response) -> Response:
    """moto's response, its errors as Lambda has them: `Type` and `message`, and the code in a header."""
    if response.status < 400:
        return response
    try:
        content = json.loads(response.body)
    except ValueError:
        return response
    code = content.get("__type") if isinstance(content, dict) else None
    if not isinstance(code, str):
        return response
    return _error(LambdaFault(code, str(content.get("message", content.get("Message", ""))), response.status))


def _error(fault: LambdaFault) -> Response:
    side = "User" if fault.status < 500 else "Service"
    key = "Message" if fault.code in CAPITAL else "message"
    headers = (
        ("Content-Type", "application/json"),
        ("x-amzn-ErrorType", fault.code),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    )
    kind = {"Type": side} if fault.typed else {}
    return Response(fault.status, headers, json.dumps({**kind, key: fault.message}).encode())
