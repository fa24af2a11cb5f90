"""The function behind the method: may it be called, does it answer in time, and in the right shape?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Evidence, Scene, Shown, Stage, when
from accountsctl.doctor.catalogue.simulate import ALLOW_ORIGIN, chosen
from accountsctl.doctor.facts.model import Exchange, Function, Integration, Permission

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
LOGS = "accountsctl logs FUNCTION --since 10m"
POLICY = "aws lambda get-policy --function-name FUNCTION"
GATEWAY_SECONDS = 29.0
VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}|stageVariables\.([A-Za-z0-9_]+)")


def _proxied(scene: Scene) -> Integration | None:
    """The integration that calls a function as a proxy; an HTTP API's own answer to OPTIONS calls none."""
    if scene.preflight and scene.api.http_cors is not None:
        return None
    integration = scene.method.integration if scene.method else None
    return integration if integration and integration.type == "AWS_PROXY" else None


def _own(scene: Scene) -> Integration | None:
    """The integration of the request itself, whatever its type."""
    return scene.method.integration if scene.method and not scene.preflight else None


def _method(scene: Scene) -> Iterator[Evidence]:
    if (integration := _proxied(scene)) is not None and scene.api.kind == "REST":
        verb = integration.http_method
        yield from when(
            verb is not None and verb != "POST",
            integration.place.of("http_method"),
            f"IntegrationHttpMethod {verb}",
            "POST: that is how Lambda is called, whatever the client's method is",
        )


def _stage_variable(scene: Scene) -> Iterator[Evidence]:
    integration = scene.method.integration if scene.method else None
    for found in VARIABLE.finditer(integration.uri if integration else ""):
        name = found.group(1) or found.group(2)
        for stage in scene.api.stages.values():
            if name not in stage.variables:
                yield Evidence(
                    stage.place, f"stage {stage.name} has no variable {name}", f"a value for {name}"
                )
                return


def _gateway(function: Function) -> list[Permission]:
    return [
        each for each in function.permissions or () if each.principal in ("apigateway.amazonaws.com", "*")
    ]


