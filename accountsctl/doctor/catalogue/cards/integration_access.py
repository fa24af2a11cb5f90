"""What is behind the method: may the gateway call it, and does it map its responses?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    MISSING,
    integration_of_request,
    proxy_integration,
    refuses_type,
)
from accountsctl.doctor.catalogue.fixes import functions, integrations
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.doctor.catalogue.simulate import chosen
from accountsctl.doctor.facts.model import Function
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import MAPPED, ApiKind, IntegrationType

cause = Causes()
NOT_STAGES = frozenset({"authorizers", "test-invoke-stage"})
"""What stands at the place of the stage in ARNs that are for no call of a page."""
# arn:PARTITION:apigateway:REGION:SERVICE:path/... or action/..., with or without a subdomain before the service.
_SERVICE = re.compile(r":apigateway:(?:\$\{[^}]*\}|[^:{}])*:(?:[a-z0-9-]+\.)?([a-z0-9-]+):(?:path|action)/")
VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}|stageVariables\.([A-Za-z0-9_]+)")


def _calls_other_service(uri: str) -> bool:
    """Whether an integration of type AWS calls another service than Lambda, as far as its URI is known."""
    found = _SERVICE.search(uri)
    return found is not None and found[1] != "lambda"


def _may_lack_permission(scene: Scene) -> bool:
    """Whether a layer cannot tell who may call the function; a method that calls none needs no permission."""
    integration = scene.integration
    if integration is not None and integration.type not in (IntegrationType.AWS_PROXY, IntegrationType.AWS):
        return False
    if integration is not None and (integration.role or _calls_other_service(integration.uri)):
        return False
    return scene.function is None or scene.function.permissions is None


@cause(
    id="int.http-method",
    stage=RequestStage.INTEGRATION,
    what="The integration calls the function by another HTTP method than POST.",
    browser=MISSING,
    fix="Set IntegrationHttpMethod to POST, whatever the page calls, and deploy.",
    source="sam#704; recorded against AWS by LocalStack",
    refusals=(said.INTEGRATION_FAILED,),
    split=cli_commands.INTEGRATION,
    edit=integrations.set_integration_property("IntegrationHttpMethod", "POST"),
    zoo="tests/faults/zoo.py",
)
def _method(scene: Scene) -> Iterator[Evidence]:
    if (integration := proxy_integration(scene)) is not None and scene.api.kind == ApiKind.REST:
        verb = integration.http_method
        yield from when(
            verb is not None and verb != "POST" and not is_unknown(verb),
            integration.place.of("http_method"),
            f"IntegrationHttpMethod {verb}",
            "POST: that is how Lambda is called, whatever the client's method is",
        )


@cause(
    id="int.stage-variable",
    stage=RequestStage.INTEGRATION,
    what="The integration's URI uses a stage variable that the stage does not have.",
    browser=MISSING,
    fix="Define the variable on the stage, with a permission for the function that it names.",
    source="API Gateway Developer Guide, stage variables",
    refusals=(said.INTEGRATION_FAILED,),
    split="aws apigateway get-stage --rest-api-id API --stage-name STAGE",
    zoo="tests/faults/zoo.py",
)
def _stage_variable(scene: Scene) -> Iterator[Evidence]:
    for found in VARIABLE.finditer(scene.integration.uri if scene.integration else ""):
        name = found.group(1) or found.group(2)
        named = scene.api.stages.get(scene.ask.stage or "")
        stages = [named] if named else list(scene.api.stages.values())
        if stages and not any(name in stage.variables or not stage.knows_variables for stage in stages):
            stage = stages[0]
            yield Evidence(stage.place, f"stage {stage.name} has no variable {name}", f"a value for {name}")
            return


def _called_by_permission(scene: Scene) -> Function | None:
    """The function behind a proxy integration that has no role of its own to call it with."""
    integration = proxy_integration(scene)
    return scene.function if integration is not None and not integration.role else None


@cause(
    id="int.no-permission",
    stage=RequestStage.INTEGRATION,
    what="API Gateway may not call the function: no permission allows it, or not the role of the integration; or the "
    "function was deleted.",
    browser=MISSING,
    fix="Add an AWS::Lambda::Permission for apigateway.amazonaws.com with SourceArn arn:...:API/*/*/*. If the "
    "integration calls an alias or a version, FunctionName has to name that: one of the function does not count. "
    "Of a role (Credentials): let apigateway.amazonaws.com assume it, and allow lambda:InvokeFunction on the function.",
    source="serverless#1913, sam#3393",
    refusals=(said.INTEGRATION_FAILED, said.HTTP_FAILED),
    stays=_may_lack_permission,
    split=cli_commands.FUNCTION_POLICY,
    edit=functions.add_permission,
    zoo="tests/faults/zoo.py",
)
def _no_permission(scene: Scene) -> Iterator[Evidence]:
    integration, function = scene.integration, _called_by_permission(scene)
    if integration is not None and integration.role_fault:
        wanted = "a role with API Gateway in its trust policy that allows the call"
        yield Evidence(integration.place.of("role"), integration.role_fault, wanted)
    if function is not None and not function.exists:
        yield Evidence(function.place, "the function does not exist", "a function that API Gateway may call")
    elif function is not None and function.permissions is not None:
        yield from when(
            not function.gateway_permissions.every,
            function.place.of("permissions"),
            "no permission for apigateway.amazonaws.com",
            "an AWS::Lambda::Permission",
        )


def _pattern(rest: str) -> str:
    """ArnLike's wildcard stands for any characters; variables that only AWS fills in are taken to fit."""
    return re.sub(r"\$\{[^}]+\}", "*", rest) if rest else ""


