"""Templates whose parts have another form than CloudFormation's: what can be fixed is, and nothing fails."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.adapters.project_files.templates import FileTemplates
from accountsctl.commands.doctor.fix_candidates import with_own_template
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from tests.faults.base import template
from tests.faults.changes import preflight, sets
from tests.faults.test_fixes_of_files import apis_of
from tests.faults.test_templates import ORIGIN


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        {"Type": "AWS::ApiGateway::Deployment", "Properties": "text", "Metadata": "text"},
        {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": {"a": 1}}}},
    ],
)
def test_parts_that_have_no_form_of_cloudformations_stop_no_fix(odd: Any) -> None:
    """A macro may take them, so the template is read."""
    body = {**template(ORIGIN), "Transform": "Own"}
    sets("ItemsOptions", AuthorizationType="AWS_IAM")(body, ORIGIN)
    body["Resources"]["Other"] = odd
    text = json.dumps(body)
    (api,) = apis_of(text)
    (ask,) = page_requests(api, Query(ORIGIN, path="/items", method="GET"), ())
    changed = with_own_template(
        FileTemplates(), "a.json", text, "preflight.iam", Scene(api, ask, preflight=True)
    )
    assert changed is not None
    assert json.loads(changed)["Resources"]["ItemsOptions"]["Properties"]["AuthorizationType"] == "NONE"


def test_a_change_that_a_template_has_no_place_for_is_not_made() -> None:
    body = template(ORIGIN)
    preflight("Origin", lambda _: "'https://other.example.com'")(body, ORIGIN)
    text = json.dumps(body)
    (api,) = apis_of(text)
    (ask,) = page_requests(api, Query(ORIGIN, path="/items", method="GET"), ())
    scene = Scene(api, ask, preflight=True)
    body["Resources"]["ItemsOptions"]["Properties"] = "text"
    assert with_own_template(FileTemplates(), "a.json", text, "acao.host", scene) is not None
    assert with_own_template(FileTemplates(), "a.json", json.dumps(body), "acao.host", scene) is None
