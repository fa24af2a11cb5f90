"""The OpenAPI document of an AWS::ApiGateway::RestApi: where a template has it, and its import."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import truth

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

PROPERTIES = ("Body", "BodyS3Location", "Mode", "Parameters")
SUPPORTED_OPTIONS = {"basepath": ("ignore",), "ignore": ("documentation",)}


def body(context: Context, properties: Properties) -> bytes | None:
    """The document as bytes; None if the template states none."""
    if "Body" in properties and "BodyS3Location" in properties:
        raise ProviderError("Only one of Body and BodyS3Location can be specified")
    if "BodyS3Location" in properties:
        where = properties["BodyS3Location"]
        version = {"VersionId": where["Version"]} if "Version" in where else {}
        found = context.client("s3").get_object(Bucket=where["Bucket"], Key=where["Key"], **version)
        content: bytes = found["Body"].read()
        return content
    if "Body" not in properties:
        return None
    document = properties["Body"]
    return (document if isinstance(document, str) else json.dumps(document)).encode()


def create(client: APIGatewayClient, document: bytes, properties: Properties) -> Properties:
    """ImportRestApi."""
    made: Mapping[str, Any] = client.import_rest_api(body=document, **_options(properties))
    return made


def put(client: APIGatewayClient, api_id: str, document: bytes, properties: Properties) -> None:
    """PutRestApi; a stack overwrites unless it says `merge`."""
    mode = properties.get("Mode", "overwrite")
    client.put_rest_api(restApiId=api_id, mode=mode, body=document, **_options(properties))


def _options(properties: Properties) -> Parameters:
    options: dict[str, str] = dict(properties.get("Parameters") or {})
    for name, values in SUPPORTED_OPTIONS.items():
        if options.get(name, values[0]) not in values:
            raise ProviderError(
                f"The embedded cloud does not provide {name}={options[name]}; push to AWS to use it"
            )
    return {"failOnWarnings": truth(properties.get("FailOnWarnings", False)), "parameters": options}
