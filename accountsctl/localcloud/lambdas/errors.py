"""Why an Invoke is refused before any code runs: Lambda's own error types and statuses."""

from __future__ import annotations

import json

from accountsctl.localcloud.contracts.messages import Response


class InvokeError(Exception):
    """A refusal of the Invoke API. `kind` is its exception's name."""

    def __init__(
        self, status: int, kind: str, message: str, fault: str = "User", reason: str | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.fault, self.reason = status, kind, message, fault, reason

    def response(self) -> Response:
        """The HTTP response. ResourceNotFound spells `Message` with a capital, as Lambda does."""
        key = "Message" if self.kind == "ResourceNotFoundException" else "message"
        reason = {"Reason": self.reason} if self.reason else {}
        body = json.dumps({**reason, "Type": self.fault, key: self.message}).encode()
        headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", self.kind))
        return Response(self.status, headers, body)


def not_found(arn: str) -> InvokeError:
    """The function does not exist."""
    return InvokeError(404, "ResourceNotFoundException", f"Function not found: {arn}")


def bad_name(name: str, pattern: str) -> InvokeError:
    """What is named does not name a function."""
    message = (
        f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: Member must"
        f" satisfy regular expression pattern: {pattern}"
    )
    return InvokeError(400, "ValidationException", message)


def throttled() -> InvokeError:
    """All sandboxes stayed busy for too long."""
    reason = "ConcurrentInvocationLimitExceeded"
    return InvokeError(429, "TooManyRequestsException", "Rate Exceeded.", reason=reason)


def reserved_exceeded() -> InvokeError:
    """The function runs as often as it may at once."""
    reason = "ReservedFunctionConcurrentInvocationLimitExceeded"
    return InvokeError(429, "TooManyRequestsException", "Rate Exceeded.", reason=reason)


def bad_client_context() -> InvokeError:
    """The client context of the request is not one."""
    message = "Client context must be a valid Base64-encoded JSON object."
    return InvokeError(400, "InvalidRequestContentException", message)


def invalid_runtime(message: str) -> InvokeError:
    """This machine cannot run the function."""
    return InvokeError(502, "InvalidRuntimeException", message, "Server")


def too_large(limit: int) -> InvokeError:
    """The payload of the request is over `limit` bytes."""
    message = f"Request must be smaller than {limit} bytes for the InvokeFunction operation"
    return InvokeError(413, "RequestTooLargeException", message)


def too_large_event(size: int, limit: int) -> InvokeError:
    """The payload of an asynchronous invocation is over `limit` bytes."""
    message = f"{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
    return InvokeError(413, "RequestEntityTooLargeException", message)


def not_json(reason: str) -> InvokeError:
    """The payload of the request is not valid JSON."""
    message = f"Could not parse request body into json: Could not parse payload into json: {reason}"
    return InvokeError(400, "InvalidRequestContentException", message)
