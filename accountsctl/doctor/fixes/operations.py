"""What mends a template: for each cause the few values to set, by JSON pointer, in the spelling that the API has.

    operations(card, scene) -> the changes of the template, none where no mechanical change cures it

Nothing here decides whether the cure works: `workflows.mending` makes the change in a copy and diagnoses that.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.browser.fetch import tokens
from accountsctl.doctor.catalogue.card import Scene
from accountsctl.doctor.catalogue.simulate import (
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    chosen,
    mock_status,
)
from accountsctl.doctor.facts.model import IntegrationResponse, Method
from accountsctl.doctor.facts.templates.document import escaped

REMOVE = object()
"""The value of an operation that takes a key away."""
COGNITO = "COGNITO_USER_POOLS"
Template = Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """Set the value at a JSON pointer, making what is missing on the way; or remove it."""

    pointer: str
    value: Any

    def apply(self, body: dict[str, Any]) -> None:
        """Change a template in place."""
        *path, last = [each.replace("~1", "/").replace("~0", "~") for each in self.pointer.split("/")[1:]]
        here: Any = body
        for each in path:
            if isinstance(here, list):
                here = here[int(each)]
                continue
            if not isinstance(here.get(each), dict | list):
                if self.value is REMOVE:
                    return
                here[each] = {}
            here = here[each]
        if self.value is REMOVE:
            here.pop(last, None)
        elif isinstance(here, list):
            here[int(last)] = copy.deepcopy(self.value)
        else:
            here[last] = copy.deepcopy(self.value)


Mend = Callable[[Scene, Template], Iterator[Operation]]


def operations(card: str, scene: Scene, template: Template) -> tuple[Operation, ...]:
    """What to change in a template against a cause; empty where nothing mechanical is known."""
    mend = _MENDS.get(card)
    return tuple(mend(scene, template)) if mend else ()


def mendable(card: str) -> bool:
    """True where some template can be mended mechanically against a cause."""
    return card in _MENDS


def following(template: Template) -> tuple[Operation, ...]:
    """Let every Deployment follow what it freezes: the mark at which a push names it anew (`synth.snapshots`).

    A change of anything else is not live before there is a new Deployment.
    """
    return tuple(
        Operation(f"/Resources/{name}/Metadata/accountsctl", {"snapshot": True})
        for name, told in template["Resources"].items()
        if told.get("Type") == "AWS::ApiGateway::Deployment"
        and "accountsctl" not in (told.get("Metadata") or {})
    )


def _set(pointer: str, value: Any) -> Mend:
    """Set one property of the method that the scene is about."""

    def mend(scene: Scene, _: Template) -> Iterator[Operation]:
        if scene.method is not None:
            yield Operation(f"{_base(scene.method)}/{pointer}", value)

    return mend


def _explicit(method: Method) -> bool:
    """True for a method that is a resource of its own, not a part of a Body or of SAM's events."""
    return method.place.pointer.count("/") == 2


def _base(method: Method) -> str:
    return f"{method.place.pointer}/Properties" if _explicit(method) else method.place.pointer


def _integration(method: Method) -> str:
    return method.integration.place.pointer if method.integration else f"{_base(method)}/Integration"


def _word(method: Method, explicit: str) -> str:
    """A CloudFormation property by the spelling's own word: a Body begins them small."""
    return explicit if _explicit(method) else explicit[0].lower() + explicit[1:]


def _open_options(scene: Scene, _: Template) -> Iterator[Operation]:
    method = scene.method
    if method is None:
        return
    if not _explicit(method):
        if "/DefinitionBody" in method.place.pointer or "/Body" in method.place.pointer:
            yield Operation(f"{method.place.pointer}/security", [])
            yield Operation(f"{method.place.pointer}/x-amazon-apigateway-auth", {"type": "NONE"})
        else:
            api = "/".join(method.place.pointer.split("/")[:4])
            yield Operation(f"{api}/Auth/AddDefaultAuthorizerToCorsPreflight", False)
            yield Operation(f"{api}/Auth/AddApiKeyRequiredToCorsPreflight", False)
        return
    yield Operation(f"{_base(method)}/AuthorizationType", "NONE")
    if method.api_key:
        yield Operation(f"{_base(method)}/ApiKeyRequired", False)
    for each in ("AuthorizerId", "AuthorizationScopes"):
        yield Operation(f"{_base(method)}/{each}", REMOVE)


