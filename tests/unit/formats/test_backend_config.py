"""backend-config.json: what it means, and everything that is wrong with it in one run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.backend_config import parse
from accountsctl.model.backend import Backend
from accountsctl.model.names import ResourceId

FILE = "backend-config.json"


def on(category: str, name: str, *attributes: Any, **more: Any) -> dict[str, Any]:
    return {"category": category, "resourceName": name, "attributes": list(attributes), **more}


def entry(*depends_on: Any, service: str = "Lambda", **more: Any) -> dict[str, Any]:
    return {"service": service, "dependsOn": list(depends_on), **more}


def parsed(value: Any) -> tuple[Backend, list[str]]:
    backend, faults = parse(json.dumps(value), FILE)
    return backend, [fault.what for fault in faults]


def test_resources_come_in_the_order_of_the_file_with_places_and_unknown_keys() -> None:
    text = """{
  "rds": {"b": {"service": "RDSCluster", "providerPlugin": "awscloudformation"}},
  "parameters": {"AMPLIFY_x": {"usedBy": []}},
  "auth": {"a": {"service": "Cognito", "serviceType": "imported"}},
  "function": {
    "f": {"service": "Lambda", "build": true, "dependsOn": [
      {"category": "rds", "resourceName": "b", "attributes": ["Arn", "SecretArn"]},
      {"category": "auth", "resourceName": "a"}
    ]}
  }
}"""
    backend, faults = parse(text, FILE)

    assert faults == ()
    assert [str(each.id) for each in backend] == ["rds/b", "auth/a", "function/f"]
    function = backend.get(ResourceId("function", "f"))
    assert function is not None
    assert function.place.line == 6
    assert function.entry["build"] is True
    assert [(str(each.on), each.attributes, each.place.line) for each in function.depends_on] == [
        ("rds/b", ("Arn", "SecretArn"), 7),
        ("auth/a", (), 8),
    ]
    assert [each.imported for each in backend] == [False, True, False]


def test_the_two_edges_that_amplify_drops_do_not_order() -> None:
    value = {
        "api": {"team": entry(on("auth", "team", "UserPoolId"), service="AppSync")},
        "auth": {"team": entry(on("function", "pre", "Arn", triggerProvider="Cognito"), service="Cognito")},
        "function": {"pre": entry(on("api", "team", "ApiId"))},
    }
    backend, faults = parsed(value)

    assert faults == []
    assert [each.orders for resource in backend for each in resource.depends_on] == [False, False, True]


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ([], "backend-config.json must be an object, not an array."),
        ({"api": 3}, 'The category "api" must be an object, not a number.'),
        ({"api": {"a": None}}, "api/a must be an object, not null."),
        ({"api": {"a": {"service": ""}}}, "api/a has no service."),
        ({"api": {"a": {"service": 1}}}, "The service of api/a must be a string, not a number."),
        (
            {"api": {"a": {"service": "x", "dependsOn": {}}}},
            "dependsOn of api/a must be an array, not an object.",
        ),
        ({"api": {"a": entry("b")}}, "An entry in dependsOn of api/a must be an object, not a string."),
        ({"api": {"a": entry({"category": "api"})}}, 'An entry in dependsOn of api/a has no "resourceName".'),
        ({"api": {"a": entry(on("api", "a"))}}, "api/a depends on itself."),
        ({"api": {"a": entry(on("api", "b"))}}, "api/a depends on api/b, which does not exist."),
        (
            {"api": {"../a": entry()}},
            '"../a" is not a valid name for a resource: it becomes a folder\'s name',
        ),
        ({"api": {"a\\b": entry()}}, "must not lead out of it"),
        ({"a/b": {"a": entry()}}, '"a/b" is not a valid name for a category'),
        ({"api": {"": entry()}}, "A resource's name must not be empty."),
        ({"my_api": {"a": entry()}}, "letters and digits only"),
        ({"api": {"a-b": entry()}}, "letters and digits only"),
        ({"api": {"a" * 65: entry()}}, "64 characters at most"),
        ({"api": {"a\n": entry()}}, "is not a valid name for a resource"),
        (
            {"api": {"a": entry(on("api", "../b"))}},
            'dependsOn of api/a: "../b" is not a valid name for a resource',
        ),
        (
            {"ab": {"c": entry()}, "a": {"bc": entry()}},
            "a/bc and ab/c (line 1) would share the logical id abc.",
        ),
    ],
)
def test_what_is_wrong_is_told(value: Any, what: str) -> None:
    _, faults = parsed(value)

    assert len(faults) == 1
    assert what in faults[0]


@pytest.mark.parametrize(
    ("attributes", "what"),
    [
        ([1], "Each of the attributes that api/a wants of api/b must be a string, not a number."),
        (["Arn", "Arn"], '"Arn" stands twice among the attributes that api/a wants of api/b.'),
        (["Arn.Sub"], '"Arn.Sub" is not a valid name of an output: letters and digits only.'),
    ],
)
def test_attributes_are_names_of_outputs_each_once(attributes: list[Any], what: str) -> None:
    assert parsed({"api": {"a": entry(on("api", "b", *attributes)), "b": entry()}})[1] == [what]


def test_two_dependencies_on_one_resource_are_one_with_the_attributes_of_both() -> None:
    """Amplify's CLI writes them if the groups of a user pool are involved."""
    trigger = on("api", "b", "Arn", "Id", triggerProvider="x")
    backend, faults = parsed({"api": {"a": entry(on("api", "b", "Arn", "Name"), trigger), "b": entry()}})

    assert faults == []
    resource = backend.get(ResourceId("api", "a"))
    assert resource is not None
    assert [(str(edge.on), edge.attributes) for edge in resource.depends_on] == [
        ("api/b", ("Arn", "Name", "Id"))
    ]
    assert resource.complete


