"""A function of another account is not one of this account with the same name."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, ServiceClients

OTHER = f"arn:aws:lambda:{REGION}:111122223333:function:orders"


@pytest.mark.parametrize(
    ("operation", "action", "arguments"),
    [
        ("invoke", "InvokeFunction", {"FunctionName": OTHER}),
        ("invoke", "InvokeFunction", {"FunctionName": "111122223333:function:orders"}),
        ("get_function", "GetFunction", {"FunctionName": OTHER}),
        ("delete_function", "DeleteFunction", {"FunctionName": OTHER}),
        ("list_tags", "ListTags", {"Resource": OTHER}),
    ],
)
def test_a_call_for_a_function_of_another_account_is_denied(
    client: ServiceClients, operation: str, action: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as denied:
        getattr(client("lambda"), operation)(**arguments)
    answer = denied.value.response
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (
        403,
        "AccessDeniedException",
    )
    assert answer["Error"]["Message"].endswith(
        f"is not authorized to perform: lambda:{action} on resource: {OTHER}"
        f" because no resource-based policy allows the lambda:{action} action"
    )
