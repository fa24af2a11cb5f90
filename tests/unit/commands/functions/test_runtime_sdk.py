"""Which functions are named as finding the boto3 of this machine."""

from __future__ import annotations

import pytest

from accountsctl.commands.functions.runtime_sdk import sdk_note
from accountsctl.model.project import ResourceSource
from tests.fakes import sample

USE = b"import os\nimport boto3\n"


def source(**code: bytes) -> ResourceSource:
    files = {name.replace("__", "/"): content for name, content in code.items()}
    return ResourceSource(sample.WORK, {}, "parameters.json", None, files, {})


def test_a_function_that_uses_boto3_and_does_not_bring_it_is_named_with_the_version_and_the_way_out() -> None:
    (sentence,) = sdk_note([source(**{"index.py": USE})], "1.44.8")
    assert sentence.startswith("function/work finds boto3 1.44.8 here; AWS does not publish")
    assert "boto3==" in sentence


@pytest.mark.parametrize(
    "code",
    [
        {"index.py": b"# import boto3\nimport os\n"},
        {"index.mjs": USE},
        {"index.py": USE, "boto3__init.py": b""},
        {"index.py": USE, "requirements.txt": b"boto3==1.40.0\n"},
        {"index.py": USE, "requirements.txt": b"requests\nboto3\n"},
    ],
)
def test_no_other_function_is_named(code: dict[str, bytes]) -> None:
    assert list(sdk_note([source(**code)], "1.44.8")) == []


def test_several_functions_are_named_at_once_and_without_a_version_none() -> None:
    both = [source(**{"index.py": USE}), source(**{"a.py": b"from botocore.config import Config\n"})]
    (sentence,) = sdk_note(both, "1.44.8")
    assert sentence.startswith("function/work, function/work find boto3")
    assert list(sdk_note(both, None)) == []
