# ruff: noqa: ARG001 - a reader takes what the protocol gives, needed or not
"""Reading the resources of API Gateway back: one function for each type."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties, ProviderError
from accountsctl.localcloud.cloudformation.providers.reading import Found, found, without

DOCUMENT = "Body BodyS3Location FailOnWarnings Mode Parameters"
"""What describes an API by an OpenAPI document: what came of it is not compared with it."""


def read_rest_api(context: Context, physical_id: str, properties: Properties) -> Properties:
    api = found(context.client("apigateway"), "get_rest_api", restApiId=physical_id)
    return api.properties(context, without(properties, DOCUMENT), {"ApiKeySourceType": "apiKeySource"})


def read_path_resource(context: Context, physical_id: str, properties: Properties) -> Properties:
    where = {"restApiId": properties["RestApiId"], "resourceId": physical_id}
    return found(context.client("apigateway"), "get_resource", **where).properties(context, properties)


def read_method(context: Context, physical_id: str, properties: Properties) -> Properties:
    """A method with its integration; responses are a list in a template, and a map by status in the API."""
    api, resource, verb = physical_id.split("|")
    method = found(
        context.client("apigateway"), "get_method", restApiId=api, resourceId=resource, httpMethod=verb
    )
    actual = method.properties(context, without(properties, "Integration MethodResponses"))
    if "MethodResponses" in properties:
        actual["MethodResponses"] = _responses(
            context, method, "methodResponses", properties["MethodResponses"]
        )
    if "Integration" in properties:
        integration, expected = method.at("methodIntegration"), properties["Integration"]
        names = {"IntegrationHttpMethod": "httpMethod"}
        actual["Integration"] = integration.properties(
            context, without(expected, "IntegrationResponses"), names
        )
        if "IntegrationResponses" in expected:
            responses = _responses(
                context, integration, "integrationResponses", expected["IntegrationResponses"]
            )
            actual["Integration"]["IntegrationResponses"] = responses
    return actual


def _responses(context: Context, owner: Found, name: str, expected: list[Properties]) -> list[Properties]:
    wanted = {key: example[key] for example in expected for key in example}
    actual = [structure.properties(context, wanted) for structure in owner.values(name)]
    return [{key: value for key, value in properties.items() if value is not None} for properties in actual]


def read_authorizer(context: Context, physical_id: str, properties: Properties) -> Properties:
    where = {"restApiId": properties["RestApiId"], "authorizerId": physical_id}
    return found(context.client("apigateway"), "get_authorizer", **where).properties(context, properties)


def read_request_validator(context: Context, physical_id: str, properties: Properties) -> Properties:
    """By the list: the embedded API Gateway has no error code of its own for one that is gone."""
    where = {"restApiId": properties["RestApiId"], "limit": 500}
    known = found(context.client("apigateway"), "get_request_validators", **where).values("items")
    validator = next((candidate for candidate in known if candidate.value["id"] == physical_id), None)
    if validator is None:
        raise ProviderError(f"The request validator {physical_id} does not exist", "NotFound")
    return validator.properties(context, properties)


def read_model(context: Context, physical_id: str, properties: Properties) -> Properties:
    where = {"restApiId": properties["RestApiId"], "modelName": physical_id}
    return found(context.client("apigateway"), "get_model", **where).properties(context, properties)


def read_gateway_response(context: Context, physical_id: str, properties: Properties) -> Properties:
    """API Gateway returns its default where there is no response of one's own."""
    where = {"restApiId": properties["RestApiId"], "responseType": properties["ResponseType"]}
    response = found(context.client("apigateway"), "get_gateway_response", **where)
    if response.value.get("defaultResponse"):
        raise ProviderError(f"The gateway response {physical_id} does not exist", "NotFound")
    return response.properties(context, properties)


def read_account(context: Context, physical_id: str, properties: Properties) -> Properties:
    return found(context.client("apigateway"), "get_account").properties(context, properties)


def read_deployment(context: Context, physical_id: str, properties: Properties) -> Properties:
    where = {"restApiId": properties["RestApiId"], "deploymentId": physical_id}
    return found(context.client("apigateway"), "get_deployment", **where).properties(context, properties)


def read_stage(context: Context, physical_id: str, properties: Properties) -> Properties:
    client = context.client("apigateway")
    stage = found(client, "get_stage", restApiId=properties["RestApiId"], stageName=physical_id)
    names = {"AccessLogSetting": "accessLogSettings"}
    actual = stage.properties(context, without(properties, "MethodSettings"), names)
    log = properties.get("AccessLogSetting", {})
    if str(log.get("DestinationArn", "")).endswith(":*") and actual.get("AccessLogSetting"):
        # A stage keeps the ARN of a log group without the end that CloudFormation gives to it.
        actual["AccessLogSetting"]["DestinationArn"] += ":*"
    if "MethodSettings" in properties:
        settings = stage.entries("methodSettings")
        actual["MethodSettings"] = [
            _setting(context, settings, expected)
            for expected in properties["MethodSettings"]
            if _setting_key(expected) in settings
        ]
    return actual


def _setting(context: Context, settings: Mapping[str, Found], expected: Properties) -> Properties:
    where = {name: expected[name] for name in ("ResourcePath", "HttpMethod") if name in expected}
    return {**where, **settings[_setting_key(expected)].properties(context, expected)}


def _setting_key(setting: Properties) -> str:
    path = setting.get("ResourcePath", "/*")
    resource = "*" if path in ("/*", "*") else path.replace("~", "~0").replace("/", "~1")
    return f"{resource}/{setting.get('HttpMethod', '*')}"
