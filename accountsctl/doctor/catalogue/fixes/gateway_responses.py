"""Fixes of gateway responses: their CORS headers and their status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, Fix, FixOperation, TemplateBody
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.model import GatewayResponse
from accountsctl.doctor.facts.places import Spelling
from accountsctl.model.cors_headers import ALLOW_ORIGIN, titled
from accountsctl.model.data_mappings import GATEWAY_RESPONSE_HEADER, ORIGIN

ALLOWED_ORIGIN = titled(ALLOW_ORIGIN)
MAPPED = f"{GATEWAY_RESPONSE_HEADER}{ALLOWED_ORIGIN}"


def add_cors_headers(*families: str) -> Fix:
    """CORS headers on gateway responses: those of the families, and every customised type."""

    def fix(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
        origin = "'*'" if not scene.ask.credentials else ORIGIN
        rest = next(iter(sorted(scene.api.refs, key=len)), None)
        for kind in dict.fromkeys((*families, *scene.api.responses)):
            known = scene.api.responses.get(kind)
            if known is None and _is_of_sam(template, rest):
                table = f"/Resources/{rest}/Properties/GatewayResponses/{kind}/ResponseParameters/Headers"
                yield FixOperation(f"{table}/{ALLOWED_ORIGIN}", origin)
            elif known is None and rest in template["Resources"]:
                properties = {
                    "RestApiId": {"Ref": rest},
                    "ResponseType": kind,
                    "ResponseParameters": {MAPPED: origin},
                }
                made = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
                name = f"GatewayResponse{kind.title().replace('_', '')}"
                # That of another API of the template keeps its name.
                free = f"{rest}{name}" if name in template["Resources"] else name
                yield FixOperation(f"/Resources/{free}", made)
            elif known is not None:
                yield FixOperation(f"{known.place.pointer}/{_header_path(known)}", origin)

    return fix


def _is_of_sam(template: TemplateBody, api: str | None) -> bool:
    """Whether SAM writes an API: what stands outside its definition is not in its deployment."""
    resource = template["Resources"].get(api or "")
    return resource is not None and resource.get("Type") == "AWS::Serverless::Api"


def _header_path(response: GatewayResponse) -> str:
    """Return where Access-Control-Allow-Origin stands below a gateway response."""
    match response.spelling:
        case Spelling.RESOURCE:
            return f"Properties/ResponseParameters/{MAPPED}"
        case Spelling.SAM_API | Spelling.SAM_EVENT:
            return f"ResponseParameters/Headers/{ALLOWED_ORIGIN}"
        case Spelling.DOCUMENT:
            return f"responseParameters/{MAPPED}"
        case _:
            assert_never(response.spelling)


def _status_path(response: GatewayResponse) -> str:
    """Return where the status stands below a gateway response."""
    match response.spelling:
        case Spelling.RESOURCE:
            return "Properties/StatusCode"
        case Spelling.SAM_API | Spelling.SAM_EVENT:
            return "StatusCode"
        case Spelling.DOCUMENT:
            return "statusCode"
        case _:
            assert_never(response.spelling)


def remove_status(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    """The default responses without a status of their own: they keep that of the refusal."""
    for response in scene.api.responses.values():
        if response.status is not None and response.type.startswith("DEFAULT"):
            yield FixOperation(f"{response.place.pointer}/{_status_path(response)}", REMOVE)
