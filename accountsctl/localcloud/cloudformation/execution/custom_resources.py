"""AWS::CloudFormation::CustomResource and Custom::*: a function makes the resource, and answers by a URL.

Its ServiceToken is the function itself, or a topic at which something listens that answers.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref.html

On AWS a function that fails without an answer lets the stack wait for an hour. Here the stack fails at once, with
what the function printed as its error.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.execution.custom_responses import (
    CustomResponse,
    CustomResponses,
)
from accountsctl.localcloud.cloudformation.execution.own_types import WaitConditionHandle
from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    Provider,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import truth
from accountsctl.localcloud.cloudformation.runtime.state import CUSTOM_RESOURCE, WAIT_HANDLE
from accountsctl.localcloud.cloudformation.template.functions import normal
from accountsctl.localcloud.contracts.dispatch import CUSTOM_RESPONSES

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

SECONDS = 3600
SUBJECT = "AWS CloudFormation custom resource request"
HOST = "cloudformation-custom-resource-response-{region}.s3.{domain}"
NO_ANSWER = (
    "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId "
    "[{request}]. If you are using the Python cfn-response module, you may need to update your Lambda function "
    "code so that CloudFormation can attach the updated version."
)


def with_custom_resources(responses: CustomResponses, endpoint: Callable[[], str]) -> Mapping[str, Provider]:
    """The providers of all types, with those that have to know where the embedded cloud listens."""
    from accountsctl.localcloud.cloudformation.providers import PROVIDERS

    return {
        **PROVIDERS,
        CUSTOM_RESOURCE: CustomResourceProvider(responses, endpoint),
        WAIT_HANDLE: WaitConditionHandle(endpoint),
    }


class CustomResourceProvider:
    """Sends requests to what ServiceToken names. `endpoint`: where the embedded cloud listens."""

    def __init__(self, responses: CustomResponses, endpoint: Callable[[], str]) -> None:
        self._responses = responses
        self._endpoint = endpoint

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return self._request(context, "Create", properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        if old.get("ServiceToken") != new.get("ServiceToken"):
            raise ProviderError("Modifying service token is not allowed.", None)
        more = {"PhysicalResourceId": physical_id, "OldResourceProperties": normal(old)}
        return self._request(context, "Update", new, more)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._request(context, "Delete", properties, {"PhysicalResourceId": physical_id})

    def _request(
        self, context: Context, kind: str, properties: Properties, more: Mapping[str, object] | None = None
    ) -> ProvidedResource:
        token = str(properties["ServiceToken"])
        if not any(part in token for part in (":lambda:", ":sns:")):
            raise ProviderError(f"Invalid service token: {token} is neither a function nor a topic", None)
        request_id = str(uuid.uuid4())
        with self._responses.request() as pending:
            event = {
                "RequestType": kind,
                "ServiceToken": token,
                "ResponseURL": self._url(token, context) + pending.token,
                "StackId": context.stack_id,
                "RequestId": request_id,
                "LogicalResourceId": context.logical_id,
                "ResourceType": context.resource_type,
                "ResourceProperties": normal(properties),
                **(more or {}),
            }
            failure = _send(context, token, event)
            answer = pending.wait(
                0 if failure else float(properties.get("ServiceTimeout", SECONDS)),
                lambda: kind != "Delete" and not context.rollback and context.is_given_up(),
            )
            if answer is None:
                why = NO_ANSWER.format(request=request_id) + failure
                # The function may have made something: it gets a request to delete it, under a name of ours.
                raise ProviderError(why, None, context.name() if kind == "Create" else None)
        return _provided(answer, request_id, (more or {}).get("PhysicalResourceId"), context)

    def _url(self, token: str, context: Context) -> str:
        """Where to answer: AWS's own host for Node code, which may ignore a port; its sandbox takes it here."""
        if ":sns:" in token:
            return self._endpoint() + CUSTOM_RESPONSES
        client: LambdaClient = context.client("lambda")
        runtime = client.get_function_configuration(FunctionName=token).get("Runtime", "")
        if not runtime.startswith("nodejs"):
            return self._endpoint() + CUSTOM_RESPONSES
        host = HOST.format(region=context.region.replace("-", ""), domain="amazonaws.com")
        return f"https://{host}{CUSTOM_RESPONSES}"


def _send(context: Context, token: str, event: Mapping[str, object]) -> str:
    """Hand a request to its function, or to its topic; returns how the function failed, or nothing."""
    if ":sns:" in token:
        context.client("sns").publish(TopicArn=token, Subject=SUBJECT, Message=json.dumps(event))
        return ""
    client: LambdaClient = context.client("lambda")
    done = client.invoke(FunctionName=token, Payload=json.dumps(event).encode())
    return f" The function failed: {done['Payload'].read().decode()}" if "FunctionError" in done else ""


def _provided(answer: CustomResponse, request_id: str, known: object, context: Context) -> ProvidedResource:
    physical_id = answer.get("PhysicalResourceId") or known
    if answer["Status"] == "FAILED":
        raise ProviderError(
            f"Received response status [FAILED] from custom resource. Message returned: {answer.get('Reason', '')} "
            f"(RequestId: {request_id})",
            None,
            None if known else str(physical_id or context.name()),
        )
    if not physical_id:
        raise ProviderError(
            "Invalid PhysicalResourceId. It must not be empty and not longer than 1024 characters.", None
        )
    return ProvidedResource(str(physical_id), answer.get("Data") or {}, no_echo=truth(answer.get("NoEcho")))
