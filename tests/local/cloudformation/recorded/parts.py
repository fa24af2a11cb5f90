"""Pieces of templates that several recorded sequences use."""

from __future__ import annotations

from typing import Any

Parts = dict[str, Any]


def parameter(value: Any = "value", **more: Any) -> Parts:
    """An SSM parameter."""
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **more}}


def topic(name: Any = None) -> Parts:
    made: Parts = {"Type": "AWS::SNS::Topic"}
    return {**made, "Properties": {"TopicName": name}} if name is not None else made


def template(resources: Parts, **sections: Parts) -> Parts:
    return {**sections, "Resources": resources}


def attribute(name: str, of: str) -> Parts:
    return {"Fn::GetAtt": [name, of]}


def text_parameter(**more: Any) -> Parts:
    return {"Type": "String", **more}
