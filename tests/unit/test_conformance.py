"""The table of what AWS documents: current, of tests that exist, with AWS's pages as sources."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AWS = "https://docs.aws.amazon.com/"
DOCUMENTED = json.loads((ROOT / "tests/data/documented.json").read_text("utf-8"))
SERVICES = {"CloudFormation", "API Gateway", "Lambda", "Cognito", "RDS Data API", "SQS", "EventBridge"}


@pytest.mark.parametrize("documented", DOCUMENTED, ids=lambda row: f"{row['service']}: {row['feature']}")
def test_each_row_is_of_tests_that_exist(documented: dict[str, Any]) -> None:
    tree = ast.parse((ROOT / "tests/local" / documented["file"]).read_text("utf-8"))
    there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {f"test_{name}" for name in documented["tests"]} - there == set()
    assert documented["source"].startswith(AWS)


def test_no_test_stands_twice_and_every_large_service_is_there() -> None:
    tests = [(documented["file"], name) for documented in DOCUMENTED for name in documented["tests"]]
    assert len(tests) == len(set(tests)) >= 80
    assert {documented["service"] for documented in DOCUMENTED} >= SERVICES


def test_the_page_is_current() -> None:
    words = [sys.executable, "tools/make_conformance.py", "--check"]
    done = subprocess.run(words, cwd=ROOT, check=False)
    assert done.returncode == 0, "run: python tools/make_conformance.py"
