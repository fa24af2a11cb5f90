"""Fixes of gateway responses: their CORS headers and their status."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, Fix, FixOperation, Template
from accountsctl.doctor.catalogue.scene import Scene


def add_cors_headers(*families: str) -> Fix:
    """CORS headers on gateway responses: those of the families, and every customised type."""

    def fix(scene: Scene, template: Template) -> Iterator[FixOperation]:
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
                yield FixOperation(f"/Resources/GatewayResponse{kind.title().replace('_', '')}", made)
            elif known is not None and known.place.pointer.count("/") == 2:
                yield FixOperation(f"{known.place.pointer}/Properties/ResponseParameters/{key}", origin)
            elif known is not None and "/GatewayResponses/" in known.place.pointer:
                name = "Access-Control-Allow-Origin"
                yield FixOperation(f"{known.place.pointer}/ResponseParameters/Headers/{name}", origin)
            elif known is not None:
                yield FixOperation(f"{known.place.pointer}/responseParameters/{key}", origin)

    return fix


def remove_status(scene: Scene, _: Template) -> Iterator[FixOperation]:
    for response in scene.api.responses.values():
        if response.status is not None and response.type.startswith("DEFAULT"):
            explicit = response.place.pointer.count("/") == 2
            words = "Properties/StatusCode" if explicit else "statusCode"
            words = "StatusCode" if "/GatewayResponses/" in response.place.pointer else words
            yield FixOperation(f"{response.place.pointer}/{words}", REMOVE)