def _reaches(permission: Permission, scene: Scene) -> bool:
    """Whether the SourceArn, as ArnLike has it, covers the call: ``...:API/STAGE/VERB/path``."""
    if permission.source_arn is None or (
        is_unknown(permission.source_arn) and ":execute-api:" not in permission.source_arn
    ):
        return True
    if scene.api.imported:
        return True
    api, slash, rest = permission.source_arn.rpartition(":")[2].partition("/")
    if not slash and api.endswith("*"):
        rest = "*"  # A wildcard goes past slashes: this one is for the stages, methods and paths of every API too.
    known = {
        ref for ref in (*scene.api.refs, scene.api.id or "") if ref.startswith("${") or ref == scene.api.id
    }
    if not any(fnmatchcase(pattern.replace("[", ""), api.replace("[", "")) for pattern in known):
        return False
    stated, _, _ = rest.partition("/")
    stages = {stated if is_unknown(stage) else stage for stage in scene.api.stages}
    stages = stages or ({stated} - NOT_STAGES) or {"*"}  # The stage may stand elsewhere.
    # The names of path parameters, as CDK wrote them before 1.46 and writes them for HTTP APIs.
    rest = re.sub(r"(?<!\$)\{[^}]+\}", "*", rest)
    pattern = _pattern(rest)
    return any(fnmatchcase(f"{stage}/{call}", pattern) for stage in stages for call in _calls(scene))


def _calls(scene: Scene) -> frozenset[str]:
    """What a SourceArn has of the call after its stage: ``GET/items/*``."""
    verb = scene.method.verb if scene.method else scene.verb
    route = re.sub(r"\{[^}]+\}", "*", (scene.route or "").lstrip("/"))
    return frozenset(f"{one}/{route}" for one in ("*" if verb == "ANY" else verb, scene.verb))


@cause(
    id="int.wrong-source-arn",
    stage=RequestStage.INTEGRATION,
    what="The function's permission is for another API, stage, method or path.",
    browser=MISSING,
    fix="Set SourceArn to arn:...:API/*/*/*, the API by !Ref; every method is *, not ANY.",
    source="sam#3393, sam#296",
    refusals=(said.INTEGRATION_FAILED, said.HTTP_FAILED),
    stays=_may_lack_permission,
    split=cli_commands.FUNCTION_POLICY,
    edit=functions.set_source_arn,
    zoo="tests/faults/zoo.py",
)
def _wrong_source(scene: Scene) -> Iterator[Evidence]:
    function = _called_by_permission(scene)
    permissions = function.gateway_permissions if function else None
    if permissions is None or not permissions.every:
        return
    # One whose API this is may be named in several ways, and what is above its paths is not known.
    of_call = permissions.every if scene.api.imported else permissions.for_calls(_calls(scene))
    if not any(_reaches(permission, scene) for permission in of_call):
        first = permissions.every[0]
        yield Evidence(first.place.of("source_arn"), f"SourceArn {first.source_arn}", "arn:...:API/*/*/*")


