"""Who may call an API or a function URL: those that answer anyone who knows their URL, or signed requests only."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.commands.doctor.project.resources import EvaluatedProject
from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.templates.project import project_apis
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.health import Check, Outcome
from accountsctl.model.names import parse_resource_id

APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Lambda::Url")
FEW = 4
METHODS_OF_CORS = ("OPTIONS", "HEAD")


def open_apis(project: EvaluatedProject) -> Iterator[Check]:
    """Notes about each API and function URL: methods without any authorization, and methods with AWS_IAM.

    Both can be on purpose.
    """
    assembly = project.rendering.assembly
    if assembly is None or not any(True for _ in project.of_type(*APIS)):
        return
    for api in project_apis(assembly):
        routes = [f"{method.verb} {path}" for path, method in api.every() if _is_open(method)]
        if routes and not api.private and not api.policy:
            message = f"{api.name} answers anyone who knows its URL: {_few(routes)}."
            yield Check("access", Outcome.NOTE, message, _cure(project, api))
        signed = [(method.verb, path) for path, method in api.every() if _is_signed(method)]
        if signed:
            named = _few([f"{verb} {path}" for verb, path in signed])
            message = (
                f"{api.name} takes signed requests only (AWS_IAM), and no token of a user pool: {named}."
            )
            verb, path = signed[0]
            yield Check("access", Outcome.NOTE, message, f"Call it: {_call(api, verb, path)}")


def _call(api: Api, verb: str, path: str) -> str:
    """The command that calls a method; ``$default`` takes the root's path too."""
    name = "" if api.name.startswith("api/") and "#" not in api.name else f" --api {api.name}"
    sent = "/" if path == "$default" else path
    return f"accountsctl call {'GET' if verb == 'ANY' else verb} {sent} --iam{name}"


def _few(routes: list[str]) -> str:
    more = f" and {len(routes) - FEW} more" if len(routes) > FEW else ""
    return f"{', '.join(routes[:FEW])}{more}"


def _is_signed(method: Method) -> bool:
    return method.authorization == AuthorizationType.IAM and method.verb not in METHODS_OF_CORS


def _is_open(method: Method) -> bool:
    unguarded = method.authorization == AuthorizationType.NONE and not method.authorizer
    return unguarded and not method.api_key and method.verb not in METHODS_OF_CORS


def _cure(project: EvaluatedProject, api: Api) -> str:
    resource = parse_resource_id(api.name.partition("#")[0])
    source = project.project.sources.get(resource) if resource else None
    if source is not None and source.template is None:
        return (
            f'If that is not intended, set "authorization": "COGNITO_USER_POOLS" in {source.parameters_file}.'
        )
    return "If that is not intended, give these methods an authorizer (a Cognito user pool) or AWS_IAM."