def _unvalidated(scene: Scene, _: Template) -> Iterator[Operation]:
    if scene.method is None:
        return
    if _explicit(scene.method):
        yield Operation(f"{_base(scene.method)}/RequestValidatorId", REMOVE)
        yield Operation(f"{_base(scene.method)}/RequestParameters", REMOVE)
    else:
        yield Operation(f"{_base(scene.method)}/parameters", REMOVE)


def _add_options(scene: Scene, template: Template) -> Iterator[Operation]:
    """An OPTIONS method for the route: as its neighbours have it, or a plain one."""
    route = scene.route or scene.ask.path
    known = scene.api.routes.get(route) or {}
    first = next(iter(known.values()), None)
    if first is None:
        return
    if not _explicit(first):
        yield Operation(f"{first.place.pointer.rpartition('/')[0]}/options", _imported_options(scene, known))
        return
    name = first.place.pointer.rpartition("/")[2]
    properties = template["Resources"][name]["Properties"]
    made = {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": properties["RestApiId"],
            "ResourceId": properties["ResourceId"],
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "MOCK",
                "RequestTemplates": {"application/json": '{"statusCode": 204}'},
                "IntegrationResponses": [
                    {"StatusCode": "204", "ResponseParameters": _mapping(_values(scene, known, None))}
                ],
            },
            "MethodResponses": [{"StatusCode": "204", "ResponseParameters": _declaring()}],
        },
    }
    yield Operation(f"/Resources/{name}Options", made)
    yield from _after(template, f"{name}Options")


def _after(template: Template, name: str) -> Iterator[Operation]:
    """Every Deployment waits for a new method, or it would not hold it."""
    for deployment, told in template["Resources"].items():
        if told.get("Type") == "AWS::ApiGateway::Deployment" and "DependsOn" in told:
            before = told["DependsOn"] if isinstance(told["DependsOn"], list) else [told["DependsOn"]]
            yield Operation(f"/Resources/{deployment}/DependsOn", [*before, name])


def _imported_options(scene: Scene, known: Mapping[str, Method]) -> dict[str, Any]:
    names = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS)
    return {
        "responses": {
            "204": {"description": "CORS", "headers": {each: {"type": "string"} for each in names}}
        },
        "security": [],
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {
                "default": {"statusCode": "204", "responseParameters": _mapping(_values(scene, known, None))}
            },
        },
    }


def _mapping(values: Mapping[str, str]) -> dict[str, str]:
    return {f"method.response.header.{_title(name)}": f"'{value}'" for name, value in values.items()}


def _declaring() -> dict[str, bool]:
    names = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS)
    return {f"method.response.header.{_title(name)}": True for name in names}


def _title(name: str) -> str:
    return "-".join(each.capitalize() for each in name.split("-"))


def _values(
    scene: Scene, known: Mapping[str, Method], response: IntegrationResponse | None
) -> dict[str, str]:
    """What OPTIONS must say: what it says already where that is right, and what this request needs."""
    ask = scene.ask
    had = {name: value.strip("'\"") for name, value in (response.headers if response else {}).items()}
    verbs = {each for each in known if each not in ("ANY",)} | {
        "OPTIONS",
        ask.request.method.upper(),
        ask.method,
    }
    if "ANY" in known:
        verbs |= {"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"}
    methods = set(tokens([had.get(ALLOW_METHODS, "")]) or ()) - {"*"}
    headers = [each for each in tokens([had.get(ALLOW_HEADERS, "")]) or () if each != "*"]
    wanted = [_title(each) for each in sorted(ask.names() | {"authorization", "content-type"})]
    lower = {each.lower() for each in headers}
    had_origin = had.get(ALLOW_ORIGIN)
    right = had_origin == ask.origin or (had_origin == "*" and not ask.credentials)
    star = had_origin is None and not ask.credentials
    return {
        ALLOW_ORIGIN: had_origin if right and had_origin else "*" if star else ask.origin,
        ALLOW_METHODS: ",".join(sorted({each for each in methods if each == each.upper()} | verbs)),
        ALLOW_HEADERS: ",".join([*headers, *(each for each in wanted if each.lower() not in lower)]),
        **({"access-control-allow-credentials": "true"} if ask.credentials else {}),
    }