@cause(
    id="int.selection-pattern",
    stage=RequestStage.INTEGRATION,
    what="No integration response takes the function's answer, and none is the default.",
    browser=MISSING,
    fix="Add an integration response without SelectionPattern, and deploy.",
    source="API Gateway Developer Guide, gateway response types",
    refusals=(said.CONFIGURATION,),
    split=cli_commands.INTEGRATION,
    edit=integrations.set_default_response,
    zoo="tests/faults/zoo.py",
)
def _no_default(scene: Scene) -> Iterator[Evidence]:
    integration = integration_of_request(scene)
    if integration is not None and integration.type in MAPPED:
        yield from when(
            chosen(integration) is None
            and not any(is_unknown(response.pattern) for response in integration.responses),
            integration.place.of("responses"),
            "no integration response without a SelectionPattern",
            "a default one",
        )


def _body_type(scene: Scene) -> str:
    """The media type that the page states for its body, without parameters; empty if it is not known."""
    stated = next((value for name, value in scene.ask.headers if name.lower() == "content-type"), "")
    return stated.split(";")[0].strip().lower() if "/" in stated else ""


def _may_refuse_types(scene: Scene) -> bool:
    """Whether a layer does not know the integration, or it refuses some types: that of the page may be another."""
    integration = integration_of_request(scene)
    return integration is None or (integration.type in MAPPED and refuses_type(integration, "*/*"))


@cause(
    id="int.media-type",
    stage=RequestStage.INTEGRATION,
    what="The integration takes no body of the type that the page sends: it has no mapping template for that "
    "Content-Type, and refuses what has none (PassthroughBehavior NEVER or WHEN_NO_TEMPLATES).",
    browser=MISSING,
    fix="Send a Content-Type that has a mapping template (application/json, say), or add a template for the page's; "
    "deploy.",
    source="API Gateway Developer Guide, integration passthrough behaviors; enabling CORS with the console",
    kind="code",
    refusals=(said.UNSUPPORTED_MEDIA,),
    assumes=lambda scene: "" if _body_type(scene) else "the page sends its body as application/json",
    stays=_may_refuse_types,
    split=cli_commands.INTEGRATION,
    zoo="tests/faults/callers.py",
)
def _unmapped_type(scene: Scene) -> Iterator[Evidence]:
    integration = integration_of_request(scene)
    if integration is not None and integration.type in MAPPED:
        sent = _body_type(scene) or "application/json"
        yield from when(
            refuses_type(integration, sent),
            integration.place.of("passthrough"),
            f"PassthroughBehavior {integration.passthrough}, and no template for {sent}",
            f"a template for {sent}, or a type that has one",
        )


def _has_limit(scene: Scene) -> bool:
    """Whether the function has a limit of its own: how many run at a time no layer tells."""
    function = scene.function if proxy_integration(scene) else None
    return function is not None and bool(function.concurrency)


@cause(
    id="int.lambda-throttled",
    stage=RequestStage.INTEGRATION,
    what="The function may not run once more at the same time: its own concurrency is used up, or the account's.",
    browser=MISSING,
    fix="Raise or remove ReservedConcurrentExecutions; without it, raise the account's quota for concurrent "
    "executions (aws lambda get-account-settings), which is small in a new account.",
    source="LocalStack, Lambda integrations; repost.aws/knowledge-center/api-gateway-internal-server-error",
    refusals=(said.BAD_ANSWER, said.INTEGRATION_FAILED, said.URL_THROTTLED),
    stays=_has_limit,
    split="aws lambda get-function-concurrency --function-name FUNCTION",
    edit=functions.remove_concurrency_limit,
    zoo="tests/faults/zoo.py",
)
def _throttled(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if proxy_integration(scene) else None
    if function is not None:
        yield from when(
            function.concurrency == 0,
            function.place.of("concurrency"),
            "ReservedConcurrentExecutions 0",
            "more than 0",
        )
