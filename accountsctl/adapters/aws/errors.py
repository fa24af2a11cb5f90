"""The wall around the AWS SDK: a foreign exception goes in, a `CloudError` of three lines comes out.

Every adapter of this package runs its calls inside `translated("...")`. The action completes the sentence
"AWS refused to ..." and is what a user reads first, so it says what we were doing ("read the stack dev"),
not which operation was called. What AWS answered is the second line, as AWS wrote it; the third comes from
`HINTS`, the only table of error codes. An error is recognized by its code, never by its English text.

An adapter whose service has codes of its own (SQLSTATEs, sign-in refusals) gives a table of them, which is
looked at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidConfigError,
    LoginError,
    LoginInsufficientPermissions,
    MissingDependencyException,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from accountsctl.model.errors import CloudError

_SIGN_IN = "Sign in again (`aws login`, `aws sso login` or `aws configure`), or choose another --profile."
_LOGIN = "Sign in again: `aws login`, with --profile if the profile is not the default one."
_LOGIN_RIGHTS = "Ask for the right to use `aws login` (signin:CreateOAuth2Token), or choose another profile."
_MFA = "Run the command again on a terminal: it asks for a new MFA code."
_CRT = "Install what profiles of `aws login` need: pip install 'botocore[crt]'"
_PROCESS = (
    "Run the profile's credential_process by hand and fix what it reports, or choose another --profile."
)
_PROFILE = "Correct the profile in ~/.aws/config, or choose another one with --profile."
_CLOCK = "Set this machine's clock, then try again: AWS refuses signatures that are minutes off."
_RIGHTS = "Ask for the right named above, or use another profile with --profile."
_ROLE = (
    "Correct the environment's roleArn or --role-arn; the role must exist and let cloudformation.amazonaws.com"
    " assume it (docs/policy.md)."
)
ROLE_REFUSED = "is invalid or cannot be assumed"
_SLOW = "Wait a moment and try again: AWS limits how often one account may call."
_AGAIN = "Try again; if it stays so, look at https://health.aws.amazon.com/health/status."
_BETWEEN = (
    "That was no answer of AWS; a proxy may have given it: look at HTTP_PROXY, HTTPS_PROXY and NO_PROXY."
)
_REACH = (
    "Check the network and --region; for the embedded cloud, `accountsctl local status` says whether it runs."
)

LONGEST = 400
"""Characters of the SDK's own text that an error shows."""

# AWS error code -> what to do next.
HINTS: Mapping[str, str] = MappingProxyType(
    {
        "AccessDenied": _RIGHTS,
        "AccessDeniedException": _RIGHTS,
        "UnauthorizedOperation": _RIGHTS,
        "ForbiddenException": _RIGHTS,
        "ExpiredToken": _SIGN_IN,
        "ExpiredTokenException": _SIGN_IN,
        "InvalidClientTokenId": _SIGN_IN,
        "UnrecognizedClientException": _SIGN_IN,
        "InvalidAccessKeyId": _SIGN_IN,
        "MissingAuthenticationToken": _SIGN_IN,
        "SignatureDoesNotMatch": _SIGN_IN,
        "RequestTimeTooSkewed": _CLOCK,
        "RequestExpired": _CLOCK,
        "Throttling": _SLOW,
        "ThrottlingException": _SLOW,
        "TooManyRequestsException": _SLOW,
        "RequestLimitExceeded": _SLOW,
        "SlowDown": _SLOW,
        "InternalFailure": _AGAIN,
        "InternalServerError": _AGAIN,
        "InternalErrorException": _AGAIN,
        "RequestTimeout": _AGAIN,
        "ServiceUnavailable": _AGAIN,
        "ServiceUnavailableException": _AGAIN,
        "ValidationError": "The request itself is wrong: run `accountsctl render` and read what it would send.",
        "InsufficientCapabilitiesException": "This is a fault of accountsctl: it always sends CAPABILITY_NAMED_IAM.",
        "LimitExceeded": "Delete stacks that are not needed, or ask AWS for a higher quota.",
        "LimitExceededException": "Delete what is not needed, or ask AWS for a higher quota.",
        "TokenAlreadyExistsException": "Another push of this stack is under way; wait for it to end.",
        "NoSuchBucket": "Run `accountsctl push`: it creates the deployment bucket first.",
        "OptInRequired": "Enable this region or service in the account first, or choose another --region.",
    }
)

