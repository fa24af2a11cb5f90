"""Code to paste in what defines an API, for the causes that a CORS configuration fixes: in the tool that was seen.

Each text begins with a comment that says where it belongs. Where no tool was seen, it is a command of the AWS CLI for
what one command can change: an HTTP API, a gateway response, a bucket.
"""

from __future__ import annotations

import json
import re
import shlex
from enum import StrEnum

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.definition_texts import TEXTS
from accountsctl.doctor.catalogue.requests import calls_function_url
from accountsctl.doctor.catalogue.snippets import allowed_headers, allowed_methods
from accountsctl.formats.cloudformation import read_template
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.backend_tool import DefinitionTool


class DefinedPart(StrEnum):
    """What of an API a snippet defines."""

    REST = "rest"
    HTTP = "http"
    URL = "url"
    REFUSALS = "refusals"
    BUCKET = "bucket"


_MASKS = ("gwresp.4xx", "gwresp.5xx", "gwresp.specific-overrides", "gwresp.static-origin")
_OF_KIND = frozenset(
    {
        "acac.not-true",
        "acah.authorization",
        "acah.custom",
        "acam.missing",
        "acao.host",
        "acao.invalid",
        "acao.list",
        "acao.pattern",
        "acao.port",
        "acao.scheme",
        "acao.trailing-slash",
        "client.json-content-type",
        "list.malformed",
        "preflight.api-key",
        "preflight.cognito",
        "preflight.iam",
        "preflight.lambda-authorizer",
        "preflight.no-options",
    }
)
"""Causes of any API, which the configuration of its kind fixes: OPTIONS, its headers, and that it needs no token."""
_OF_ONE = {
    "edge.s3-no-cors": DefinedPart.BUCKET,
    "function-url.no-cors": DefinedPart.URL,
    "httpapi.error-without-cors": DefinedPart.HTTP,
    "httpapi.no-cors": DefinedPart.HTTP,
    "httpapi.origin-not-listed": DefinedPart.HTTP,
    "preflight.child-resource": DefinedPart.REST,
    "preflight.method-response-undeclared": DefinedPart.REST,
    "preflight.mock-no-headers": DefinedPart.REST,
    "preflight.mock-no-template": DefinedPart.REST,
    "preflight.mock-passthrough-415": DefinedPart.REST,
    "preflight.mock-status-unmapped": DefinedPart.REST,
    "preflight.unquoted-value": DefinedPart.REST,
    **dict.fromkeys(_MASKS, DefinedPart.REFUSALS),
}
_OF_TEMPLATES = (DefinitionTool.CLOUDFORMATION, DefinitionTool.SAM)
"""The tools whose templates may be in JSON."""
_OF_API = {
    ApiKind.REST: DefinedPart.REST,
    ApiKind.HTTP: DefinedPart.HTTP,
    ApiKind.FUNCTION_URL: DefinedPart.URL,
}


def definition_snippet(cause: str, ask: PageRequest, kind: str, api: str = "") -> str:
    """The code for a cause of an API of a kind (empty if it is not known); empty if there is none.

    `api` is the id that the URL names, for a command.
    """
    subject = _subject(cause, ask, kind)
    if subject is None:
        return ""
    tool = ask.backend.tool
    if tool is None:
        return _command(subject, ask, api)
    text = TEXTS[tool].get(subject.value, "")
    values = {
        "origin": ask.origin,
        "methods": ",".join(allowed_methods(ask)),
        "headers": ",".join(allowed_headers(ask)),
        "method_list": _quoted(allowed_methods(ask)),
        # A function URL's configuration takes no OPTIONS, and with credentials * is not every method.
        "url_methods": _quoted(tuple(verb for verb in allowed_methods(ask) if verb != "OPTIONS")),
        "header_list": _quoted(allowed_headers(ask)),
        "verb": ask.method.lower(),
        "path": ask.path.strip("/") or "/",
    }
    for name, value in values.items():
        text = text.replace("<" + name + ">", value)
    text = _with_credentials(text) if ask.credentials else _without_credentials(text)
    return _in_json(text) if ask.backend.is_json and tool in _OF_TEMPLATES else text