def _headers(scene: Scene, template: Template) -> Iterator[Operation]:
    """The mapped headers of OPTIONS, put right; and declared, where methods are resources."""
    method = scene.api.method(scene.route, "OPTIONS")
    integration = method.integration if method else None
    if method is None or integration is None or integration.type != "MOCK":
        return
    response = chosen(integration)
    if response is None:
        return
    known = scene.api.routes.get(scene.route or "") or {}
    values = _values(scene, known, response)
    if "/Cors" in response.place.pointer:
        yield from _sam_cors(response, values)
        return
    table = f"{response.place.pointer}/{_word(method, 'ResponseParameters')}"
    for name, value in values.items():
        if name not in response.computed:
            pointer = response.place.fields.get(name) or f"{table}/method.response.header.{_title(name)}"
            yield Operation(pointer, f"'{value}'")
    if _explicit(method):
        yield from _declare(method, response, template, values)
    else:
        for name in values:
            base = f"{method.place.pointer}/responses/{response.status}"
            yield Operation(f"{base}/headers/{_title(name)}", {"type": "string"})


def _sam_cors(response: IntegrationResponse, values: Mapping[str, str]) -> Iterator[Operation]:
    names = {"AllowOrigin": ALLOW_ORIGIN, "AllowMethods": ALLOW_METHODS, "AllowHeaders": ALLOW_HEADERS}
    cors = {key: f"'{values[name]}'" for key, name in names.items()}
    credentials = {"AllowCredentials": True} if "access-control-allow-credentials" in values else {}
    yield Operation(response.place.pointer, {**cors, **credentials})


def _declare(
    method: Method, response: IntegrationResponse, template: Template, values: Mapping[str, str]
) -> Iterator[Operation]:
    name = method.place.pointer.rpartition("/")[2]
    responses = template["Resources"][name]["Properties"].get("MethodResponses") or []
    at = next((i for i, each in enumerate(responses) if str(each.get("StatusCode")) == response.status), None)
    every = dict.fromkeys([*response.headers, *response.computed, *values])
    table = {f"method.response.header.{_title(each)}": True for each in every}
    pointer = f"{_base(method)}/MethodResponses"
    if at is None:
        yield Operation(pointer, [*responses, {"StatusCode": response.status, "ResponseParameters": table}])
        return
    declared = {str(each).lower() for each in responses[at].get("ResponseParameters") or {}}
    for key, told in table.items():
        if key.lower() not in declared:
            yield Operation(f"{pointer}/{at}/ResponseParameters/{escaped(key)}", told)


def _template_of_mock(scene: Scene, _: Template) -> Iterator[Operation]:
    method = scene.method
    integration = method.integration if method else None
    if method is None or integration is None:
        return
    status = next((each.status for each in integration.responses if not each.pattern), "200")
    base = _integration(method)
    yield Operation(
        f"{base}/{_word(method, 'RequestTemplates')}", {"application/json": f'{{"statusCode": {status}}}'}
    )
    yield Operation(
        f"{base}/{_word(method, 'PassthroughBehavior')}",
        "WHEN_NO_MATCH" if _explicit(method) else "when_no_match",
    )


def _default_response(scene: Scene, template: Template) -> Iterator[Operation]:
    """The first integration response without its pattern, for the status that the MOCK gives."""
    method = scene.method
    integration = method.integration if method else None
    if method is None or integration is None or not integration.responses:
        return
    first = integration.responses[0]
    if _explicit(method):
        yield Operation(f"{first.place.pointer}/SelectionPattern", REMOVE)
        return
    base = first.place.pointer.rpartition("/")[0]
    name = first.place.pointer.rpartition("/")[2]
    told = _at(template, first.place.pointer)
    yield Operation(f"{base}/default", told)
    if name != "default":
        yield Operation(first.place.pointer, REMOVE)


def _at(template: Template, pointer: str) -> Any:
    here: Any = template
    for each in pointer.split("/")[1:]:
        key = each.replace("~1", "/").replace("~0", "~")
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here


