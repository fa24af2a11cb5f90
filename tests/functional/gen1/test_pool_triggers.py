"""A function that Cognito calls for a pool, and that depends on the pool: the root attaches it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.functional.gen1.amplify_project import do, loaded, write
from tests.functional.gen1.full_project import BACKEND_FILE, on
from tests.functional.gen1.test_every_format import edges, rendered, template


@pytest.mark.parametrize("through", ["", "filesTrigger"])
def test_a_trigger_that_depends_on_its_pool_is_attached_by_the_root(full: Path, through: str) -> None:
    on_pool = on("auth", "users", "UserPoolId")
    backend = edges(on_pool, of=("function", through or "usersPostConfirmation"))
    if through:
        backend["function"]["usersPostConfirmation"]["dependsOn"] = [on("function", through, "Arn")]
    write(full, BACKEND_FILE, backend)
    pool = rendered(full, "auth/users")
    assert "LambdaConfig" not in pool["Resources"]["UserPool"]["Properties"]
    assert "Parameters" not in pool
    resources = template(full, "root")["Resources"]
    attached = resources["authusersTriggers"]["Properties"]
    function = {"Fn::GetAtt": ["functionusersPostConfirmation", "Outputs.Arn"]}
    assert attached["LambdaConfig"] == {"PostConfirmation": function}
    assert attached["UserPoolId"] == {"Fn::GetAtt": ["authusers", "Outputs.UserPoolId"]}
    policy = resources["authusersusersPostConfirmationAddToGroupCognito"]["Properties"]
    assert policy["Roles"] == [
        {"Fn::GetAtt": ["functionusersPostConfirmation", "Outputs.LambdaExecutionRole"]}
    ]
    [update, passed] = resources["authusersTriggersRole"]["Properties"]["Policies"][0]["PolicyDocument"][
        "Statement"
    ]
    assert update["Resource"] == {"Fn::GetAtt": ["authusers", "Outputs.UserPoolArn"]}
    assert passed["Action"] == "iam:PassRole"  # the pool sends text messages

    before = attached["PoolTemplate"]
    inputs: Any = loaded(full, "amplify/backend/auth/users/cli-inputs.json")
    inputs["cognitoConfig"]["passwordPolicyMinLength"] = 12
    write(full, "amplify/backend/auth/users/cli-inputs.json", inputs)
    do("render", "-e", "dev")
    assert template(full, "root")["Resources"]["authusersTriggers"]["Properties"]["PoolTemplate"] != before