def _no_permission(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    if function is not None and function.permissions is not None and function.exists:
        yield from when(
            not _gateway(function),
            function.place.of("permissions"),
            "no permission for apigateway.amazonaws.com",
            "an AWS::Lambda::Permission",
        )


def _wrong_source(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    permissions = _gateway(function) if function else []
    if permissions and not any(_reaches(each, scene) for each in permissions):
        first = permissions[0]
        yield Evidence(first.place.of("source_arn"), f"SourceArn {first.source_arn}", "arn:...:API/*/*/*")


def _reaches(permission: Permission, scene: Scene) -> bool:
    """True where the SourceArn, as ArnLike has it, covers the call: ``...:API/STAGE/VERB/path``."""
    if permission.source_arn is None:
        return True
    api, _, rest = permission.source_arn.rpartition(":")[2].partition("/")
    known = {
        each
        for each in (*scene.api.refs, scene.api.id or "")
        if each.startswith("${") or each == scene.api.id
    }
    if not any(fnmatchcase(each.replace("[", ""), api.replace("[", "")) for each in known):
        return False
    verb = scene.method.verb if scene.method else scene.verb
    calls = {"*" if verb == "ANY" else verb, scene.verb}
    route = re.sub(r"\{[^}]+\}", "*", (scene.route or "").lstrip("/"))
    stages = set(scene.api.stages) or {"*"}
    return any(fnmatchcase(f"{stage}/{call}/{route}", _pattern(rest)) for stage in stages for call in calls)


def _pattern(rest: str) -> str:
    """ArnLike's wildcard stands for any characters; variables that only AWS fills in are taken to fit."""
    return re.sub(r"\$\{[^}]+\}", "*", rest) if rest else ""


def _throttled(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    if function is not None:
        yield from when(
            function.concurrency == 0,
            function.place.of("concurrency"),
            "ReservedConcurrentExecutions 0",
            "more than 0",
        )


def _no_default(scene: Scene) -> Iterator[Evidence]:
    integration = _own(scene)
    if integration is not None and integration.type in ("AWS", "HTTP", "MOCK"):
        yield from when(
            chosen(integration) is None,
            integration.place.of("responses"),
            "no integration response without a SelectionPattern",
            "a default one",
        )


def _unmapped(scene: Scene) -> Iterator[Evidence]:
    integration = _own(scene)
    if integration is None or integration.type not in ("AWS", "HTTP", "MOCK"):
        return
    for response in integration.responses:
        if ALLOW_ORIGIN not in response.headers and ALLOW_ORIGIN not in response.computed:
            yield Evidence(
                response.place.of("headers"), f"{response.status} maps no Access-Control-Allow-Origin", "'*'"
            )


def _malformed(scene: Scene) -> Iterator[Evidence]:
    handler = scene.function.handler if scene.function and _proxied(scene) else None
    if handler is not None and handler.malformed is not None:
        yield Evidence(
            handler.malformed, "returns what is no proxy answer", "{statusCode, headers, body: text}"
        )


def _throws(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    if function is None:
        return
    if function.handler is not None and function.handler.broken:
        yield Evidence(function.handler.place, function.handler.broken, "code that loads and answers")
    elif not function.exists:
        yield Evidence(function.place, "the function does not exist", "a function that exists")
    elif function.state in ("Failed", "Inactive"):
        yield Evidence(function.place.of("state"), f"the function's state is {function.state}", "Active")


def _late(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    if function is not None and function.timeout is not None:
        yield from when(
            function.timeout < GATEWAY_SECONDS,
            function.place.of("timeout"),
            f"Timeout {function.timeout:g} s",
            "time enough for the slowest call, up to 29 s",
        )


def _took_its_time(scene: Scene, answered: Exchange) -> bool | None:
    """True where the answer came when the function's time was over; False where it came before."""
    function = scene.function
    if function is None or function.timeout is None or not answered.milliseconds:
        return None
    return answered.milliseconds >= 900 * function.timeout


def _unread(scene: Scene) -> bool:
    """True where a layer does not know the function's code, or what it answers is built out of sight."""
    return scene.function is None or scene.function.handler is None


def _too_late(scene: Scene) -> Iterator[Evidence]:
    function, integration = scene.function, _proxied(scene)
    if function is not None and integration is not None and function.timeout is not None:
        limit = (integration.timeout_ms or 29000) / 1000
        yield from when(
            function.timeout > limit,
            function.place.of("timeout"),
            f"the function may take {function.timeout:g} s, the gateway waits {limit:g} s",
            f"an answer within {limit:g} s",
        )


def _sleeping(scene: Scene) -> Iterator[Evidence]:
    function = scene.function if _proxied(scene) else None
    if function is not None and function.database_sleeps and function.handler is not None:
        yield from when(
            function.handler.resumes is False,
            function.handler.place,
            "the database may pause, and the code does not know DatabaseResumingException",
            "an answer 503 with Retry-After, or a retry",
        )


def _cached(scene: Scene) -> Iterator[Evidence]:
    """A function that always names one site would give the same answer without a cache."""
    handler = scene.function.handler if scene.function else None
    if scene.preflight or (handler is not None and not handler.computed):
        return
    for stage in scene.api.stages.values():
        if stage.cached and not stage.cache_keys_origin:
            yield Evidence(
                stage.place, "the stage's cache has no key for Origin", "CacheKeyParameters with Origin"
            )


def _missing(shown: Shown) -> bool:
    return shown.code == "MissingAllowOriginHeader"


CARDS = (
    Card(
        "int.http-method",
        Stage.INTEGRATION,
        "The integration calls Lambda by another method than POST.",
        MISSING,
        "IntegrationHttpMethod POST, and deploy.",
        "sam#704; recorded against AWS by LocalStack",
        check=_method,
        refusals=(said.INTEGRATION_FAILED,),
        split="aws apigateway get-integration --rest-api-id API --resource-id RESOURCE --http-method METHOD",
    ),
    Card(
        "int.stage-variable",
        Stage.INTEGRATION,
        "The integration's URI uses a stage variable that the stage does not have.",
        MISSING,
        "Define the variable on the stage, with a permission for the function that it names.",
        "API Gateway Developer Guide, stage variables",
        check=_stage_variable,
        refusals=(said.INTEGRATION_FAILED,),
        split="aws apigateway get-stage --rest-api-id API --stage-name STAGE",
    ),
    Card(
        "int.no-permission",
        Stage.INTEGRATION,
        "No permission lets API Gateway call the function.",
        MISSING,
        "An AWS::Lambda::Permission for apigateway.amazonaws.com with SourceArn arn:...:API/*/*/*.",
        "serverless#1913, sam#3393",
        check=_no_permission,
        refusals=(said.INTEGRATION_FAILED,),
        stays=lambda scene: scene.function is None or scene.function.permissions is None,
        split=POLICY,
    ),
    Card(
        "int.wrong-source-arn",
        Stage.INTEGRATION,
        "The function's permission is for another API, stage, method or path.",
        MISSING,
        "SourceArn arn:...:API/*/*/*, the API by !Ref, * and not ANY.",
        "sam#3393, sam#296",
        check=_wrong_source,
        refusals=(said.INTEGRATION_FAILED,),
        stays=lambda scene: scene.function is None or scene.function.permissions is None,
        split=POLICY,
    ),
    Card(
        "int.selection-pattern",
        Stage.INTEGRATION,
        "No integration response fits the answer, and none is the default.",
        MISSING,
        "Add an integration response without SelectionPattern, and deploy.",
        "API Gateway Developer Guide, gateway response types",
        check=_no_default,
        refusals=(said.CONFIGURATION,),
        split="aws apigateway get-integration --rest-api-id API --resource-id RESOURCE --http-method METHOD",
    ),
    Card(
        "int.lambda-throttled",
        Stage.INTEGRATION,
        "The function has no concurrency to run with.",
        MISSING,
        "Raise or remove ReservedConcurrentExecutions.",
        "LocalStack, Lambda integrations",
        check=_throttled,
        refusals=(said.BAD_ANSWER, said.INTEGRATION_FAILED),
        split="aws lambda get-function-concurrency --function-name FUNCTION",
    ),
    Card(
        "int.malformed",
        Stage.INTEGRATION,
        "The function's answer is no proxy answer: an object as body, a status as text, an unknown key.",
        MISSING,
        "Return {statusCode: number, headers: {...}, body: text}.",
        "API Gateway Developer Guide, Lambda proxy integrations",
        kind="code",
        check=_malformed,
        refusals=(said.BAD_ANSWER,),
        stays=_unread,
        split=LOGS,
    ),
    Card(
        "int.throws",
        Stage.INTEGRATION,
        "The function raises, or cannot be loaded.",
        MISSING,
        "Read its log; catch what is thrown, and answer with the CORS headers.",
        "amplify-js#6931, serverless#4037",
        kind="code",
        check=_throws,
        refusals=(said.BAD_ANSWER,),
        # What the code does with the data of a day no source tells.
        stays=lambda _: True,
        split=LOGS,
    ),
    Card(
        "int.lambda-timeout",
        Stage.INTEGRATION,
        "The function is stopped by its own Timeout.",
        MISSING,
        "Raise Timeout, or answer faster.",
        "amplify-cli#4200",
        check=_late,
        refusals=(said.BAD_ANSWER,),
        sure=False,
        proved=_took_its_time,
        split=LOGS,
    ),
    Card(
        "int.aurora-resume",
        Stage.INTEGRATION,
        "The database was paused; the Data API raised DatabaseResumingException, and nobody caught it.",
        MISSING,
        "Catch it: answer 503 with Retry-After, or try again within the time that there is.",
        "Aurora Serverless v2, auto-pause",
        kind="code",
        check=_sleeping,
        refusals=(said.BAD_ANSWER, said.TIMEOUT),
        sure=False,
        split="call once more: the second call finds the database awake",
    ),
    Card(
        "int.gateway-timeout",
        Stage.INTEGRATION,
        "The function takes longer than the gateway waits.",
        MISSING,
        "Answer within 29 s, or work asynchronously.",
        "API Gateway quotas",
        kind="code",
        check=_too_late,
        refusals=(said.TIMEOUT,),
        sure=False,
        split=LOGS,
    ),
    Card(
        "int.response-too-big",
        Stage.INTEGRATION,
        "The function's answer is larger than 6 MB.",
        MISSING,
        "Page the answer, or hand out a link to S3.",
        "Lambda quotas",
        kind="code",
        refusals=(said.BAD_ANSWER,),
        split=LOGS,
    ),
    Card(
        "int.non-proxy-missing-map",
        Stage.ACTUAL_HEADERS,
        "The integration is no proxy, and not every integration response maps Access-Control-Allow-Origin.",
        MISSING,
        "Map the header in every integration response, and deploy.",
        "API Gateway Developer Guide, CORS",
        check=_unmapped,
        reads=_missing,
    ),
    Card(
        "int.stage-cache",
        Stage.ACTUAL_HEADERS,
        "The stage's cache gives one origin's answer to another.",
        "The header has a value that is not equal to the supplied origin",
        "Make the Origin header a cache key.",
        "inferred from acao.vary",
        check=_cached,
        reads=lambda shown: shown.code == "AllowOriginMismatch" and not shown.preflight,
    ),
)