def _in_json(text: str) -> str:
    """A text in YAML as members of a JSON object, after its comment."""
    lines = text.splitlines()
    comment = [line.partition("  #")[0] for line in lines if line.startswith("#")]
    body = read_template("\n".join(line for line in lines if not line.startswith("#")), "").value
    members = json.dumps(body, indent=2).splitlines()[1:-1]
    return "\n".join([*comment, *(line.removeprefix("  ") for line in members)])


def _subject(cause: str, ask: PageRequest, kind: str) -> DefinedPart | None:
    if cause in _OF_KIND:
        found = ApiKind.FUNCTION_URL if calls_function_url(ask) else kind
        return next((subject for api_kind, subject in _OF_API.items() if api_kind == found), None)
    return _OF_ONE.get(cause)


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(json.dumps(value) for value in values)


_SPECIAL = re.compile(r'["\\$`]')
"""What a shell does not take as it is within double quotes."""
_ONLY_WITH_CREDENTIALS = "<credentials>"
"""Begins a line that is there if the page sends cookies."""


def _with_credentials(text: str) -> str:
    return text.replace(_ONLY_WITH_CREDENTIALS, "")


def _without_credentials(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(_ONLY_WITH_CREDENTIALS))


def _command(subject: DefinedPart, ask: PageRequest, api: str) -> str:
    """A command of the AWS CLI."""
    make = {
        DefinedPart.HTTP: _of_http_api,
        DefinedPart.REFUSALS: _of_refusals,
        DefinedPart.BUCKET: _of_bucket,
    }.get(subject)
    return make(ask, api or "API") if make else ""


def _of_http_api(ask: PageRequest, api: str) -> str:
    cors = {
        "AllowOrigins": [ask.origin],
        "AllowMethods": list(allowed_methods(ask)),
        "AllowHeaders": list(allowed_headers(ask)),
        **({"AllowCredentials": True} if ask.credentials else {}),
    }
    return _titled(
        f"aws apigatewayv2 update-api --api-id {api} \\\n  --cors-configuration {_json(cors)}",
        "; it replaces the API's\n# CORS configuration, so add what that has for other pages",
    )


def _of_refusals(ask: PageRequest, api: str) -> str:
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{ask.origin}'"}
    if ask.credentials:
        headers["gatewayresponse.header.Access-Control-Allow-Credentials"] = "'true'"
    put = f"aws apigateway put-gateway-response --rest-api-id {api} --response-type"
    deploy = f"aws apigateway create-deployment --rest-api-id {api} --stage-name {ask.stage or 'STAGE'}"
    kinds = (
        f"{put} {kind} \\\n  --response-parameters {_json(headers)}"
        for kind in ("DEFAULT_4XX", "DEFAULT_5XX")
    )
    return _titled("\n".join([*kinds, deploy]))


def _of_bucket(ask: PageRequest, _: str) -> str:
    rule = {
        "AllowedOrigins": [ask.origin],
        "AllowedMethods": sorted({"GET", "HEAD", ask.method} - {"OPTIONS", "PATCH"}),
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
    }
    bucket = ask.host.partition(".s3")[0] if ".s3" in ask.host else "BUCKET"
    return _titled(
        f"aws s3api put-bucket-cors --bucket {bucket} \\\n  --cors-configuration {_json({'CORSRules': [rule]})}",
        "; it replaces the\n# bucket's CORS rules, so add those that it has for other pages",
    )


def _titled(command: str, caution: str = "") -> str:
    return f"# by someone with access to the AWS account{caution}:\n{command}"


def _json(value: object) -> str:
    """A JSON text as one word of a shell: in the quotes that it does not have."""
    text = json.dumps(value)
    if "'" not in text or "!" in text:
        return shlex.quote(text)
    return f'"{_SPECIAL.sub(_escaped, text)}"'


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"
