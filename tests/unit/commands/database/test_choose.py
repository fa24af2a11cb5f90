"""Where a database's name comes from: its outputs, else its own template, else its parameters."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from accountsctl.commands.database.choose import database_address
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import AccountsctlError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource, TemplateSource

ORDERS = ResourceId("rds", "orders")
CLUSTER = (
    "Resources:\n  Cluster:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      DatabaseName: {name}\n"
)
OUTPUTS = {"Arn": "arn:cluster", "SecretArn": "arn:secret"}


def project(template: str | None, parameters: Mapping[str, object]) -> Project:
    own = TemplateSource("template.yaml", template) if template else None
    source = ResourceSource(ORDERS, parameters, "parameters.json", own, {}, {})
    backend = Backend((Resource(ORDERS, "RDSCluster", False, (), FilePosition("b", 1)),), "b")
    environment = Environment("dev", Cloud.LOCAL, "eu-west-1", "shop-dev")
    return Project("shop", backend, environment, {ORDERS: source}, {})


@pytest.mark.parametrize(
    ("output", "template", "parameters", "expected"),
    [
        ("live", CLUSTER.format(name="shop"), {"DatabaseName": "other"}, "live"),
        (None, CLUSTER.format(name="shop"), {"DatabaseName": "other"}, "shop"),
        (None, CLUSTER.format(name="!Ref Name"), {"Name": "by_parameter"}, "by_parameter"),
        (None, CLUSTER.format(name="!Sub 'x'"), {"DatabaseName": "stated"}, "stated"),
        (None, None, {"DatabaseName": "stated"}, "stated"),
    ],
)
def test_the_name_that_is_known_best_is_taken(
    output: str | None, template: str | None, parameters: Mapping[str, object], expected: str
) -> None:
    outputs = {"rds/orders": {**OUTPUTS, **({"DatabaseName": output} if output else {})}}
    assert database_address(project(template, parameters), outputs, None).name == expected


def test_a_name_that_is_stated_nowhere_is_an_error() -> None:
    with pytest.raises(AccountsctlError, match="DatabaseName"):
        database_address(project(None, {}), {"rds/orders": OUTPUTS}, None)


def test_a_cluster_and_its_secret_are_found_by_whatever_name_they_are_put_out() -> None:
    values = {
        "TheCluster": "arn:aws:rds:eu-west-1:123456789012:cluster:shop",
        "Password": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-abc",
        "Table": "arn:aws:dynamodb:eu-west-1:123456789012:table/shop",
        "DatabaseName": "shop",
    }
    address = database_address(project(None, {}), {"rds/orders": values}, None)
    assert (address.cluster, address.secret) == (values["TheCluster"], values["Password"])


def test_two_clusters_without_a_name_for_one_are_an_error() -> None:
    arn = "arn:aws:rds:eu-west-1:123456789012:cluster:"
    values = {"A": f"{arn}a", "B": f"{arn}b", "SecretArn": "arn:secret", "DatabaseName": "shop"}
    with pytest.raises(AccountsctlError, match="Arn"):
        database_address(project(None, {}), {"rds/orders": values}, None)
