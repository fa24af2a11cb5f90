"""cfn-lint finds nothing in what our templates render from parameters that the sample does not use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint_file

from tests.unit.synth.conftest import StartEdit

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::papers/*"}
CORS = {"allowOrigins": ["https://a.example"], "allowHeaders": ["Authorization"], "maxAge": 0}
PATHS = {
    "/": {"function": "accountsAPI", "methods": ["GET"], "authorization": "NONE"},
    "/files/{key+}": {
        "function": "accountsAPI",
        "methods": ["GET", "HEAD", "PATCH"],
        "authorization": "AWS_IAM",
    },
}
VARIANTS = [
    ("api/accountsAPI", {"accountLogging": True, "tracing": True, "metrics": True, "cors": CORS}),
    ("api/accountsAPI", {"paths": PATHS}),
    ("function/accountsAPI", {"concurrency": 5, "variables": {"LEVEL": 1}, "statements": [STATEMENT]}),
    ("function/accountsAPI", {"runtime": "nodejs24.x", "architecture": "x86_64"}),
    (
        "rds/accountsCluster",
        {"Readers": 2, "AvailabilityZones": 3, "MinCapacity": 1, "PerformanceInsights": True},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("resource", "values"), VARIANTS)
def test_nothing_is_found_in_a_variant(
    edit: StartEdit, tmp_path: Path, resource: str, values: dict[str, Any]
) -> None:
    made = edit().parameters(resource, **values).assemble()
    [text] = [each.template.text for each in made.children if str(each.id) == resource]
    file = tmp_path / "template.json"
    file.write_text(text)
    config = ManualArgs(include_checks=["I"], regions=["eu-west-1"])
    assert [f"{m.rule.id} {m.message}" for m in lint_file(file, config=config)] == []
