"""The OPTIONS request: does its integration give a response that a browser accepts?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from accountsctl.doctor.browser.console import NO_REDIRECT, NOT_OK
from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import (
    MISSING_ON_PREFLIGHT,
    answers_preflight,
    proxy_integration,
    refuses_type,
)
from accountsctl.doctor.catalogue.fixes import integrations, methods, parameters, preflight_headers
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown, when
from accountsctl.doctor.catalogue.simulate import chosen, literal, mock_status
from accountsctl.doctor.facts.model import Integration
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind, IntegrationType
from accountsctl.model.cors_headers import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

cause = Causes()
PREFLIGHT_TYPE = "application/json"
"""What API Gateway takes a request without a Content-Type for."""
STATUS = f"{NOT_OK} (preflight)"


def _mock(scene: Scene) -> Integration | None:
    integration = scene.integration if scene.preflight else None
    return integration if integration and integration.type == IntegrationType.MOCK else None


@cause(
    id="preflight.binary-media",
    stage=RequestStage.PREFLIGHT_INTEGRATION,
    what="The API treats every body as binary (BinaryMediaTypes */*), so the OPTIONS method cannot read "
    "its own template.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Set ContentHandling: CONVERT_TO_TEXT on the integration of OPTIONS, and deploy.",
    source="sam#553, chalice#1310, serverless#7505",
    refusals=(said.CONFIGURATION,),
    split=cli_commands.TEST_OF_OPTIONS,
    edit=integrations.set_integration_property("ContentHandling", "CONVERT_TO_TEXT"),
    zoo="tests/faults/zoo.py",
)
def _binary(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and "*/*" in scene.api.binary_types:
        yield from when(
            mock.content_handling != "CONVERT_TO_TEXT" and not is_unknown(mock.content_handling),
            mock.place.of("content_handling"),
            f"BinaryMediaTypes */* and ContentHandling {mock.content_handling or 'not set'}",
            "CONVERT_TO_TEXT",
        )


@cause(
    id="preflight.mock-passthrough-415",
    stage=RequestStage.PREFLIGHT_INTEGRATION,
    what="The OPTIONS method (a MOCK integration: API Gateway answers by itself) refuses a request whose "
    "type has no template; a preflight counts as application/json.",
    browser=MISSING_ON_PREFLIGHT,
    fix='Add RequestTemplates {"application/json": "{\\"statusCode\\": 200}"}, and deploy.',
    source="API Gateway Developer Guide, gateway response types",
    refusals=(said.UNSUPPORTED_MEDIA,),
    edit=integrations.set_mock_template,
    zoo="tests/faults/zoo.py",
)
def _media_type(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None:
        place = mock.place.of("passthrough")
        yield from when(
            refuses_type(mock, PREFLIGHT_TYPE),
            place,
            f"PassthroughBehavior {mock.passthrough}",
            "a template for application/json",
        )


@cause(
    id="preflight.mock-no-template",
    stage=RequestStage.PREFLIGHT_INTEGRATION,
    what="The OPTIONS method (a MOCK integration: API Gateway answers by itself) has no template that "
    "gives a number as statusCode.",
    browser=MISSING_ON_PREFLIGHT,
    fix='Add RequestTemplates {"application/json": "{\\"statusCode\\": 200}"}, and deploy.',
    source="amplify-js#3007",
    refusals=(said.CONFIGURATION,),
    split=cli_commands.TEST_OF_OPTIONS,
    edit=integrations.set_mock_template,
    zoo="tests/faults/zoo.py",
)
def _no_template(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and not refuses_type(mock, PREFLIGHT_TYPE):
        template = mock.templates.get("application/json")
        yield from when(
            mock_status(mock) is None and not _computed(template),
            mock.place.of("templates"),
            "no template for application/json" if template is None else f"the template {template!r}",
            '{"statusCode": 200}',
        )


def _computed(template: str | None) -> bool:
    """Whether VTL works out the status."""
    return template is not None and ("statusCode" in template or is_unknown(template)) and "$" in template


@cause(
    id="preflight.mock-status-unmapped",
    stage=RequestStage.PREFLIGHT_INTEGRATION,
    what="The OPTIONS method (a MOCK integration: API Gateway answers by itself) gives a status that none "
    "of its integration responses takes.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Add an integration response without SelectionPattern, and deploy.",
    source="API Gateway Developer Guide, gateway response types",
    refusals=(said.CONFIGURATION,),
    split=cli_commands.TEST_OF_OPTIONS,
    edit=integrations.map_mock_status,
    zoo="tests/faults/zoo.py",
)
def _unmapped(scene: Scene) -> Iterator[Evidence]:
    if (mock := _mock(scene)) is not None and mock_status(mock) is not None:
        yield from when(
            chosen(mock) is None and not any(is_unknown(response.pattern) for response in mock.responses),
            mock.place.of("responses"),
            f"status {mock_status(mock)} fits no integration response",
            "one without a SelectionPattern",
        )


def _calls_function(scene: Scene) -> bool:
    """Whether the preflight reaches a function."""
    return scene.preflight and proxy_integration(scene) is not None


def _unread(scene: Scene) -> bool:
    """Whether OPTIONS goes to a function, and no layer tells what its code does with it."""
    if not _calls_function(scene) or scene.method is None:
        return False
    return scene.handler is None or scene.handler.handles_options is None


@cause(
    id="preflight.proxy-any-lambda",
    stage=RequestStage.PREFLIGHT_INTEGRATION,
    what="OPTIONS reaches the application (the route for ANY sends it to the function), whose code does not handle it.",
    browser=f"{MISSING_ON_PREFLIGHT}, or: {STATUS}",
    fix="Add an OPTIONS method of its own (MOCK), or handle OPTIONS in the code: by the "
    "CORS middleware of its framework.",
    source="API Gateway Developer Guide, enable CORS by the console",
    refusals=(
        said.NOT_FOUND,
        said.METHOD_NOT_ALLOWED,
        said.APPLICATION_ERROR,
        said.APPLICATION_UNAUTHORIZED,
        said.APPLICATION_FORBIDDEN,
        said.BAD_ANSWER,
        *said.APPLICATION_REFUSES_OPTIONS,
    ),
    stays=_unread,
    edit=methods.add_options,
    zoo="tests/faults/zoo.py",
)
def _of_function(scene: Scene) -> Iterator[Evidence]:
    handler = scene.handler if _calls_function(scene) else None
    if handler is not None and handler.handles_options is False:
        observed = f"no answer to OPTIONS that allows an origin; {scene.route} sends it OPTIONS"
        yield Evidence(handler.place, observed, answers_preflight(scene.api.kind))


@cause(
    id="preflight.method-response-undeclared",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="The integration response sets a header that the method response does not declare, so API Gateway"
    " drops it.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Declare the header in MethodResponses.ResponseParameters, and deploy.",
    source="API Gateway Developer Guide, CORS",
    reads=lambda shown: shown.is_bare_preflight,
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
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


_REFUSED_WITHOUT: Mapping[str, str] = {
    CorsError.MISSING_ALLOW_ORIGIN: ALLOW_ORIGIN,
    CorsError.HEADER_DISALLOWED: ALLOW_HEADERS,
    CorsError.METHOD_DISALLOWED: ALLOW_METHODS,
}


def _lacks_the_header(shown: Shown) -> bool:
    """Whether the header that the browser looked for is not in the preflight's answer at all."""
    name = _REFUSED_WITHOUT.get(shown.error)
    return shown.preflight and name is not None and shown.answer.value(name) is None


