"""How a call names a function: by its name or ARN, or a part of that, with a version or an alias."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from accountsctl.localcloud.contracts.function_names import LATEST as LATEST
from accountsctl.localcloud.contracts.function_names import FunctionNameFault, check_account, named_function
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    LambdaFault,
    no_alias,
    no_function,
)

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaAlias

    from accountsctl.localcloud.moto_services.functions import LambdaFunction


@dataclass(frozen=True)
class NamedFunction:
    """A function as a call names it. `qualifier` is "" if the call names no version or alias."""

    name: str
    qualifier: str
    region: str

    @property
    def arn(self) -> str:
        """The ARN without the qualifier."""
        return f"arn:{PARTITION}:lambda:{self.region}:{ACCOUNT}:function:{self.name}"

    @property
    def qualified_arn(self) -> str:
        """The ARN as the call names it."""
        return f"{self.arn}:{self.qualifier}" if self.qualifier else self.arn

    @property
    def is_version(self) -> bool:
        """Whether the qualifier is a version's number."""
        return self.qualifier.isdigit()


def named(call: LambdaCall) -> NamedFunction:
    """The function that FunctionName and Qualifier mean; raises LambdaFault if they contradict each other."""
    text, qualifier = str(call.input.get("FunctionName", "")), str(call.input.get("Qualifier") or "")
    with _as_lambda_faults():
        return NamedFunction(*named_function(text, qualifier, call.region, call.name), call.region)


def check_tagged(call: LambdaCall) -> None:
    """Raise LambdaFault for tags of what is in another account."""
    with _as_lambda_faults():
        check_account(str(call.input.get("Resource", "")), call.region, call.name)


@contextmanager
def _as_lambda_faults() -> Iterator[None]:
    try:
        yield
    except FunctionNameFault as fault:
        raise LambdaFault(fault.kind, str(fault), fault.status) from None


def stored(call: LambdaCall, name: str) -> dict[str, Any] | None:
    """moto's entry of a function: its `latest` and its `versions`; None if there is none."""
    found: dict[str, Any] | None = call.backend._lambdas._functions.get(name)
    return found


def latest(call: LambdaCall) -> LambdaFunction:
    """The function itself, whatever version is named; raises LambdaFault if there is none."""
    wanted = named(call)
    entry = stored(call, wanted.name)
    if entry is None:
        raise no_function(wanted.qualified_arn)
    return cast("LambdaFunction", entry["latest"])


def aliases(call: LambdaCall, function: LambdaFunction) -> dict[str, LambdaAlias]:
    """The aliases of a function, by their names."""
    found: dict[str, LambdaAlias] = call.backend._lambdas._aliases[function.function_arn]
    return found


def alias_of(call: LambdaCall, name: str, alias: str) -> LambdaAlias | None:
    """A function's alias; None if there is none, or no such function."""
    entry = stored(call, name)
    return aliases(call, entry["latest"]).get(alias) if entry else None


def version_of(call: LambdaCall, name: str, version: str) -> LambdaFunction | None:
    """A function's version, or the function for $LATEST; None if there is none."""
    entry = stored(call, name)
    if entry is None:
        return None
    if version in ("", LATEST):
        return cast("LambdaFunction", entry["latest"])
    return next((one for one in entry["versions"] if str(one.version) == version), None)


def resolved(call: LambdaCall, wanted: NamedFunction) -> LambdaFunction:
    """The version that a call means, also by an alias; raises LambdaFault if there is none."""
    found = version_of(call, wanted.name, wanted.qualifier)
    if found is None:
        alias = alias_of(call, wanted.name, wanted.qualifier)
        found = version_of(call, wanted.name, alias.function_version) if alias else None
    if found is None:
        raise no_function(wanted.qualified_arn)
    return found


def require_version_or_alias(call: LambdaCall, wanted: NamedFunction) -> LambdaFunction | LambdaAlias:
    """The version or alias of that name; raises LambdaFault in the words of the calls that take only these."""
    if wanted.is_version or "$" in wanted.qualifier:
        found = version_of(call, wanted.name, wanted.qualifier)
        if found is None:
            raise no_function(wanted.qualified_arn)
        return found
    alias = alias_of(call, wanted.name, wanted.qualifier)
    if alias is None:
        raise no_alias(wanted.qualified_arn)
    return alias