def _authorized(scene: Scene, template: Template) -> Iterator[Operation]:
    """The Cognito authorizer on every method that lacks it, made where there is none."""
    authorizer, made = _authorizer(scene, template)
    if authorizer is None:
        return
    yield from made
    for _, method in scene.api.every():
        asks = scene.method is not None and method.authorization == scene.method.authorization
        if method.verb == "OPTIONS" or not asks:
            continue
        if _explicit(method):
            yield Operation(f"{_base(method)}/AuthorizationType", COGNITO)
            yield Operation(f"{_base(method)}/AuthorizerId", {"Ref": authorizer})
        elif "/Events/" in method.place.pointer:
            yield Operation(f"{method.place.pointer}/Properties/Auth/Authorizer", authorizer)
        else:
            yield Operation(f"{method.place.pointer}/security", [{authorizer: []}])
            yield Operation(f"{method.place.pointer}/x-amazon-apigateway-auth", REMOVE)


def _authorizer(scene: Scene, template: Template) -> tuple[str | None, list[Operation]]:
    for name, each in scene.api.authorizers.items():
        if each.type == COGNITO:
            return name, []
    pool = next(
        (each for each in template.get("Parameters") or {} if str(each).endswith("UserPoolArn")), None
    )
    rest = next(
        (
            name
            for name, each in template["Resources"].items()
            if each.get("Type") == "AWS::ApiGateway::RestApi"
        ),
        None,
    )
    if pool is None or rest is None:
        return None, []
    made = {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "RestApiId": {"Ref": rest},
            "Name": "Cognito",
            "Type": COGNITO,
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": [{"Ref": pool}],
        },
    }
    return "CognitoAuthorizer", [Operation("/Resources/CognitoAuthorizer", made)]


def _of_authorizer(part: str, value: Any) -> Mend:
    def mend(scene: Scene, _: Template) -> Iterator[Operation]:
        authorizer = scene.api.authorizers.get((scene.method.authorizer if scene.method else None) or "")
        if authorizer is None:
            return
        explicit = authorizer.place.pointer.count("/") == 2
        base = f"{authorizer.place.pointer}/Properties" if explicit else authorizer.place.pointer
        if explicit:
            yield Operation(f"{base}/{part}", value)
        elif part == "IdentitySource":
            told = "Identity/Header" if "/Auth/" in base else "name"
            yield Operation(f"{base}/{told}", "Authorization")
        elif "/Auth/" in base:
            yield Operation(f"{base}/Identity/ValidationExpression", value)
        else:
            inner = f"{base}/x-amazon-apigateway-authorizer"
            yield Operation(f"{inner}/{part[0].lower()}{part[1:]}", value)

    return mend


def _pools(scene: Scene, template: Template) -> Iterator[Operation]:
    parameter = next(
        (each for each in template.get("Parameters") or {} if str(each).endswith("UserPoolArn")), None
    )
    if parameter is not None:
        yield from _of_authorizer("ProviderARNs", [{"Ref": parameter}])(scene, template)


def _missing_method(scene: Scene, template: Template) -> Iterator[Operation]:
    """The verb that is missing, as one of its neighbours on the path."""
    known = scene.api.routes.get(scene.route or "") or {}
    like = next((each for verb, each in known.items() if verb != "OPTIONS"), None)
    if like is None:
        return
    told = copy.deepcopy(_at(template, like.place.pointer))
    if not _explicit(like):
        yield Operation(f"{like.place.pointer.rpartition('/')[0]}/{scene.ask.method.lower()}", told)
        return
    told["Properties"]["HttpMethod"] = scene.ask.method
    name = f"{like.place.pointer.rpartition('/')[2]}{scene.ask.method.capitalize()}"
    yield Operation(f"/Resources/{name}", told)
    yield from _after(template, name)


def _permission(scene: Scene, template: Template) -> Iterator[Operation]:
    """A permission for the function that the integration calls, named as another permission or the URI names it."""
    rest = next(iter(sorted(scene.api.refs, key=len)), None)
    name = _function_reference(scene, template)
    if rest is None or name is None:
        return
    made = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": name,
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": _source_arn(rest),
        },
    }
    yield Operation("/Resources/InvokePermission", made)


def _source_arn(rest: str) -> dict[str, str]:
    area = "${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
    return {"Fn::Sub": f"arn:{area}:${{{rest}}}/*/*/*"}


def _function_reference(scene: Scene, template: Template) -> Any:
    """How the template can name the function: the resource, or a parameter that holds its name or ARN."""
    key = scene.function.key if scene.function else ""
    if key in template["Resources"]:
        return {"Ref": key}
    bare = key.replace("/", "")
    for suffix in ("Name", "Arn", ""):
        if f"{bare}{suffix}" in (template.get("Parameters") or {}):
            return {"Ref": f"{bare}{suffix}"}
    return None