# SDK exception -> (code that we report, what to do next). The first that matches counts.
_FAILURES: tuple[tuple[type[BotoCoreError], str, str], ...] = (
    (NoCredentialsError, "NoCredentials", _SIGN_IN),
    (PartialCredentialsError, "NoCredentials", _SIGN_IN),
    (SSOError, "ExpiredToken", _SIGN_IN),
    (TokenRetrievalError, "ExpiredToken", _SIGN_IN),
    (LoginInsufficientPermissions, "AccessDenied", _LOGIN_RIGHTS),
    (LoginError, "ExpiredToken", _LOGIN),
    (RefreshWithMFAUnsupportedError, "ExpiredToken", _MFA),
    (MissingDependencyException, "MissingDependency", _CRT),
    (CredentialRetrievalError, "NoCredentials", _PROCESS),
    (InvalidConfigError, "InvalidConfig", _PROFILE),
    (ProfileNotFound, "ProfileNotFound", "Name a profile that `aws configure list-profiles` lists."),
    (NoRegionError, "NoRegion", "Name a region with --region, or in the environment's file."),
    (EndpointConnectionError, "EndpointConnectionError", _REACH),
    (ConnectionClosedError, "ConnectionClosedError", _REACH),
    (HTTPClientError, "ConnectionError", _REACH),
    (NoConnection, "ConnectionError", _REACH),
)


UNANSWERED = frozenset(
    {
        *(code for code, hint in HINTS.items() if hint in (_SLOW, _AGAIN)),
        *(code for _, code, hint in _FAILURES if hint == _REACH),
        "NotAnAnswer",
        "429",
    }
)
SIGNED_OUT = frozenset(
    {"NoCredentials", *(code for code, hint in HINTS.items() if hint in (_SIGN_IN, _CLOCK))}
)


def is_passing(error: CloudError) -> bool:
    """Whether the same call may succeed later: throttling, network loss, a fault of AWS, expired credentials.

    Credentials are read again from AWS's files and caches, so that a sign-in in another terminal counts.
    """
    return error.code in SIGNED_OUT or is_unanswered(error)


def is_unanswered(error: CloudError) -> bool:
    """Whether the call may have been done or not: no response, one that was cut off, a fault of AWS, or throttling."""
    server_fault = len(error.code) == 3 and error.code.startswith("5")
    return error.code in UNANSWERED or server_fault


@contextmanager
def translated(action: str, hints: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn the SDK's exceptions into `CloudError`s; `action` completes "AWS refused to ...".

    `hints` (error code -> next step) are the service's own, and go before `HINTS`.
    """
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        raise cloud_error(action, error, hints) from error


def cloud_error(
    action: str,
    error: ClientError | BotoCoreError | ResponseParserError,
    hints: Mapping[str, str] | None = None,
) -> CloudError:
    """The `CloudError` for an exception of the SDK."""
    if isinstance(error, ClientError):
        code = error_code(error)
        hint = (hints or {}).get(code) or HINTS.get(code, "")
        # CloudFormation has no error code of its own for it.
        if code == "ValidationError" and ROLE_REFUSED in error_message(error):
            hint = _ROLE
        return CloudError(f"AWS refused to {action}.", why=_message(error, code), hint=hint, code=code)
    if isinstance(error, ResponseParserError):
        return CloudError(
            f"Could not {action}.", why=_shortened(str(error)), hint=_BETWEEN, code="NotAnAnswer"
        )
    code, hint = next(
        ((code, hint) for kind, code, hint in _FAILURES if isinstance(error, kind)),
        (type(error).__name__, ""),
    )
    return CloudError(f"Could not {action}.", why=_shortened(str(error)), hint=hint, code=code)


def error_code(error: ClientError) -> str:
    """AWS's error code: "AccessDenied"; the HTTP status where the answer had none."""
    answer = error.response
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
    return str(answer.get("Error", {}).get("Code") or status)


def error_message(error: ClientError) -> str:
    """What AWS wrote, in one line; empty where it wrote nothing."""
    return " ".join(str(error.response.get("Error", {}).get("Message") or "").split())


def _message(error: ClientError, code: str) -> str:
    """AWS's message and, for those who search for it, its code and operation."""
    message = error_message(error)
    return f"{message} ({code}, {error.operation_name})" if message else f"{code} ({error.operation_name})"


def _shortened(text: str) -> str:
    """One line of at most `LONGEST` characters: the SDK quotes a proxy's complete response, which may be a page."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
