"""From a template's text to values: Jinja's faults, YAML's, JSON's, and the long form."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accountsctl.model.project import TemplateSource
from accountsctl.synth.canonical import canonical_text
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.packages import package
from accountsctl.synth.parsing import parse_template
from accountsctl.synth.rendering import render, to_json
from accountsctl.synth.snapshots import name_deployments

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
HEAD = "Resources:\n  A:\n    Type: T\n"


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(key, shuffled(each, chance)) for key, each in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [shuffled(each, chance) for each in value] if isinstance(value, list) else value


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.text(), JSON), st.randoms(use_true_random=False))
def test_canonical_json_loses_nothing_and_knows_no_order_of_keys(value: Any, chance: random.Random) -> None:
    text = canonical_text({"Resources": value})
    assert json.loads(text) == {"Resources": value}
    assert canonical_text(shuffled({"Resources": value}, chance)) == text


@settings(deadline=None, max_examples=60)
@example({"<<": None})
@given(JSON)
def test_a_value_that_passed_the_json_filter_comes_out_of_yaml_unchanged(value: Any) -> None:
    wrapped = f'Resources:\n  A:\n    Type: T\n    Properties: {{"p": {to_json(value)}}}\n'
    found = parse_template(wrapped, wrapped, "t.yaml")["Resources"]["A"]["Properties"]["p"]
    assert found == value


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + "    Type: U\n", 't.yaml:4: The key "Type" is written twice.'),
        (HEAD + "    Properties: !Foo x\n", "t.yaml:4: !Foo is not a function of CloudFormation."),
        (HEAD + "   Properties: [\n", "t.yaml:4: This is not valid YAML"),
        (HEAD + "    Properties: {<<: {}}\n", "t.yaml:4: CloudFormation knows no merge keys."),
        (HEAD + "    Properties: &x [*x]\n", "t.yaml:4: This alias points at something"),
        ("Outputs: {}\n", "t.yaml:1: The template has no Resources"),
        ("Resources:\n  A:\n    Typ: T\n", 't.yaml:2: The resource "A" has no Type.'),
        (HEAD + "    Properties: text\n", 't.yaml:2: The Properties of "A" are not an object.'),
        ("- a\n", "t.yaml:1: The template is not an object"),
        ("", "t.yaml:1: The template is not an object"),
        ('{"Resources": {\n"A": {"Type": "T",\n"Type": "U"}}}', "t.yaml:3: "),
        ('{"Resources": {\n"A" {"Type": "T"}}}', "t.yaml:2: "),
    ],
)
def test_broken_texts_are_refused_with_file_and_line(text: str, place: str) -> None:
    with pytest.raises(Faulty) as caught:
        parse_template(text, text, "t.yaml")
    assert str(caught.value.faults[0]).startswith(place)


def test_all_faults_of_a_text_are_refused_at_once() -> None:
    text = HEAD + "    Type: U\n    Properties: {a: !Foo x, <<: {}}\n    Metadata: {b: !Bar [1]}\n"
    with pytest.raises(Faulty) as caught:
        parse_template(text, text, "t.yaml")
    assert [fault.line for fault in caught.value.faults] == [4, 5, 5, 6]


def test_a_fault_in_rendered_yaml_names_the_written_line_where_it_is_plain() -> None:
    source = "{% for i in range(9) %}\n# {{ i }}\n{% endfor %}\nResources:\n  A:\n    Type: !Foo T\n"
    with pytest.raises(Faulty) as caught:
        parse_template(render_one(source), source, "t.yaml.j2")
    assert caught.value.faults[0].line == 6


def render_one(text: str, **context: Any) -> str:
    return render("t", {"t": TemplateSource("t.yaml.j2", text)}, context)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\n{{ gone }}\n", 't.yaml.j2:2: Undefined: nothing defines "gone".'),
        ("a\nb\n{{ here.gone }}\n", "t.yaml.j2:3: Undefined:"),
        ("a\n{{ gone | json }}\n", "t.yaml.j2:2: Undefined:"),
        ("{% macro m() %}\n{{ gone }}\n{% endmacro %}\n{{ m() }}", "t.yaml.j2:2: Undefined:"),
        ("{% if %}\n", "t.yaml.j2:1: Jinja cannot read this"),
        ("a\n\n{{ fail('no') }}\n", "t.yaml.j2:3: no"),
        ("a\n{% include 'other' %}\n", 't.yaml.j2:2: There is no template "other"'),
        ("a\n{{ 1 / 0 }}\n", "t.yaml.j2:2: The template fails: division by zero."),
        ("a\n{{ ''.__class__.__mro__ }}\n", "t.yaml.j2:2: "),
    ],
)
def test_a_template_that_cannot_be_rendered_is_refused_with_file_and_line(text: str, place: str) -> None:
    with pytest.raises(Faulty) as caught:
        render_one(text, here={})
    assert str(caught.value.faults[0]).startswith(place)


def test_packages_are_the_same_bytes_for_the_same_files_in_any_order() -> None:
    code = {"b.py": b"2", "a.py": b"1", "bin/run": b"#!/bin/sh\n"}
    one, two = package("f", code), package("f", dict(reversed(code.items())))
    assert one == two
    assert one.key == f"functions/f/{one.digest}.zip"
    assert package("f", {**code, "__pycache__/a.pyc": b"x"}) == one
    assert package("f", {**code, "a.py": b"!"}).digest != one.digest


def test_a_named_deployment_is_renamed_wherever_it_is_referred_to() -> None:
    marked = {"Type": "AWS::ApiGateway::Deployment", "Metadata": {"accountsctl": {"snapshot": True}, "x": 1}}
    stage = {"Type": "S", "DependsOn": ["D"], "Properties": {"a": {"Ref": "D"}, "b": {"Fn::Sub": "${D}${E}"}}}
    changed = name_deployments({"Resources": {"D": marked, "S": stage}}, {})["Resources"]
    [name] = set(changed) - {"S"}
    assert changed["S"] == {
        "Type": "S",
        "DependsOn": [name],
        "Properties": {"a": {"Ref": name}, "b": {"Fn::Sub": f"${{{name}}}${{E}}"}},
    }
    assert changed[name]["Metadata"] == {"x": 1}