def _source(scene: Scene, template: Template) -> Iterator[Operation]:
    rest = next(iter(sorted(scene.api.refs, key=len)), None)
    for permission in (scene.function.permissions or ()) if scene.function else ():
        if rest is not None and permission.place.pointer.rpartition("/")[2] in template["Resources"]:
            yield Operation(f"{permission.place.pointer}/Properties/SourceArn", _source_arn(rest))


def _of_integration(part: str, value: Any) -> Mend:
    def mend(scene: Scene, _: Template) -> Iterator[Operation]:
        if scene.method is not None:
            word = (
                part
                if _explicit(scene.method)
                else {"IntegrationHttpMethod": "httpMethod"}.get(part, _word(scene.method, part))
            )
            yield Operation(f"{_integration(scene.method)}/{word}", value)

    return mend


def _map_origin(scene: Scene, template: Template) -> Iterator[Operation]:
    """Access-Control-Allow-Origin in every integration response of a method that is no proxy."""
    method = scene.method
    integration = method.integration if method else None
    if method is None or integration is None:
        return
    value = "'*'" if not scene.ask.credentials else f"'{scene.ask.origin}'"
    key = "method.response.header.Access-Control-Allow-Origin"
    for response in integration.responses:
        yield Operation(f"{response.place.pointer}/{_word(method, 'ResponseParameters')}/{key}", value)
        if _explicit(method):
            yield from _declare(method, response, template, {ALLOW_ORIGIN: value})


def _of_api(part: str, value: Any) -> Mend:
    def mend(scene: Scene, _: Template) -> Iterator[Operation]:
        yield Operation(f"{scene.api.place.pointer}/Properties/{part}", value)

    return mend


def _throttling(scene: Scene, template: Template) -> Iterator[Operation]:
    for stage in scene.api.stages.values():
        base = f"{stage.place.pointer}/Properties/MethodSettings"
        told = _at(template, stage.place.pointer).get("Properties", {}).get("MethodSettings") or []
        for number, each in enumerate(told):
            for key, value in (("ThrottlingRateLimit", 50), ("ThrottlingBurstLimit", 100)):
                if str(each.get(key)) in ("0", "0.0"):
                    yield Operation(f"{base}/{number}/{key}", value)


def _gateway(*families: str) -> Mend:
    """CORS headers on gateway responses: those of the families, and every customised type."""

    def mend(scene: Scene, template: Template) -> Iterator[Operation]:
        origin = "'*'" if not scene.ask.credentials else "method.request.header.Origin"
        key = "gatewayresponse.header.Access-Control-Allow-Origin"
        rest = next(iter(sorted(scene.api.refs, key=len)), None)
        for kind in dict.fromkeys((*families, *scene.api.responses)):
            known = scene.api.responses.get(kind)
            if known is None and rest in template["Resources"]:
                properties = {
                    "RestApiId": {"Ref": rest},
                    "ResponseType": kind,
                    "ResponseParameters": {key: origin},
                }
                made = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
                yield Operation(f"/Resources/GatewayResponse{kind.title().replace('_', '')}", made)
            elif known is not None and known.place.pointer.count("/") == 2:
                yield Operation(f"{known.place.pointer}/Properties/ResponseParameters/{key}", origin)
            elif known is not None and "/GatewayResponses/" in known.place.pointer:
                name = "Access-Control-Allow-Origin"
                yield Operation(f"{known.place.pointer}/ResponseParameters/Headers/{name}", origin)
            elif known is not None:
                yield Operation(f"{known.place.pointer}/responseParameters/{key}", origin)

    return mend


def _status(scene: Scene, _: Template) -> Iterator[Operation]:
    for response in scene.api.responses.values():
        if response.status is not None and response.type.startswith("DEFAULT"):
            explicit = response.place.pointer.count("/") == 2
            words = "Properties/StatusCode" if explicit else "statusCode"
            words = "StatusCode" if "/GatewayResponses/" in response.place.pointer else words
            yield Operation(f"{response.place.pointer}/{words}", REMOVE)


def _http_origin(scene: Scene, _: Template) -> Iterator[Operation]:
    cors = scene.api.http_cors
    if cors is not None:
        yield Operation(f"{cors.place.pointer}/AllowOrigins", [*cors.origins, scene.ask.origin])


