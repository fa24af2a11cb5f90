"""A template's text is read as CloudFormation reads it: scalars, short forms, keys; and each part has its line."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from accountsctl.formats.cloudformation import read_template
from accountsctl.formats.cloudformation_yaml import _TemplateLoader


def read(text: str, *, packaged: bool = False) -> Any:
    found = read_template(text, "t.yaml", packaged=packaged)
    assert (found.faults, found.complete) == ((), True)
    return found.value


def faults(text: str, *, packaged: bool = False) -> list[str]:
    return [str(fault) for fault in read_template(text, "t.yaml", packaged=packaged).faults]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # A bucket's tag of YES is "true" once CloudFormation has deployed it: github.com/ASFHyP3/hyp3/pull/2061
        ("YES", True),
        ("off", False),
        ("True", True),
        ("y", "y"),
        ("Null", None),
        ("~", None),
        ("", None),
        # github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/745
        ("012345670123", 1402433619),
        ("089", "089"),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1:30", 90),
        ("-7", -7),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1e+16", 1e16),
        ("2012-10-17", "2012-10-17"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("=", "="),
        ("'012'", "012"),
        ('"yes"', "yes"),
        ("!!str 012", "012"),
    ],
)
def test_a_scalar_of_yaml_is_what_cloudformation_makes_of_it(written: str, value: object) -> None:
    found = read(f"a: {written}\n")["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("packaged", [False, True])
def test_short_forms_become_long_forms(packaged: bool) -> None:
    text = "a: !Ref B\nb: !GetAtt B.Outputs.X\nc: !Sub '${B}'\nd: !Join [',', [!Ref B]]\n"
    text += "e: !If [C, 1, !Ref AWS::NoValue]\nf: {Fn::GetAtt: B.Arn}\ng: !Condition C\nh: !GetAtt [B, C]\n"
    text += "i: !Transform {Name: AWS::Include, Parameters: {Location: !Ref L}}\nj: !Sub 012\n"
    assert read(text, packaged=packaged) == {
        "a": {"Ref": "B"},
        "b": {"Fn::GetAtt": ["B", "Outputs.X"]},
        "c": {"Fn::Sub": "${B}"},
        "d": {"Fn::Join": [",", [{"Ref": "B"}]]},
        "e": {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]},
        "f": {"Fn::GetAtt": ["B", "Arn"]},
        "g": {"Condition": "C"},
        "h": {"Fn::GetAtt": ["B", "C"]},
        "i": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": {"Ref": "L"}}}},
        "j": {"Fn::Sub": "012"},
    }


MERGED = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\nq: {'<<': 1}\n"


def test_a_merge_key_is_for_whoever_packages_the_template() -> None:
    assert faults(MERGED) == ["t.yaml:4: CloudFormation knows no merge keys."]
    found = read(MERGED, packaged=True)
    assert (found["z"], found["q"]) == ({"a": 3, "b": 1, "c": 2}, {"<<": 1})
    assert faults("a: {<<: 1}\n", packaged=True) == [
        "t.yaml:1: A merge key needs a mapping, or a list of mappings."
    ]


def test_of_two_equal_keys_the_last_counts_once_it_is_packaged() -> None:
    text = "a: 1\nb: 2\na: 3\n"
    assert faults(text) == ['t.yaml:3: The key "a" is written twice.']
    assert read(text, packaged=True) == {"a": 3, "b": 2}


def test_a_tag_that_is_not_a_function_is_a_fault_unless_another_tool_knows_it() -> None:
    assert faults("a: !Foo x\n") == ["t.yaml:1: !Foo is not a function of CloudFormation."]
    assert read("a: !Foo x\n", packaged=True) == {"a": {"Fn::Foo": "x"}}
    assert faults("d: !!binary YQ==\n") == [
        "t.yaml:1: The tag tag:yaml.org,2002:binary means nothing in a template."
    ]


@pytest.mark.parametrize("packaged", [False, True])
@pytest.mark.parametrize(
    "text", ["a: &x [*x]\n", "a: &x {b: {c: *x}}\n", "a: &x !Join ['', *x]\n", "a: &x {<<: *x}\n"]
)
def test_an_alias_of_what_it_is_part_of_ends_in_a_fault(text: str, packaged: bool) -> None:
    found = read_template(text, "t.yaml", packaged=packaged)
    assert (bool(found.faults), found.lines == {}) == (True, not found.complete)


@pytest.mark.parametrize("number", ["1" * 5000, "0b_"])
def test_a_number_that_python_does_not_have_is_a_fault(number: str) -> None:
    [fault] = faults(f"a: {number}\n")
    assert fault.startswith("t.yaml:1: This is not a value: ")


@pytest.mark.parametrize("value", ["!!int ''", "!!int '-'", "!!int _", "!!float ''", "!!bool perhaps"])
def test_a_value_that_is_not_of_the_type_that_its_tag_names_is_a_fault(value: str) -> None:
    [fault] = faults(f"a: {value}\n")
    assert fault.startswith("t.yaml:1: This is not a value: ")
    assert "is not of the type tag:yaml.org,2002:" in fault


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan"])
def test_a_number_that_json_does_not_have_is_a_fault(number: str) -> None:
    assert faults(f"a: {number}\n") == [f"t.yaml:1: {number} is not a number that a template can have."]


@pytest.mark.parametrize(
    ("text", "line"), [("a: [\n", 2), ("a: b: c\n", 1), ("a: 1\n---\nb: 2\n", 2), ("a: \x07\n", 1)]
)
def test_what_is_not_yaml_is_one_fault_and_nothing_follows_from_it(text: str, line: int) -> None:
    found = read_template(text, "t.yaml", packaged=True)
    assert (found.complete, [fault.line for fault in found.faults]) == (False, [line])


YAML = """Resources:
  A~/B:
    Type: T
    Properties:
      List:
        - x
        - !Sub
          - "${y}"
          - {y: !GetAtt C.D}
"""
JSON = """{"Resources": {
  "A~/B": {"Type": "T",
    "Properties":
      {"List": ["x",
        {"Fn::Sub": ["${y}",
          {"y": {"Fn::GetAtt": "C.D"}}]}]}}}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [(YAML, (1, 2, 4, 5, 6, 7, 9, 9)), (JSON, (1, 2, 3, 4, 4, 5, 6, 6))],
)
def test_every_part_has_the_line_of_its_key(text: str, expected: tuple[int, ...]) -> None:
    found = read_template(text, "t")
    properties = "/Resources/A~0~1B/Properties"
    sub = f"{properties}/List/1/Fn::Sub"
    pointers = (
        "/Resources",
        "/Resources/A~0~1B",
        properties,
        f"{properties}/List",
        f"{properties}/List/0",
        sub,
        f"{sub}/1/y",
        f"{sub}/1/y/Fn::GetAtt",
    )
    assert tuple(found.lines[pointer] for pointer in pointers) == expected
    assert found.value["Resources"]["A~/B"]["Properties"]["List"] == [
        "x",
        {"Fn::Sub": ["${y}", {"y": {"Fn::GetAtt": ["C", "D"]}}]},
    ]


def test_json_is_json_and_not_the_yaml_that_it_looks_like() -> None:
    text = '{"a": "\\ud83d\\ude00", "b": 1e3, "c": "012",\t"d": null, "e": [true]}'
    assert read(text) == {"a": "\U0001f600", "b": 1000.0, "c": "012", "d": None, "e": [True]}


def test_the_fast_yaml_composer_is_in_use_where_pyyaml_has_it() -> None:
    assert issubclass(_TemplateLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
