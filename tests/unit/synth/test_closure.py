"""Closure: what does not fit together is refused before anything leaves the machine."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.ports.projects import Reading
from tests.unit.synth.conftest import StartEdit

TOPIC = "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  env:\n    Type: String\n  Greeting:\n    Type: String\n"
TOPIC += "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\nOutputs:\n  Arn:\n    Value: !Ref Topic\n"


def test_an_attribute_that_nobody_outputs_is_named_at_the_line_that_asks(edit: StartEdit) -> None:
    asked = (("rds/accountsCluster", ("Arn", "SecretArn", "Port")),)
    [fault] = edit().resource("function/accountsAPI", depends_on=asked).faults()
    assert fault.startswith('backend-config.json:100: function/accountsAPI asks for the attribute "Port"')
    assert "Arn, DatabaseName, Name, SecretArn" in fault


def test_a_parameter_that_nobody_feeds_is_named_at_the_line_that_declares_it(edit: StartEdit) -> None:
    [fault] = edit().resource("topic/news").own_template("topic/news", "template.yaml", TOPIC).faults()
    assert fault.startswith(
        'amplify/backend/topic/news/template.yaml:5: Nothing feeds the parameter "Greeting"'
    )


def test_a_parameter_is_fed_from_parameters_json_and_what_is_not_declared_is_not_passed(
    edit: StartEdit,
) -> None:
    news = edit().resource("topic/news").own_template("topic/news", "template.yaml", TOPIC)
    root = news.parameters("topic/news", Greeting=["a", 1, True], Unknown="x").assemble().root
    passed = root.body["Resources"]["topicnews"]["Properties"]["Parameters"]
    assert passed == {"env": "dev", "Greeting": "a,1,true"}


def test_a_default_feeds_a_parameter_and_an_overlay_wins_over_parameters_json(edit: StartEdit) -> None:
    text = TOPIC.replace(
        "  Greeting:\n    Type: String\n", "  Greeting:\n    Type: String\n    Default: hello\n"
    )
    news = edit().resource("topic/news").own_template("topic/news", "template.yaml", text)
    assert "Greeting" not in news.assemble().root.body["Resources"]["topicnews"]["Properties"]["Parameters"]
    news.parameters("topic/news", Greeting="base").environment(
        parameters={"topic": {"news": {"Greeting": "overlay"}}}
    )
    passed = news.assemble().root.body["Resources"]["topicnews"]["Properties"]["Parameters"]
    assert passed["Greeting"] == "overlay"


def test_a_cycle_is_named_from_end_to_end(edit: StartEdit) -> None:
    circle = edit().resource("topic/a", depends_on=(("topic/b", ()),))
    circle.resource("topic/b", depends_on=(("topic/a", ()),))
    for name in ("topic/a", "topic/b"):
        circle.own_template(name, "template.yaml", TOPIC).parameters(name, Greeting="x")
    assert any("topic/a -> topic/b -> topic/a" in fault for fault in circle.faults())


def test_a_dependency_on_nothing_is_named(edit: StartEdit) -> None:
    lonely = edit().resource("topic/a", depends_on=(("topic/gone", ()),))
    lonely.own_template("topic/a", "template.yaml", TOPIC).parameters("topic/a", Greeting="x")
    assert lonely.faults() == [
        "backend-config.json:100: topic/a depends on topic/gone, which is not in the backend."
    ]


def test_a_dependency_without_attributes_orders_the_stacks_all_the_same(edit: StartEdit) -> None:
    later = edit().resource("topic/a", depends_on=(("rds/accountsCluster", ()),))
    later.own_template("topic/a", "template.yaml", TOPIC).parameters("topic/a", Greeting="x")
    assert later.assemble().root.body["Resources"]["topica"]["DependsOn"] == ["rdsaccountsCluster"]


def test_all_faults_of_all_resources_come_at_once_beside_those_of_the_reading(edit: StartEdit) -> None:
    broken = edit().unsound("rds/accountsCluster").resource("thing/odd", service="Odd")
    broken.parameters("api/accountsAPI", authorization="MAYBE").parameters("function/accountsAPI", timeout=0)
    whole = "\n".join(broken.faults())
    for part in (
        "unreadable",
        'no template of its own, and there is none for the service "Odd"',
        "MAYBE",
        "timeout",
    ):
        assert part.replace("MAYBE", '"authorization" is one of') in whole


def test_nothing_is_concluded_from_a_resource_that_could_not_be_read(edit: StartEdit) -> None:
    assert edit().unsound("rds/accountsCluster").faults() == [
        "amplify/backend/rds/accountsCluster/parameters.json:1: unreadable"
    ]


def test_a_resource_never_goes_missing_in_silence(edit: StartEdit) -> None:
    lost = edit().unsound("rds/accountsCluster")
    lost.reading = Reading(lost.reading.project, (), frozenset())
    [fault] = lost.faults()
    assert fault.endswith("Nothing was read of rds/accountsCluster.")


def test_a_pool_that_was_not_imported_here_is_a_fault_of_the_environments_file(edit: StartEdit) -> None:
    [fault] = edit().environment(imported={}).faults()
    assert fault.startswith("amplify/environments/dev.json: auth/mfeaccounts is imported")


@pytest.mark.parametrize(
    ("ids", "part"),
    [
        ({"UserPoolId": "nonsense"}, "'nonsense' is not a valid UserPoolId"),
        ({"UserPoolId": "us-east-1_Abc"}, "the pool is in us-east-1"),
        ({"UserPoolId": "eu-west-1_Abc"}, 'asks for the attribute "AppClientIDWeb"'),
    ],
)
def test_ids_that_cannot_be_right_are_refused(edit: StartEdit, ids: dict[str, str], part: str) -> None:
    [fault] = edit().environment(imported={"auth": {"mfeaccounts": ids}}).faults()
    assert part in fault


def test_a_runtime_past_its_end_is_refused_with_the_one_to_move_to(edit: StartEdit) -> None:
    [fault] = edit().parameters("function/accountsAPI", runtime="nodejs20.x").faults()
    assert "no security patches since 2026-04-30" in fault


def test_a_name_that_lambda_takes_for_no_variable_is_refused(edit: StartEdit) -> None:
    [fault] = edit().parameters("function/accountsAPI", variables={"A-B": 1}).faults()
    assert '"variables" must be' in fault


def test_a_handler_that_is_not_in_the_code_is_refused(edit: StartEdit) -> None:
    [fault] = edit().parameters("function/accountsAPI", handler="app.main").faults()
    assert "src/ holds no app.py" in fault


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"MinCapacity": 0.3}, "half steps"),
        ({"MinCapacity": 4, "MaxCapacity": 2}, "below"),
        ({"DatabaseName": "a-b"}, "must be a name"),
        ({"SecondsUntilAutoPause": 60}, "from 300 to 86400"),
        ({"AvailabilityZones": 1}, "from 2 to 6"),
    ],
)
def test_database_parameters_that_every_linter_lets_pass_are_refused(
    edit: StartEdit, values: dict[str, Any], part: str
) -> None:
    assert any(part in fault for fault in edit().parameters("rds/accountsCluster", **values).faults())


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"cors": {"allowOrigins": ["https://a.example/"]}}, "is not a valid origin"),
        ({"cors": {"allowOrigins": ["*", "https://a.example"]}}, "say nothing"),
        ({"paths": {"accounts": {"function": "accountsAPI", "methods": ["GET"]}}}, "is not a valid path"),
        ({"paths": {"/a": {"function": "accountsAPI", "methods": ["OPTIONS"]}}}, '"cors" makes OPTIONS'),
        ({"paths": {"/a": {"function": "other", "methods": ["GET"]}}}, "does not depend"),
        ({"paths": {}}, "an API needs"),
        (
            {"paths": {f"/a/{{{v}}}": {"function": "accountsAPI", "methods": ["GET"]} for v in "xy"}},
            "one variable there",
        ),
    ],
)
def test_api_parameters_that_cannot_work_are_refused(
    edit: StartEdit, values: dict[str, Any], part: str
) -> None:
    assert any(part in fault for fault in edit().parameters("api/accountsAPI", **values).faults())


def test_an_api_that_authorizes_by_cognito_needs_a_pool_and_its_client(edit: StartEdit) -> None:
    function = ("function/accountsAPI", ("Name", "Arn"))
    [fault] = edit().resource("api/accountsAPI", depends_on=(function,)).faults()
    assert "depends on no auth resource's UserPoolArn" in fault
    half = (function, ("auth/mfeaccounts", ("UserPoolArn",)))
    [fault] = edit().resource("api/accountsAPI", depends_on=half).faults()
    assert "AppClientIDWeb" in fault
