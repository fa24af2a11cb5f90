"""The words of API Gateway for what a model finds in a body."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft4Validator

from accountsctl.localcloud.apigateway.validation_errors import validation_errors


@pytest.mark.parametrize(
    ("schema", "body", "message"),
    [
        (
            {"properties": {"a": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": False},
            {"a": 1, "x-b": 2, "c": 3},
            'object instance has properties which are not allowed by the schema: ["c"]',
        ),
        (
            {"maxLength": 3},
            "Zoë Müller",
            'string "Zoë Müller" is too long (length: 10, maximum allowed: 3)',
        ),
    ],
)
def test_a_message_names_what_is_wrong_alone_and_as_it_was_sent(
    schema: dict[str, Any], body: object, message: str
) -> None:
    assert validation_errors(Draft4Validator(schema).iter_errors(body)) == f"[{message}]"
