"""A change of one value is a change of one line, whatever layout the file has."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.adapters.project_files.yaml_text import rewritten

TEXT = """# Our API
Resources:
  Api:   # the API
    Type:  AWS::ApiGateway::RestApi
    Properties:
      Types:
      - REGIONAL
  Get:
    Type: AWS::ApiGateway::Method
    DependsOn: [Api,   Other]
    Properties:
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Uri: !Sub "a${b}"
      MethodResponses:
      - StatusCode: "200"
        ResponseParameters:
          method.response.header.X: true
      - StatusCode:   '500'
  Roles:
    - Ref: A
    - !GetAtt B.C
"""
Value = dict[str, Any]


def properties(value: Value) -> Value:
    found: Value = value["Resources"]["Get"]["Properties"]
    return found


def remove(value: Value) -> None:
    del properties(value)["AuthorizationType"]


CHANGES: dict[str, tuple[Callable[[Value], None], list[str]]] = {
    "a value": (
        lambda value: properties(value).update(AuthorizationType="NONE"),
        ["-      AuthorizationType: AWS_IAM", "+      AuthorizationType: NONE"],
    ),
    "a key less": (remove, ["-      AuthorizationType: AWS_IAM"]),
    "a key in a list's item": (
        lambda value: properties(value)["MethodResponses"][0]["ResponseParameters"].update(Y=True),
        ["+          Y: true"],
    ),
    "an item": (
        lambda value: properties(value)["MethodResponses"].append({"StatusCode": "201"}),
        ["+      - StatusCode: '201'"],
    ),
    "a resource": (
        lambda value: value["Resources"].update(New={"Type": "X", "Properties": {"A": 1}}),
        ["+  New:", "+    Type: X", "+    Properties:", "+      A: 1"],
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_touches_its_own_lines_alone(name: str) -> None:
    change, wanted = CHANGES[name]
    lines = difflib.unified_diff(TEXT.splitlines(), rewritten(TEXT, change).splitlines(), n=0, lineterm="")
    assert [line for line in lines if not line.startswith(("---", "+++", "@@"))] == wanted


def test_no_change_is_no_difference() -> None:
    assert rewritten(TEXT, lambda _: None) == TEXT


NESTED = """Resources:
  Options:
    Properties:
      Integration:
        Type: MOCK
        Responses:
        - StatusCode: '204'
          Parameters:
            A: '''*'''
      MethodResponses:
      - StatusCode: '204'
"""


def test_a_key_after_a_list_that_is_not_indented_stays_in_its_own_mapping() -> None:
    def change(value: Value) -> None:
        value["Resources"]["Options"]["Properties"]["Integration"]["ContentHandling"] = "CONVERT_TO_TEXT"

    added = "        ContentHandling: CONVERT_TO_TEXT\n"
    assert rewritten(NESTED, change) == NESTED.replace(
        "      MethodResponses", f"{added}      MethodResponses"
    )
