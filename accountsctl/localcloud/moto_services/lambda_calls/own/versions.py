"""Functions and their versions: what Lambda reports of them, PublishVersion, DeleteFunction."""

from __future__ import annotations

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.functions import weights_of
from accountsctl.localcloud.moto_services.lambda_calls.operations import (
    LambdaCall,
    conflict,
    invalid,
    no_function,
)
from accountsctl.localcloud.moto_services.lambda_calls.own import names
from accountsctl.localcloud.moto_services.lambda_calls.own.configurations import (
    being_created,
    being_updated,
    configuration,
    listed,
    revise,
)
from accountsctl.localcloud.moto_services.lambda_calls.own.pages import page
from accountsctl.localcloud.moto_services.publishing import publish_version


def get(call: LambdaCall) -> JsonObject:
    """GetFunction. The location of the code is filled in by `addresses`."""
    wanted = names.named(call)
    function = names.resolved(call, wanted)
    latest = names.latest(call)
    found: JsonObject = {
        "Code": {"Location": "", "RepositoryType": "S3"},
        "Configuration": configuration(function, wanted.qualified_arn),
    }
    if latest.tags:
        found["Tags"] = dict(latest.tags)
    if latest.reserved_concurrency is not None:
        found["Concurrency"] = {"ReservedConcurrentExecutions": int(latest.reserved_concurrency)}
    return found


def get_configuration(call: LambdaCall) -> JsonObject:
    """GetFunctionConfiguration."""
    wanted = names.named(call)
    return configuration(names.resolved(call, wanted), wanted.qualified_arn)


def list_functions(call: LambdaCall) -> JsonObject:
    """ListFunctions; with FunctionVersion ALL every version too, and $LATEST under its own ARN."""
    entries = call.backend._lambdas._functions.values()
    if call.input.get("FunctionVersion") != "ALL":
        return page(call, "Functions", [listed(entry["latest"]) for entry in entries])
    return page(call, "Functions", [one for entry in entries for one in _versions(entry)])


def list_versions(call: LambdaCall) -> JsonObject:
    """ListVersionsByFunction."""
    function = names.latest(call)
    return page(call, "Versions", _versions(names.stored(call, function.function_name) or {}))


def _versions(entry: JsonObject) -> list[JsonObject]:
    latest = entry["latest"]
    return [listed(latest, f"{latest.function_arn}:{names.LATEST}"), *map(listed, entry["versions"])]


def delete(call: LambdaCall) -> JsonObject:
    """DeleteFunction: a function, or one of its versions; one that does not exist is passed over."""
    wanted = names.named(call)
    if wanted.qualifier == names.LATEST:
        raise invalid("$LATEST version cannot be deleted without deleting the function.")
    entry = names.stored(call, wanted.name)
    if entry is None:
        raise no_function(wanted.arn)
    function = entry["latest"]
    if not wanted.qualifier:
        call.backend.delete_function(wanted.name)
        call.backend._lambdas._aliases.pop(function.function_arn, None)
        return {}
    for alias in names.aliases(call, function).values():
        if wanted.qualifier in (alias.function_version, *weights_of(alias)):
            raise conflict(
                f"Unable to delete version: {wanted.qualified_arn}; the following aliases reference it: [{alias.name}]"
            )
    entry["versions"] = [one for one in entry["versions"] if str(one.version) != wanted.qualifier]
    return {}


def publish(call: LambdaCall) -> JsonObject:
    """PublishVersion; the newest version once more if nothing has changed since."""
    function = names.latest(call)
    version = publish_version(call.backend, function, call.input.get("Description"))
    return configuration(version)


def created(call: LambdaCall) -> JsonObject:
    """What CreateFunction reports: the function before it is active, which gives it another revision."""
    function = names.latest(call)
    found = being_created(configuration(function))
    if call.input.get("Publish"):
        found["Version"] = str(names.stored(call, function.function_name)["versions"][-1].version)  # type: ignore[index]
    revise(function)
    return found


def updated(call: LambdaCall) -> JsonObject:
    """What an update reports: the function, or the version that it published, before the update has succeeded."""
    function = names.latest(call)
    if call.input.get("Publish") and not call.input.get("DryRun"):
        entry = names.stored(call, function.function_name) or {}
        return being_created(configuration(entry["versions"][-1]))
    found = being_updated(configuration(function))
    revise(function)
    return found
