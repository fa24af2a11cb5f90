"""Aliases; https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts.identifiers import new_uuid
from accountsctl.localcloud.moto_services import function_urls
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.functions import weights_of
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    check_revision,
    conflict,
    invalid,
    no_alias,
    no_function,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import concurrency, names
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaAlias


def create(call: LambdaCall) -> JsonObject:
    """CreateAlias."""
    wanted, name, version = names.named(call), str(call.input["Name"]), str(call.input["FunctionVersion"])
    if names.version_of(call, wanted.name, version) is None:
        raise no_function(f"{wanted.arn}:{version}")
    weights = _weights(call)
    _check(call, wanted, version, weights)
    known = names.aliases(call, names.latest(call))
    if name in known:
        raise conflict(f"Alias already exists: {wanted.arn}:{name}")
    kind: Any = models("lambda").LambdaAlias
    known[name] = kind(
        account_id=call.backend.account_id,
        region=call.region,
        name=name,
        function_name=wanted.name,
        function_version=version,
        description=str(call.input.get("Description") or ""),
        routing_config=_routing(weights),
    )
    return _reported(known[name])


def update(call: LambdaCall) -> JsonObject:
    """UpdateAlias; what the call leaves out stays, and the revision is another one."""
    alias, wanted = _alias(call), names.named(call)
    check_revision(call, alias.revision_id)
    version = str(call.input.get("FunctionVersion") or alias.function_version)
    if names.version_of(call, wanted.name, version) is None:
        raise no_function(f"{wanted.arn}:{version}")
    weights = _weights(call) if "RoutingConfig" in call.input else weights_of(alias)
    _check(call, wanted, version, weights)
    alias.function_version = version
    alias.routing_config = _routing(weights)  # type: ignore[assignment]  # moto takes it for a text
    if "Description" in call.input:
        alias.description = str(call.input["Description"])
    alias.revision_id = new_uuid()
    return _reported(alias)


def get(call: LambdaCall) -> JsonObject:
    """GetAlias."""
    return _reported(_alias(call))


def list_aliases(call: LambdaCall) -> JsonObject:
    """ListAliases, of one version if the call names one."""
    known = names.aliases(call, names.latest(call))
    version = call.input.get("FunctionVersion")
    found = [known[name] for name in sorted(known) if version in (None, known[name].function_version)]
    return page(call, "Aliases", [_reported(alias) for alias in found])


def delete(call: LambdaCall) -> JsonObject:
    """DeleteAlias, with what belongs to it; one that does not exist is passed over."""
    function, name = names.latest(call), str(call.input["Name"])
    names.aliases(call, function).pop(name, None)
    concurrency.forget(function, name)
    function_urls.set_config(function, name, None)
    function.policy.statements = [
        statement
        for statement in function.policy.statements
        if statement.get("Resource") != f"{function.function_arn}:{name}"
    ]
    return {}


def _alias(call: LambdaCall) -> LambdaAlias:
    wanted, name = names.named(call), str(call.input["Name"])
    found = names.alias_of(call, wanted.name, name)
    if found is None:
        raise no_alias(f"{wanted.arn}:{name}")
    return found


def _weights(call: LambdaCall) -> Mapping[str, float]:
    config: Mapping[str, Any] = call.input.get("RoutingConfig") or {}
    return config.get("AdditionalVersionWeights") or {}


def _routing(weights: Mapping[str, float]) -> JsonObject | None:
    return {"AdditionalVersionWeights": dict(weights)} if weights else None


def _check(call: LambdaCall, wanted: names.NamedFunction, version: str, weights: Mapping[str, float]) -> None:
    """Raise LambdaFault for weights that Lambda refuses; the model's own rules are met."""
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
    if version in weights:
        raise invalid(
            f"Invalid function version {version}. Function version {version} is already included in routing"
            " configuration."
        )
    if weights and version == names.LATEST:
        raise invalid("$LATEST is not supported for an alias pointing to more than 1 version", typed=False)
    for other in weights:
        if names.version_of(call, wanted.name, other) is None:
            raise no_function(f"{wanted.arn}:{other}")


def _reported(alias: LambdaAlias) -> JsonObject:
    found: JsonObject = {
        "AliasArn": alias.arn,
        "Description": alias.description,
        "FunctionVersion": alias.function_version,
        "Name": alias.name,
        "RevisionId": alias.revision_id,
    }
    weights = weights_of(alias)
    return {**found, "RoutingConfig": {"AdditionalVersionWeights": dict(weights)}} if weights else found