@cause(
    id="preflight.unquoted-value",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="A fixed header value lacks its single quotes: API Gateway takes * for an expression, and '*' for"
    " a value.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Write the value in single quotes within the string: \"'*'\".",
    source="sam-cli#323",
    reads=_lacks_the_header,
    edit=preflight_headers.set_preflight_headers,
    zoo="tests/faults/zoo.py",
)
def _unquoted(scene: Scene) -> Iterator[Evidence]:
    """A static value without its single quotes, of a header whose absence a browser refuses."""
    response = chosen(mock) if (mock := _mock(scene)) else None
    for name, value in (response.headers if response else {}).items():
        # A lost Access-Control-Max-Age blocks nothing, so it explains no other header's absence.
        if name not in _REFUSED_WITHOUT.values():
            continue
        known = re.match(r"(integration|context|method|stageVariables)\.", value)
        if response and literal(value, scene.ask.origin) is None and not known:
            yield Evidence(response.place.of(name), f"{name}: {value}", f"'{value}'")


cause.add(
    id="preflight.mock-no-headers",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="OPTIONS answers, but without any Access-Control-Allow-* header.",
    browser=MISSING_ON_PREFLIGHT,
    fix="Map Access-Control-Allow-Origin, -Methods and -Headers in the integration response, and deploy; in a "
    "framework turn its CORS middleware on.",
    source="API Gateway Developer Guide, CORS",
    reads=lambda shown: shown.is_bare_preflight and shown.kind in ("", ApiKind.REST),
    edit=preflight_headers.set_preflight_headers,
    parameters=parameters.allow_origin,
    zoo="tests/faults/zoo.py",
)


cause.add(
    id="preflight.redirect",
    stage=RequestStage.EDGE,
    what="OPTIONS is answered by a redirect, which a browser never follows.",
    browser=NO_REDIRECT,
    fix="Call the URL that the redirect leads to: https, the right host, with or without the slash at its end; of S3, "
    "the host with the bucket's region (x-amz-bucket-region): bucket.s3.REGION.amazonaws.com.",
    source="Fetch standard; boto3#421, uppy#713",
    kind="code",
    refusals=said.MOVED,
    reads=lambda shown: shown.preflight and shown.answer.status in REDIRECTS,
    zoo="tests/faults/callers.py",
)


cause.add(
    id="preflight.non-2xx",
    stage=RequestStage.PREFLIGHT_HEADERS,
    what="OPTIONS is answered with full CORS headers, but not with a status of 200 to 299.",
    browser=STATUS,
    fix="Let OPTIONS end with 200 or 204: look for what gives this status (a router without OPTIONS, an error of the "
    "code). More headers do not help.",
    source="Fetch standard",
    kind="code",
    reads=lambda shown: shown.error == CorsError.INVALID_STATUS,
    zoo="tests/faults/callers.py",
)


cause.add(
    id="preflight.stale-cache",
    stage=RequestStage.NOTE,
    what="The browser keeps a preflight's response for Access-Control-Max-Age seconds, also a wrong one.",
    browser="the old error, though the server is right by now",
    fix="Wait, or switch the cache off in the browser's tools; lower maxAge while you change CORS.",
    source="Fetch standard; measured",
    kind="command",
)