def test_an_entry_without_a_service_has_that_of_its_category_or_none() -> None:
    backend, faults = parsed({"function": {"f": {}}, "queue": {"q": {"providerPlugin": "awscloudformation"}}})

    assert faults == []
    assert [resource.service for resource in backend] == ["Lambda", ""]


def test_hosting_is_passed_over_and_named() -> None:
    hosting = {"amplifyhosting": {"type": "cicd"}, "S3AndCloudFront": {"service": "S3AndCloudFront"}}
    backend, faults = parsed({"hosting": hosting, "parameters": {"x_y": {}}, "api": {"a": entry()}})

    assert faults == []
    assert [str(resource.id) for resource in backend] == ["api/a"]
    assert [on.name for on in backend.passed_over] == ["amplifyhosting", "S3AndCloudFront"]


def test_exports_of_other_stacks_feed_parameters_and_are_no_dependency() -> None:
    edges = [{"exports": {"Vpc": "net-VpcId"}}, on("api", "b", exports={"Zone": "net-Zone"})]
    backend, faults = parsed({"api": {"a": entry(*edges), "b": entry()}})

    assert faults == []
    resource = backend.get(ResourceId("api", "a"))
    assert resource is not None
    assert resource.imports == {"Vpc": "net-VpcId", "Zone": "net-Zone"}
    assert [str(edge.on) for edge in resource.depends_on] == ["api/b"]
    assert resource.complete
    wrong = parsed({"api": {"a": entry({"exports": {"Vpc": 1}})}})[1]
    assert wrong == ['The export of "Vpc" must be a string, not a number.']


def test_two_attributes_that_would_share_a_parameter_are_told() -> None:
    value = {
        "a": {"b": entry(service="x"), "bC": entry(service="x")},
        "z": {"z": entry(on("a", "b", "CD"), on("a", "bC", "D"))},
    }

    assert parsed(value)[1] == ["z/z would get CD of a/b and D of a/bC through one parameter, abCD."]


def test_a_misspelt_resource_is_answered_with_the_one_meant() -> None:
    text = json.dumps({"rds": {"accountsCluster": entry()}, "api": {"a": entry(on("rds", "accountCluster"))}})

    assert [fault.hint for fault in parse(text, FILE)[1]] == ["Did you mean rds/accountsCluster?"]


def test_all_faults_come_in_one_run_each_with_its_line() -> None:
    text = """{
  "api": {
    "a": {"service": "API Gateway", "dependsOn": [{"category": "function", "resourceName": "f"}]},
    "a": {"service": "API Gateway"}
    "../x": {"service": "API Gateway"}
  },
  "function": {
    "f": {"service": "Lambda", "dependsOn": [
      {"category": "rds", "resourceName": "gone"},
      {"category": "function", "resourceName": "g"}
    ]},
    "g": {"service": "Lambda", "dependsOn": [{"category": "function", "resourceName": "f"}]},
  }
}"""
    told = [(fault.line, fault.what) for fault in parse(text, FILE)[1]]

    assert [line for line, _ in told] == [4, 4, 5, 9, 12, 12]
    assert "A cycle: function/f -> function/g -> function/f." in [what for _, what in told]


def test_where_text_is_lost_nothing_is_concluded_from_what_is_missing() -> None:
    text = '{"api": {"a": {"service": "x", "dependsOn": [{"category": "rds", "resourceName": "b"}]}, "c": {'
    _, faults = parse(text, FILE)

    assert all("was expected" in fault.what for fault in faults)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["api", "a", "service", "dependsOn", "category", "resourceName", "attributes"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_no_json_makes_it_fail(value: Any) -> None:
    backend, faults = parse(json.dumps(value, indent=1), FILE)

    assert all(fault.file == FILE and fault.line >= 1 and fault.what for fault in faults)
    assert all(each.id.category.isalnum() for each in backend)
