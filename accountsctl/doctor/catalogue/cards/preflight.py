"""The OPTIONS request: is there a method for it, may anyone call it, and does it answer?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Check, Evidence, Scene, Shown, Stage, when
from accountsctl.doctor.catalogue.simulate import chosen, literal, mock_status
from accountsctl.doctor.facts.model import Integration

SUMMARY = "aws apigateway get-deployment --rest-api-id API --deployment-id DEPLOYMENT --embed apisummary"
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource (preflight)"
STATUS = "It does not have HTTP ok status (preflight)"


def _without_options(scene: Scene) -> bool:
    """True where the path is a route with methods, none of which takes OPTIONS, and no configuration answers it."""
    if not scene.preflight or scene.api.http_cors is not None:
        return False
    return bool(scene.route and scene.api.routes.get(scene.route)) and scene.method is None


def proxy_root(scene: Scene) -> Iterator[Evidence]:
    """The bare parent of a ``{proxy+}`` that alone takes OPTIONS."""
    bare = scene.ask.path.rstrip("/")
    for route, methods in scene.api.routes.items():
        parent, _, last = route.rpartition("/")
        takes = methods.get("OPTIONS") or methods.get("ANY")
        if scene.preflight and last.endswith("+}") and parent == bare and scene.method is None and takes:
            yield Evidence(
                takes.place, f"only {route} takes OPTIONS", f"OPTIONS and ANY on {parent or '/'} too"
            )


def _child(scene: Scene) -> Iterator[Evidence]:
    route = scene.route
    while route and route != "/" and _without_options(scene):
        route = route.rpartition("/")[0] or "/"
        options = scene.api.method(route, "OPTIONS")
        if options is not None:
            yield Evidence(
                options.place, f"OPTIONS on {route}, none on {scene.route}", "OPTIONS on every path"
            )
            return


def _no_options(scene: Scene) -> Iterator[Evidence]:
    if _without_options(scene):
        methods = scene.api.routes[scene.route or ""]
        first = next(iter(methods.values()))
        have = ", ".join(sorted(methods))
        yield Evidence(
            first.place, f"{scene.route} has {have} and no OPTIONS", "an OPTIONS method of type MOCK"
        )


def _behind(*kinds: str) -> Check:
    def check(scene: Scene) -> Iterator[Evidence]:
        method = scene.method
        if scene.preflight and method is not None and scene.api.http_cors is None and _kind(scene) in kinds:
            place = method.place.of("authorization")
            yield Evidence(place, f"OPTIONS {scene.route} {method.authorization}", "AuthorizationType NONE")

    return check


def _kind(scene: Scene) -> str:
    """How OPTIONS is authorized; a REST API's Lambda authorizer may be called CUSTOM or by its own type."""
    method = scene.method
    authorizer = scene.api.authorizers.get(method.authorizer or "") if method else None
    if authorizer is not None and authorizer.type in ("TOKEN", "REQUEST"):
        return "CUSTOM"
    return method.authorization if method else "NONE"


