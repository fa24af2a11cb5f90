"""Every operation of API Gateway, with names of nothing and of something: answered or refused, never broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.conftest import REGION

CODES = {
    "NotFoundException",
    "BadRequestException",
    "ConflictException",
    "ValidationException",
    "NotImplemented",
}
PLACE = ("restApiId", "resourceId", "parentId", "httpMethod", "statusCode", "stageName", "deploymentId")


@pytest.fixture
def gateway(cloud: LocalCloudClient) -> Any:
    """A client that sends what botocore would refuse itself."""
    once = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
    return session.client("apigateway", endpoint_url=cloud.start().url, config=once)


def value(shape: Any, name: str, known: Mapping[str, str]) -> Any:
    """A small value of a shape: a known name, the first of an enum's values, or as little as there can be."""
    if name in known:
        return known[name]
    match shape.type_name:
        case "string":
            return shape.enum[0] if getattr(shape, "enum", None) else "missing"
        case "integer" | "long":
            return 200
        case "boolean":
            return True
        case "list":
            return []
        case "structure":
            required = [(key, shape.members[key]) for key in shape.required_members]
            return {key: value(member, key, {}) for key, member in required}
        case "blob":
            return b"{}"
        case _:
            return {}


def broken(gateway: Any, names: list[str], known: Mapping[str, str]) -> list[str]:
    """What is neither answered nor refused with one of API Gateway's codes."""
    found = []
    for name in names:
        shape = gateway.meta.service_model.operation_model(name).input_shape
        required = shape.required_members if shape is not None else []
        arguments = {key: value(shape.members[key], key, known) for key in required}
        try:
            getattr(gateway, xform_name(name))(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] not in CODES or not error.response["Error"].get("Message"):
                found.append(f"{name}: {error}")
    return found


def made(gateway: Any) -> dict[str, str]:
    """A REST API with one method that answers, deployed."""
    api = gateway.create_rest_api(name="operations")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    gateway.put_method(**place, authorizationType="NONE")
    gateway.put_integration(**place, type="MOCK")
    gateway.put_method_response(**place, statusCode="200")
    gateway.put_integration_response(**place, statusCode="200")
    deployment = gateway.create_deployment(restApiId=api["id"], stageName="dev")["id"]
    return {
        **place,
        "parentId": api["rootResourceId"],
        "statusCode": "200",
        "stageName": "dev",
        "deploymentId": deployment,
    }


@pytest.mark.parametrize(
    "known", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, len(PLACE))), len(PLACE)]
)
def test_no_operation_breaks(known: int, gateway: Any) -> None:
    everything = made(gateway)
    names = sorted(
        gateway.meta.service_model.operation_names, key=lambda name: (name.startswith("Delete"), name)
    )
    assert not broken(gateway, names, {name: everything[name] for name in PLACE[:known]})


def test_an_operation_that_is_lacking_is_refused_in_api_gateways_shape(client: Callable[[str], Any]) -> None:
    gateway = client("apigateway")
    api = gateway.create_rest_api(name="lacking")["id"]
    with pytest.raises(ClientError) as refused:
        gateway.get_documentation_parts(restApiId=api)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert refused.value.response["Error"]["Code"] == "NotImplemented"
    assert "does not imitate" in refused.value.response["Error"]["Message"]
