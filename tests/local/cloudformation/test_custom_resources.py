"""Custom resources, whose functions are fakes: what they are sent, and what becomes of their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.cloudformation.execution.custom_resources import CustomResourceProvider
from accountsctl.localcloud.cloudformation.execution.custom_responses import CustomResponses
from accountsctl.localcloud.cloudformation.runtime.state import CUSTOM_RESOURCE
from accountsctl.localcloud.contracts.messages import Request
from tests.local.cloudformation.conftest import Widgets, World, client_of, template, widget
from tests.local.cloudformation.fake_schema import FakeSchema
from tests.local.cloudformation.fake_services import FakeServices

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"


@pytest.fixture
def custom() -> Iterator[World]:
    """A cloud in which a function and a topic answer with the properties that they get."""
    services, log, responses = FakeServices(), list[str](), CustomResponses()
    seen = log

    def answer(event: Any) -> None:
        properties = event["ResourceProperties"]
        seen.append(f"{event['RequestType']} {event.get('PhysicalResourceId')}")
        body = {
            "Status": "SUCCESS",
            "PhysicalResourceId": properties.get("Id", "id"),
            **properties.get("Answer", {}),
        }
        path = event["ResponseURL"].removeprefix("http://here")
        assert responses.handle(Request("PUT", path, body=json.dumps(body).encode())).status == 200

    services.functions |= {FUNCTION: answer, TOPIC: answer}
    services.topics.add(TOPIC)
    widgets = Widgets([])
    providers: Any = {
        "Test::Widget": widgets,
        CUSTOM_RESOURCE: CustomResourceProvider(responses, lambda: "http://here"),
    }
    schema = FakeSchema(create_only=frozenset({"ServiceToken"}))
    cloud = CloudFormation(
        services, lambda: None, providers, lambda name: None if name.startswith("Custom::") else schema
    )
    yield World(services, widgets, log, cloud, client_of(cloud), [])
    cloud.close()


def thing(token: str = FUNCTION, **properties: Any) -> dict[str, Any]:
    return {"Type": "Custom::Thing", "Properties": {"ServiceToken": token, **properties}}


def output(attribute: str = "V") -> dict[str, Any]:
    return {"Outputs": {"O": {"Value": {"Fn::GetAtt": ["T", attribute]}}}}


def test_a_failed_creation_is_the_functions_reason_and_is_deleted(custom: World) -> None:
    custom.create(template({"T": thing(Answer={"Status": "FAILED", "Reason": "full"})}))
    reason = custom.reason("T", "CREATE_FAILED")
    assert reason.startswith(
        "Received response status [FAILED] from custom resource. Message returned: full ("
    )
    assert custom.log == ["Create None", "Delete id"]


@pytest.mark.parametrize("token", [FUNCTION, TOPIC])
def test_a_function_or_whoever_listens_at_a_topic_answers(custom: World, token: str) -> None:
    custom.create(template({"T": thing(token, Answer={"Data": {"V": "v"}})}, **output()))
    assert custom.outputs() == {"O": "v"}
    custom.delete()
    assert custom.log == ["Create None", "Delete id"]


def test_a_service_token_is_a_function_or_a_topic(custom: World) -> None:
    custom.create(template({"T": thing("arn:aws:sqs:eu-west-1:123456789012:q")}))
    assert "Invalid service token" in custom.reason("T", "CREATE_FAILED")


def test_another_service_token_is_refused_and_makes_nothing(custom: World) -> None:
    custom.create(template({"T": thing()}))
    custom.update(template({"T": thing(TOPIC)}))
    assert "Modifying service token is not allowed." in custom.reason("T", "UPDATE_FAILED")
    assert "Create None" not in custom.log[1:]


def test_an_attribute_that_was_not_answered_is_the_reason(custom: World) -> None:
    custom.create(template({"T": thing(Answer={"Data": {"V": "v"}})}, **output("No")))
    assert (
        "CustomResource attribute error: Vendor response doesn't contain No attribute in object "
        in custom.reason("s", "ROLLBACK_IN_PROGRESS")
    )


def test_data_under_no_echo_are_used_and_never_shown(custom: World) -> None:
    answer = {"Data": {"V": "hush-hush"}, "NoEcho": True}
    body = template({"T": thing(Answer=answer), "A": widget(X={"Fn::GetAtt": ["T", "V"]})}, **output())
    custom.create(body)
    assert custom.outputs() == {"O": "****"}
    assert custom.widgets.made[custom.physical("A")] == {"X": "hush-hush"}
    shown = [event for event in custom.events() if event["LogicalResourceId"] == "A"]
    assert "hush-hush" not in json.dumps(shown, default=str)


def test_an_output_that_is_equal_to_hidden_data_by_chance_is_shown(custom: World) -> None:
    answer = {"Data": {"V": "true", "P": "5432"}, "NoEcho": True}
    values = {"O": {"Fn::Sub": "is ${T.V}"}, "Same": "true", "Url": "http://host:5432/"}
    outputs = {name: {"Value": value} for name, value in values.items()}
    body = template({"T": thing(Answer=answer)}, Outputs=outputs)
    custom.create(body)
    assert custom.outputs() == {"O": "is ****", "Same": "true", "Url": "http://host:5432/"}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        custom.update(body)


@pytest.mark.parametrize("answer", [{}, {"NoEcho": False}])
def test_data_are_shown_without_no_echo(custom: World, answer: Any) -> None:
    custom.create(template({"T": thing(Answer={"Data": {"V": "plain-text"}, **answer})}, **output()))
    assert custom.outputs() == {"O": "plain-text"}
