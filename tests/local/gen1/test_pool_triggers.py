"""A trigger that depends on its pool is attached to it after both, and again after each change of the pool."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.functional.gen1.amplify_project import write
from tests.functional.gen1.full_project import function, on, with_lambda
from tests.local.conftest import service_clients
from tests.local.gen1.deployed_backend import FUNCTION_TRUST
from tests.local.project import LocalProject

NAME = "usersPostConfirmation"
HANDLER = "exports.handler = async (event) => { console.log('confirmed', event.userName); return event; };"
POOL_INPUTS = "amplify/backend/auth/users/cli-inputs.json"


def pool(length: int) -> dict[str, object]:
    config = {"authSelections": "userPoolOnly", "passwordPolicyMinLength": length, "mfaConfiguration": "OFF"}
    return {"version": "1", "cognitoConfig": config}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    edge = on("function", NAME, "Name", "Arn", triggerProvider="Cognito")
    backend = {
        "auth": {"users": {"service": "Cognito", "dependsOn": [edge]}},
        "function": {NAME: function(on("auth", "users", "UserPoolId"))},
    }
    template: Any = json.loads(json.dumps(with_lambda("authusersUserPoolId")))
    template["Resources"]["LambdaExecutionRole"]["Properties"]["AssumeRolePolicyDocument"] = FUNCTION_TRUST
    folder = f"amplify/backend/function/{NAME}"
    write(tmp_path, "amplify/backend/backend-config.json", backend)
    write(tmp_path, POOL_INPUTS, pool(8))
    write(tmp_path, f"{folder}/{NAME}-cloudformation-template.json", template)
    write(tmp_path, f"{folder}/src/index.js", HANDLER)
    write(tmp_path, "amplify/.config/project-config.json", {"projectName": "shop", "version": "3.1"})
    made = LocalProject(tmp_path)
    made.run("env", "add", "dev", "--cloud", "local")
    made.run("env", "checkout", "dev")
    yield made
    made.run("local", "stop")


@pytest.mark.slow
def test_a_trigger_that_depends_on_its_pool_is_called_also_after_the_pool_has_changed(
    project: LocalProject,
) -> None:
    def triggers() -> dict[str, str]:
        found: dict[str, str] = cognito.describe_user_pool(UserPoolId=auth["UserPoolId"])["UserPool"][
            "LambdaConfig"
        ]
        return found

    project.run("push", "--yes")
    outputs = project.run("outputs", "--json").json
    auth, arn = outputs["auth/users"], outputs[f"function/{NAME}"]["Arn"]
    cognito: Any = service_clients(LocalCloudClient(project.root / "amplify/.local"))("cognito-idp")
    assert triggers() == {"PostConfirmation": arn}
    write(project.root, POOL_INPUTS, pool(9))
    project.run("push", "--yes")
    assert triggers() == {"PostConfirmation": arn}
    cognito.sign_up(ClientId=auth["AppClientIDWeb"], Username="ann", Password="Passw0rd!long")
    cognito.admin_confirm_sign_up(UserPoolId=auth["UserPoolId"], Username="ann")
    assert "confirmed ann" in project.run("logs").out
    assert "is up to date" in project.run("push", "--yes").err
