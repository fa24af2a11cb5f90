"""Versions and aliases: each runs the code and the configuration that it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.local.apigateway.deployed.templates import TRUST, att, function, ref
from tests.local.deployed_api import Api
from tests.local.identity.templates import resource

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]
CODE = """
import os
def handler(event, context):
    return ["NUMBER", os.environ["COLOUR"], context.function_version, context.invoked_function_arn.split(":")[7:]]
"""


def versioned(number: int, weights: dict[str, float] | None = None, *, publish: int = 1) -> dict[str, Any]:
    """A function whose code knows its number; alias `live` on the first of its versions."""
    code = CODE.replace("NUMBER", str(number))
    made: dict[str, Any] = {
        "Api": resource("ApiGateway::RestApi", Name="versions"),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Function": function(code, Environment={"Variables": {"COLOUR": f"colour {number}"}}),
    }
    for version in range(1, publish + 1):
        made[f"Version{version}"] = resource("Lambda::Version", FunctionName=ref("Function"))
    routing = [
        {"FunctionVersion": name, "FunctionWeight": weight} for name, weight in (weights or {}).items()
    ]
    made["Live"] = resource(
        "Lambda::Alias",
        FunctionName=ref("Function"),
        FunctionVersion=att("Version1", "Version"),
        Name="live",
        **({"RoutingConfig": {"AdditionalVersionWeights": routing}} if routing else {}),
    )
    return {
        "Resources": made,
        "Outputs": {name: {"Value": ref(name)} for name in ("Api", "Function", "Live")},
    }


def invoke(client: Clients, name: str, qualifier: str | None = None) -> tuple[list[Any], str]:
    """What the function answers, and the version that was executed."""
    more = {"Qualifier": qualifier} if qualifier else {}
    done = client("lambda").invoke(FunctionName=name, **more)
    return json.loads(done["Payload"].read()), done["ExecutedVersion"]


def test_a_version_keeps_its_code_and_configuration(deploy: Deploy, client: Clients) -> None:
    first = deploy(versioned(1))
    deploy(versioned(2), first)
    name = first.outputs["Function"]
    assert invoke(client, name) == (["2", "colour 2", "$LATEST", []], "$LATEST")
    assert invoke(client, name, "1") == (["1", "colour 1", "1", ["1"]], "1")
    assert invoke(client, name, "live") == (["1", "colour 1", "1", ["live"]], "1")
    assert invoke(client, first.outputs["Live"]) == (["1", "colour 1", "1", ["live"]], "1")


def test_an_alias_shares_invocations_between_two_versions(deploy: Deploy, client: Clients) -> None:
    first = deploy(versioned(1))
    deploy(versioned(2, publish=2), first)
    deploy(versioned(2, {"2": 1.0}, publish=2), first)
    assert invoke(client, first.outputs["Function"], "live") == (["2", "colour 2", "2", ["live"]], "2")


def test_the_provisioned_concurrency_of_an_alias_follows_its_template(
    deploy: Deploy, client: Clients
) -> None:
    template = versioned(1)
    live = template["Resources"]["Live"]["Properties"]
    plain = dict(live)

    def provisioned(name: str) -> list[int]:
        configs = client("lambda").list_provisioned_concurrency_configs(FunctionName=name)
        return [
            config["AvailableProvisionedConcurrentExecutions"]
            for config in configs["ProvisionedConcurrencyConfigs"]
        ]

    live["ProvisionedConcurrencyConfig"] = {"ProvisionedConcurrentExecutions": 2}
    made = deploy(template)
    found = [provisioned(made.outputs["Function"])]
    live["ProvisionedConcurrencyConfig"] = {"ProvisionedConcurrentExecutions": 3}
    deploy(template, made)
    found.append(provisioned(made.outputs["Function"]))
    template["Resources"]["Live"]["Properties"] = plain
    deploy(template, made)
    found.append(provisioned(made.outputs["Function"]))
    assert found == [[2], [3], []]
