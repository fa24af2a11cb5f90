"""How Lambda's calls name a function: a name, an ARN or a part of one, each with or without a version or alias."""

from __future__ import annotations

import re

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION

_ACCOUNT = re.compile(r"(arn:[^:]*:lambda:[^:]*:)?(?P<account>\d{12}):(?P<rest>.+)")
LATEST = "$LATEST"
"""The version of a function that is not published."""


class FunctionNameFault(Exception):
    """Lambda's refusal of a name, with the HTTP status and the exception's name. The text is Lambda's."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


def name_and_qualifier(text: str) -> tuple[str, str]:
    """The function's own name, and the version or alias, which is "" if none is named.

    A function may be called ``function`` or ``my-function``, so that the word is looked for as a whole part.
    """
    parts = text.split(":")
    if "function" in parts[:-1]:
        parts = parts[parts.index("function") + 1 :]
    return parts[0], parts[1] if len(parts) > 1 else ""


def check_account(text: str, region: str, action: str) -> None:
    """Raise FunctionNameFault for a name of another account, none of which lets anyone of this one in.

    `action` is the operation's. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    found = _ACCOUNT.fullmatch(text)
    if found is not None and found["account"] != ACCOUNT:
        arn = f"arn:{PARTITION}:lambda:{region}:{found['account']}:{found['rest']}"
        message = (
            f"User: arn:{PARTITION}:iam::{ACCOUNT}:root is not authorized to perform: lambda:{action}"
            f" on resource: {arn} because no resource-based policy allows the lambda:{action} action"
        )
        raise FunctionNameFault(403, "AccessDeniedException", message)


def named_function(text: str, qualifier: str, region: str, action: str = "InvokeFunction") -> tuple[str, str]:
    """The same of a call with the parameter Qualifier, "" if it has none, to the API of `region`.

    Raises FunctionNameFault for an ARN of another Region or account, and for two qualifiers that differ.
    """
    _, *parts = text.split(":", 6)
    if text.startswith("arn:") and len(parts) > 2 and (other := parts[2]) != region:
        message = f"Functions from '{other}' are not reachable in this region ('{region}')"
        raise FunctionNameFault(404, "ResourceNotFoundException", message)
    check_account(text, region, action)
    name, derived = name_and_qualifier(text)
    if qualifier and derived and qualifier != derived:
        message = "The derived qualifier from the function name does not match the specified qualifier."
        raise FunctionNameFault(400, "InvalidParameterValueException", message)
    return name, qualifier or derived
