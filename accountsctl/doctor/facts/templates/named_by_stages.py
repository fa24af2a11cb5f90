"""Functions that a stage variable names in an integration's URI: known if all stages that have it agree."""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.stage_variables import stage_variables, with_variables
from accountsctl.doctor.facts.templates.common import Reader, function_of
from accountsctl.doctor.facts.templates.dependencies import functions_of


def with_stage_variables(reader: Reader, api: Api) -> Api:
    """The API with the functions that its stages' variables name."""
    routes = {
        path: {verb: _resolved(api, method) for verb, method in methods.items()}
        for path, methods in api.routes.items()
    }
    if routes == api.routes:
        return api
    return replace(api, routes=routes, functions=functions_of(reader, routes, api.authorizers))


def _resolved(api: Api, method: Method) -> Method:
    integration = method.integration
    if integration is None or integration.function is not None or not stage_variables(integration.uri):
        return method
    uris = {with_variables(integration.uri, stage.variables) for stage in api.stages.values()}
    known = uris - {None}
    function = function_of(known.pop() or "") if len(known) == 1 else None
    if function is None:
        return method
    return replace(method, integration=replace(integration, function=function))