def _api_key(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if scene.preflight and method is not None:
        place = method.place.of("api_key")
        yield from when(method.api_key, place, f"OPTIONS {scene.route} ApiKeyRequired true", "false")


def _validator(scene: Scene) -> Iterator[Evidence]:
    method = scene.method
    if not scene.preflight or method is None:
        return
    missing = [each for each in method.required if each.partition(".")[2] not in scene.ask.parameters]
    if missing:
        yield Evidence(
            method.place.of("required"),
            f"OPTIONS {scene.route} requires {', '.join(missing)}",
            "no validator on OPTIONS: a browser sends none of these with it",
        )


def _mock(scene: Scene) -> Integration | None:
    integration = scene.method.integration if scene.preflight and scene.method else None
    return integration if integration and integration.type == "MOCK" else None


def _strict(integration: Integration) -> bool:
    """True where a body without a template of its type is refused; a preflight counts as application/json."""
    if "application/json" in integration.templates:
        return False
    refuses = integration.passthrough == "WHEN_NO_TEMPLATES" and bool(integration.templates)
    return integration.passthrough == "NEVER" or refuses


def _media_type(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None:
        place = mock.place.of("passthrough")
        yield from when(
            _strict(mock), place, f"PassthroughBehavior {mock.passthrough}", "a template for application/json"
        )


def _binary(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and "*/*" in scene.api.binary_types:
        yield from when(
            mock.content_handling != "CONVERT_TO_TEXT",
            mock.place.of("content_handling"),
            f"BinaryMediaTypes */* and ContentHandling {mock.content_handling or 'not set'}",
            "CONVERT_TO_TEXT",
        )


def _no_template(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and not _strict(mock):
        template = mock.templates.get("application/json")
        yield from when(
            mock_status(mock) is None,
            mock.place.of("templates"),
            "no template for application/json" if template is None else f"the template {template!r}",
            '{"statusCode": 200}',
        )


def _unmapped(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and mock_status(mock) is not None:
        yield from when(
            chosen(mock) is None,
            mock.place.of("responses"),
            f"status {mock_status(mock)} fits no integration response",
            "one without a SelectionPattern",
        )


def _of_function(scene: Scene) -> Iterator[Evidence]:
    integration = scene.method.integration if scene.preflight and scene.method else None
    if integration is None or integration.type != "AWS_PROXY" or scene.api.http_cors is not None:
        return
    handler = scene.function.handler if scene.function else None
    if handler is not None and handler.handles_options is False:
        yield Evidence(
            handler.place, f"no branch for OPTIONS, which {scene.route} sends it", "a MOCK OPTIONS method"
        )


def _undeclared(scene: Scene) -> Iterator[Evidence]:
    """A header is mapped, and its method response does not declare it."""
    response = chosen(mock) if (mock := _mock(scene)) else None
    method = scene.method
    if response is None or method is None or method.declared is None:
        return
    declared = method.declared.get(response.status, frozenset())
    for name in response.headers:
        if name.startswith("access-control-allow") and name not in declared:
            yield Evidence(
                method.place.of("declared"), f"{name} is mapped, not declared", "declared in MethodResponses"
            )


def _unquoted(scene: Scene) -> Iterator[Evidence]:
    """A static value without its single quotes."""
    response = chosen(mock) if (mock := _mock(scene)) else None
    for name, value in (response.headers if response else {}).items():
        known = re.match(r"(integration|context|method|stageVariables)\.", value)
        if response and literal(value, scene.ask.origin) is None and not known:
            yield Evidence(response.place.of(name), f"{name}: {value}", f"'{value}'")


def _bare(shown: Shown) -> bool:
    return shown.verdict.code == "PreflightMissingAllowOriginHeader"


CARDS = (
    Card(
        "preflight.proxy-root",
        Stage.ROUTING,
        "{proxy+} takes OPTIONS, its bare parent path does not: {proxy+} never matches an empty rest.",
        MISSING,
        "Give the parent path ANY and OPTIONS of its own, and deploy.",
        "API Gateway Developer Guide, proxy resources",
        check=proxy_root,
        refusals=(said.MISSING_TOKEN,),
        meets_preflight=True,
        split=SUMMARY,
    ),
    Card(
        "preflight.child-resource",
        Stage.ROUTING,
        "CORS was enabled on the parent path only; enabling it does not reach the paths below.",
        MISSING,
        "Give every path its own OPTIONS method, and deploy.",
        "API Gateway Developer Guide, enable CORS by the console",
        check=_child,
        refusals=(said.MISSING_TOKEN,),
        meets_preflight=True,
        split=SUMMARY,
    ),
    Card(
        "preflight.no-options",
        Stage.ROUTING,
        "The path has methods, but none for OPTIONS.",
        MISSING,
        "Add the OPTIONS method (MOCK, AuthorizationType NONE), and deploy.",
        "API Gateway Developer Guide, CORS; amplify-js#8406",
        check=_no_options,
        refusals=(said.MISSING_TOKEN,),
        meets_preflight=True,
        split=SUMMARY,
    ),
    Card(
        "preflight.iam",
        Stage.PREFLIGHT_AUTH,
        "OPTIONS asks for AWS_IAM; a browser sends a preflight without any credentials.",
        MISSING,
        "AuthorizationType NONE on OPTIONS, and deploy.",
        "amplify-js#1654",
        check=_behind("AWS_IAM"),
        refusals=(said.MISSING_TOKEN,),
        split=SUMMARY,
    ),
    Card(
        "preflight.cognito",
        Stage.PREFLIGHT_AUTH,
        "OPTIONS is behind the Cognito authorizer; a browser sends a preflight without a token.",
        MISSING,
        "AuthorizationType NONE on OPTIONS (SAM: AddDefaultAuthorizerToCorsPreflight: false; OpenAPI: security: []).",
        "amplify-js#3456, sam#717, cdk#8615",
        check=_behind("COGNITO_USER_POOLS", "JWT"),
        refusals=(said.UNAUTHORIZED,),
        split=SUMMARY,
    ),
    Card(
        "preflight.lambda-authorizer",
        Stage.PREFLIGHT_AUTH,
        "OPTIONS is behind a Lambda authorizer; a browser sends a preflight without a token.",
        MISSING,
        "AuthorizationType NONE on OPTIONS, and deploy.",
        "serverless#829",
        check=_behind("CUSTOM"),
        refusals=(said.UNAUTHORIZED, said.AUTHORIZER_DENIED),
        split=SUMMARY,
    ),
    Card(
        "preflight.api-key",
        Stage.PREFLIGHT_AUTH,
        "OPTIONS asks for an API key; a browser sends a preflight without one.",
        MISSING,
        "ApiKeyRequired false on OPTIONS, and deploy.",
        "sam-cli#3735",
        check=_api_key,
        refusals=(said.INVALID_KEY,),
        split=SUMMARY,
    ),
    Card(
        "preflight.validator",
        Stage.PREFLIGHT_AUTH,
        "A request validator asks for a header or query parameter that no preflight carries.",
        MISSING,
        "No RequestValidatorId on OPTIONS, and deploy.",
        "message as recorded against AWS by LocalStack",
        check=_validator,
        refusals=(said.BAD_PARAMETERS,),
    ),
    Card(
        "preflight.binary-media",
        Stage.PREFLIGHT_INTEGRATION,
        "BinaryMediaTypes */* makes the MOCK's template binary, and it cannot be read.",
        MISSING,
        "ContentHandling: CONVERT_TO_TEXT on the OPTIONS integration, and deploy.",
        "sam#553, chalice#1310, serverless#7505",
        check=_binary,
        refusals=(said.CONFIGURATION,),
        split="aws apigateway test-invoke-method --http-method OPTIONS --rest-api-id API --resource-id RESOURCE",
    ),
    Card(
        "preflight.mock-passthrough-415",
        Stage.PREFLIGHT_INTEGRATION,
        "The MOCK takes no request whose type has no template; a preflight counts as application/json.",
        MISSING,
        'Add RequestTemplates {"application/json": "{\\"statusCode\\": 200}"}, and deploy.',
        "API Gateway Developer Guide, gateway response types",
        check=_media_type,
        refusals=(said.UNSUPPORTED_MEDIA,),
    ),
    Card(
        "preflight.mock-no-template",
        Stage.PREFLIGHT_INTEGRATION,
        "The MOCK has no template that gives an integer statusCode.",
        MISSING,
        'RequestTemplates {"application/json": "{\\"statusCode\\": 200}"}, and deploy.',
        "amplify-js#3007",
        check=_no_template,
        refusals=(said.CONFIGURATION,),
        split="aws apigateway test-invoke-method --http-method OPTIONS --rest-api-id API --resource-id RESOURCE",
    ),
    Card(
        "preflight.mock-status-unmapped",
        Stage.PREFLIGHT_INTEGRATION,
        "The MOCK's status fits none of its integration responses.",
        MISSING,
        "Add an integration response without SelectionPattern, and deploy.",
        "API Gateway Developer Guide, gateway response types",
        check=_unmapped,
        refusals=(said.CONFIGURATION,),
        split="aws apigateway test-invoke-method --http-method OPTIONS --rest-api-id API --resource-id RESOURCE",
    ),
    Card(
        "preflight.proxy-any-lambda",
        Stage.PREFLIGHT_INTEGRATION,
        "ANY sends OPTIONS to the function, which has no branch for it.",
        f"{MISSING}, or: {STATUS}",
        "An explicit OPTIONS method (MOCK) beside ANY, or handle OPTIONS in the code.",
        "API Gateway Developer Guide, enable CORS by the console",
        check=_of_function,
        refusals=(
            said.NOT_FOUND,
            said.METHOD_NOT_ALLOWED,
            said.APPLICATION_ERROR,
            said.APPLICATION_UNAUTHORIZED,
            said.APPLICATION_FORBIDDEN,
            said.BAD_ANSWER,
        ),
    ),
    Card(
        "preflight.method-response-undeclared",
        Stage.PREFLIGHT_HEADERS,
        "The answer maps a header that its method response does not declare, so it is dropped.",
        MISSING,
        "Declare the header in MethodResponses.ResponseParameters, and deploy.",
        "API Gateway Developer Guide, CORS",
        check=_undeclared,
        reads=_bare,
    ),
    Card(
        "preflight.unquoted-value",
        Stage.PREFLIGHT_HEADERS,
        "A static header value lacks its single quotes: * is no mapping expression, '*' is.",
        MISSING,
        "Write the value in single quotes within the string: \"'*'\".",
        "sam-cli#323",
        check=_unquoted,
        reads=_bare,
    ),
    Card(
        "preflight.mock-no-headers",
        Stage.PREFLIGHT_HEADERS,
        "OPTIONS answers, but without any Access-Control-Allow-* header.",
        MISSING,
        "Map Access-Control-Allow-Origin, -Methods and -Headers in the integration response, and deploy.",
        "API Gateway Developer Guide, CORS",
        reads=_bare,
    ),
    Card(
        "preflight.redirect",
        Stage.EDGE,
        "OPTIONS is answered by a redirect, which a browser never follows.",
        "Redirect is not allowed for a preflight request",
        "Use the final URL in the client: https, the right host, no trailing slash.",
        "Fetch standard",
        kind="code",
        reads=lambda shown: shown.verdict.code == "PreflightDisallowedRedirect",
        refusals=said.MOVED,
    ),
    Card(
        "preflight.non-2xx",
        Stage.PREFLIGHT_HEADERS,
        "OPTIONS is answered with full CORS headers, but not with a status of 200 to 299.",
        STATUS,
        "Cure what makes the status; headers never cure it.",
        "Fetch standard",
        kind="code",
        reads=lambda shown: shown.verdict.code == "PreflightInvalidStatus",
    ),
    Card(
        "preflight.stale-cache",
        Stage.NOTE,
        "A browser keeps a preflight's answer for Access-Control-Max-Age seconds, the wrong one too.",
        "the old error, though the server is right by now",
        "Wait, or switch the cache off in the browser's tools; lower maxAge while you change CORS.",
        "Fetch standard; measured",
        kind="command",
    ),
)
