"""The OpenAPI document of the pushed sample, and what a fuzzer finds wrong with the API by it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

FUZZER = Path(sys.executable).parent / "schemathesis"


@pytest.fixture
def fuzzed(deployed: LocalProject) -> Iterator[LocalProject]:
    """The pushed sample, whose table may be filled with anything."""
    deployed.sql("truncate accounts, idempotency_keys restart identity")
    yield deployed
    deployed.sql("truncate accounts, idempotency_keys restart identity")


def fuzz(project: LocalProject, folder: Path, examples: int) -> str:
    """Every check of schemathesis over every operation; its summary."""
    file = folder / "openapi.json"
    project.run("export", "--format", "openapi", "--out", str(file))
    token = project.run("auth", "token").out.strip()
    url = json.loads(file.read_text())["servers"][0]["url"]
    command = [FUZZER, "run", str(file), "--url", url, "-H", f"Authorization: {token}"]
    command += ["--checks", "all", "--max-examples", str(examples), "--seed", "1", "--no-color"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stdout.replace(token, "***")
    return ended.stdout


def document(project: LocalProject) -> Any:
    return project.run("export", "--format", "openapi").json


def test_the_document_has_what_is_deployed_and_no_preflight(deployed: LocalProject) -> None:
    found = document(deployed)
    assert {path: sorted(item) for path, item in found["paths"].items()} == {
        "/accounts": ["get", "post"],
        "/accounts/{id}": ["delete", "get", "patch", "put"],
    }
    assert found["servers"] == [{"url": deployed.run("outputs", "api/accountsAPI", "RootUrl").out.strip()}]
    (scheme,) = found["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


def test_schemathesis_finds_nothing(fuzzed: LocalProject, tmp_path: Path) -> None:
    summary = fuzz(fuzzed, tmp_path, 50)
    (generated, passed) = re.findall(r"(\d+) generated, (\d+) passed", summary)[0]
    assert int(generated) == int(passed) > 500
