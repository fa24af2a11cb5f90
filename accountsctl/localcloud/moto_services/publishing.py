"""How a version is made of a function; https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, TypeVar

from accountsctl.localcloud.contracts.identifiers import new_uuid

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaBackend
    from moto.awslambda.models import LambdaFunction as MotoFunction

Function = TypeVar("Function", bound="MotoFunction")


def publish_version(backend: LambdaBackend, function: Function, description: str | None) -> Function:
    """The version that publishing gives; the function has another revision then."""
    versions: list[Function] = backend._lambdas._functions[function.function_name]["versions"]
    if versions and not function.code_or_config_updated:
        return versions[-1]
    state = function.__dict__
    number = max([int(state.get("last_version", 0)), *(int(one.version) for one in versions)]) + 1
    version = copy.copy(function)
    version.set_version(number)
    version.last_modified = function.last_modified
    if description:
        version.description = description
    state["last_version"] = number
    function.code_or_config_updated = version.code_or_config_updated = False
    state["revision_id"], version.__dict__["revision_id"] = new_uuid(), new_uuid()
    versions.append(version)
    backend._lambdas._arns[version.function_arn] = version
    return version