def _http_cors(scene: Scene, template: Template) -> Iterator[Operation]:
    """A CORS configuration, with which an HTTP API answers OPTIONS itself, before any authorizer."""
    name = scene.api.place.pointer.rpartition("/")[2]
    if (template["Resources"].get(name) or {}).get("Type") != "AWS::ApiGatewayV2::Api":
        return
    cors = {
        "AllowOrigins": [scene.ask.origin],
        "AllowMethods": [*sorted({scene.ask.method, "GET", "OPTIONS"})],
        "AllowHeaders": [*sorted(scene.ask.names())],
        **({"AllowCredentials": True} if scene.ask.credentials else {}),
    }
    yield Operation(f"/Resources/{name}/Properties/CorsConfiguration", cors)


def _concurrency(scene: Scene, template: Template) -> Iterator[Operation]:
    name = scene.function.place.pointer.rpartition("/")[2] if scene.function else ""
    if name in template["Resources"]:
        yield Operation(f"/Resources/{name}/Properties/ReservedConcurrentExecutions", REMOVE)


def _status_mapped(scene: Scene, template: Template) -> Iterator[Operation]:
    integration = scene.method.integration if scene.method else None
    if integration is not None and integration.responses and mock_status(integration) is not None:
        yield from _default_response(scene, template)


_MENDS: Mapping[str, Mend] = {
    **dict.fromkeys(
        (
            "preflight.no-options",
            "preflight.child-resource",
            "preflight.proxy-any-lambda",
        ),
        _add_options,
    ),
    **dict.fromkeys(
        ("preflight.iam", "preflight.cognito", "preflight.lambda-authorizer", "preflight.api-key"),
        _open_options,
    ),
    "preflight.validator": _unvalidated,
    "preflight.binary-media": _of_integration("ContentHandling", "CONVERT_TO_TEXT"),
    "preflight.mock-no-template": _template_of_mock,
    "preflight.mock-passthrough-415": _template_of_mock,
    "preflight.mock-status-unmapped": _status_mapped,
    **dict.fromkeys(
        (
            "preflight.mock-no-headers",
            "preflight.method-response-undeclared",
            "preflight.unquoted-value",
            "acah.authorization",
            "acah.custom",
            "acah.star-credentials",
            "acah.star-authorization",
            "acam.missing",
            "acam.case",
            "list.malformed",
            "client.json-content-type",
            "acao.list",
            "acao.pattern",
            "acao.invalid",
            "acao.trailing-slash",
            "acao.scheme",
            "acao.port",
            "acao.host",
            "acao.wildcard-credentials",
            "acac.not-true",
        ),
        _headers,
    ),
    "auth.iam-not-cognito": _authorized,
    "auth.iam-no-token": _authorized,
    "auth.not-attached": _authorized,
    "auth.route-missing+token": _missing_method,
    "auth.cognito-identity-source": _of_authorizer("IdentitySource", "method.request.header.Authorization"),
    "auth.cognito-wrong-pool": _pools,
    "auth.pool-unreachable": _pools,
    "auth.cognito-regex": _of_authorizer("IdentityValidationExpression", REMOVE),
    "auth.cognito-id-with-scope": _set("AuthorizationScopes", REMOVE),
    "auth.throttle": _throttling,
    "int.http-method": _of_integration("IntegrationHttpMethod", "POST"),
    "int.no-permission": _permission,
    "int.wrong-source-arn": _source,
    "int.selection-pattern": _default_response,
    "int.lambda-throttled": _concurrency,
    "int.non-proxy-missing-map": _map_origin,
    "deploy.default-endpoint-disabled": _of_api("DisableExecuteApiEndpoint", False),
    "deploy.stale": lambda _, template: iter(following(template)),
    "deploy.private": _of_api("EndpointConfiguration", {"Types": ["REGIONAL"]}),
    "gwresp.4xx": _gateway("DEFAULT_4XX"),
    "gwresp.5xx": _gateway("DEFAULT_5XX"),
    "gwresp.specific-overrides": _gateway(),
    "gwresp.static-origin": _gateway(),
    "gwresp.status-rewritten": _status,
    "httpapi.origin-not-listed": _http_origin,
    "httpapi.default-route": _http_cors,
}
