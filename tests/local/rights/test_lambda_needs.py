"""What a call to Lambda needs, by the requests that boto3 really sends."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.moto_services.rest_routes import rest_routes
from accountsctl.localcloud.rights import lambda_needs
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need
from tests.local.rights.requests import found, here

SIGNING = here("lambda", "code-signing-config:csc-0123456789abcdef0")
CALLS: list[tuple[str, dict[str, Any], list[tuple[str, str | None]]]] = [
    ("invoke", {"FunctionName": "f"}, [("lambda:InvokeFunction", here("lambda", "function:f"))]),
    (
        "invoke",
        {"FunctionName": "f", "Qualifier": "live"},
        [("lambda:InvokeFunction", here("lambda", "function:f:live"))],
    ),
    (
        "invoke",
        {"FunctionName": here("lambda", "function:f:2")},
        [("lambda:InvokeFunction", here("lambda", "function:f:2"))],
    ),
    (
        "invoke",
        {"FunctionName": here("lambda", "function:f:2"), "Qualifier": "2"},
        [("lambda:InvokeFunction", here("lambda", "function:f:2"))],
    ),
    ("list_functions", {}, [("lambda:ListFunctions", NO_RESOURCE)]),
    (
        "create_function",
        {
            "FunctionName": "f",
            "Role": "arn:aws:iam::123456789012:role/r",
            "Code": {"S3Bucket": "code", "S3Key": "k"},
        },
        [("lambda:CreateFunction", here("lambda", "function:f"))],
    ),
    (
        "put_function_concurrency",
        {"FunctionName": "f", "ReservedConcurrentExecutions": 1},
        [("lambda:PutFunctionConcurrency", here("lambda", "function:f"))],
    ),
    (
        "remove_permission",
        {"FunctionName": "f", "StatementId": "s", "Qualifier": "live"},
        [("lambda:RemovePermission", here("lambda", "function:f:live"))],
    ),
    (
        "list_tags",
        {"Resource": here("lambda", "function:f")},
        [("lambda:ListTags", here("lambda", "function:f"))],
    ),
    (
        "get_event_source_mapping",
        {"UUID": "0a1b2c3d-0000-4000-8000-000000000000"},
        [
            (
                "lambda:GetEventSourceMapping",
                here("lambda", "event-source-mapping:0a1b2c3d-0000-4000-8000-000000000000"),
            )
        ],
    ),
    (
        "create_event_source_mapping",
        {"FunctionName": "f"},
        [("lambda:CreateEventSourceMapping", NO_RESOURCE)],
    ),
    ("list_layers", {}, [("lambda:ListLayers", NO_RESOURCE)]),
    ("list_layer_versions", {"LayerName": "l"}, [("lambda:ListLayerVersions", NO_RESOURCE)]),
    (
        "publish_layer_version",
        {"LayerName": "l", "Content": {"S3Bucket": "code", "S3Key": "k"}},
        [("lambda:PublishLayerVersion", here("lambda", "layer:l"))],
    ),
    (
        "get_layer_version",
        {"LayerName": "l", "VersionNumber": 3},
        [("lambda:GetLayerVersion", here("lambda", "layer:l:3"))],
    ),
    (
        "get_layer_version_by_arn",
        {"Arn": here("lambda", "layer:l:3")},
        [("lambda:GetLayerVersion", here("lambda", "layer:l:3"))],
    ),
    (
        "get_code_signing_config",
        {"CodeSigningConfigArn": SIGNING},
        [("lambda:GetCodeSigningConfig", SIGNING)],
    ),
    ("get_account_settings", {}, [("lambda:GetAccountSettings", NO_RESOURCE)]),
]


@pytest.mark.parametrize(("method", "members", "wanted"), CALLS, ids=[call[0] for call in CALLS])
def test_a_call_needs_its_action_on_what_it_names(
    method: str, members: dict[str, Any], wanted: list[tuple[str, str | None]]
) -> None:
    assert found("lambda", method, **members) == [Need(*pair) for pair in wanted]


def test_every_operation_of_lambda_needs_an_action_of_lambda() -> None:
    """No operation asks for `lambda:*`, which no policy with single actions allows."""
    for route in rest_routes("lambda"):
        path = str(route.model.http["requestUri"]).partition("?")[0]
        request = Request(route.verb, re.sub(r"\{\w+\}", "x", path), query=route.query)
        action = lambda_needs.needs(request, "eu-west-1")[0].action
        assert action.removeprefix("lambda:") in (route.model.name, "InvokeFunction", "GetLayerVersion")


def test_a_call_that_lambda_does_not_have_needs_the_complete_service() -> None:
    request = Request("PATCH", "/2015-03-31/functions/f")
    assert lambda_needs.needs(request, "eu-west-1") == [Need("lambda:*", None)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"FunctionName": 1}', b"\xff"])
def test_a_function_without_a_readable_name_needs_the_right_to_create_one(body: bytes) -> None:
    request = Request("POST", "/2015-03-31/functions", body=body)
    assert lambda_needs.needs(request, "eu-west-1") == [Need("lambda:CreateFunction", None)]
