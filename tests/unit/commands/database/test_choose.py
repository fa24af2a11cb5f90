"""Where a database's name comes from: its outputs, else its own template, else its parameters."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from accountsctl.commands.database.choose import database_address, find_database, held_by
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import AccountsctlError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project, ResourceSource, TemplateSource
from accountsctl.ports.stack_repairs import ResourceSummary
from accountsctl.ports.stacks import DeployedStack

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


STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/shop-dev-rdsorders/1"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-abc"


def resource(type_: str, physical_id: str) -> ResourceSummary:
    return ResourceSummary(type_.rpartition(":")[2], type_, physical_id, "CREATE_COMPLETE")


CLUSTER_OF_STACK = resource("AWS::RDS::DBCluster", "shop")
SECRET_OF_STACK = resource("AWS::SecretsManager::Secret", SECRET)


def test_cluster_and_secret_are_found_by_what_the_stack_holds() -> None:
    found = held_by(STACK, [CLUSTER_OF_STACK, SECRET_OF_STACK, resource("AWS::EC2::VPC", "vpc-1")])
    assert found == {"Arn": "arn:aws:rds:eu-west-1:123456789012:cluster:shop", "SecretArn": SECRET}


def test_of_several_secrets_the_attached_one_counts() -> None:
    other = resource("AWS::SecretsManager::Secret", f"{SECRET}-other")
    attached = resource("AWS::SecretsManager::SecretTargetAttachment", SECRET)
    assert held_by(STACK, [SECRET_OF_STACK, other, attached]) == {"SecretArn": SECRET}
    assert held_by(STACK, [SECRET_OF_STACK, other]) == {}


def test_what_is_not_clear_is_not_guessed() -> None:
    two = [CLUSTER_OF_STACK, resource("AWS::RDS::DBCluster", "other")]
    gone = ResourceSummary("Cluster", "AWS::RDS::DBCluster", "", "CREATE_FAILED")
    assert held_by(STACK, two) == held_by(STACK, [gone]) == held_by("", []) == {}


class FakeDeployed:
    """`DeployedDatabases` of one stack that holds a cluster and a secret: all parts of it in one."""

    def __init__(self, outputs: Mapping[str, str] | None) -> None:
        self.deployed_outputs = {} if outputs is None else {"rds/orders": outputs}
        self.stacks = self.repairs = self
        self.read: list[str] = []

    def current(self, name: str) -> DeployedStack:
        return DeployedStack(name, "CREATE_COMPLETE", {}, {}, {}, {ORDERS.logical_id: STACK})

    def resources(self, stack: str) -> list[ResourceSummary]:
        self.read.append(stack)
        return [CLUSTER_OF_STACK, SECRET_OF_STACK]


NAMED = {"DatabaseName": "shop"}


@pytest.mark.parametrize(
    ("outputs", "secret"),
    [(NAMED, SECRET), ({**NAMED, "Arn": "arn:cluster"}, SECRET), ({**NAMED, "SecretArn": "other"}, "other")],
)
def test_a_database_without_outputs_is_found_by_its_stack(outputs: Mapping[str, str], secret: str) -> None:
    deployed = FakeDeployed(outputs)
    address = find_database(project(None, {}), deployed, None)
    assert address.cluster == outputs.get("Arn", "arn:aws:rds:eu-west-1:123456789012:cluster:shop")
    assert (address.secret, address.name) == (secret, "shop")
    assert deployed.read == [STACK]


def test_the_stack_is_not_read_where_the_outputs_are_enough() -> None:
    deployed = FakeDeployed({**NAMED, **OUTPUTS})
    assert find_database(project(None, {}), deployed, None).cluster == "arn:cluster"
    assert deployed.read == []


def test_a_database_that_is_not_deployed_is_an_error() -> None:
    with pytest.raises(AccountsctlError, match="rds/orders is not deployed in dev"):
        find_database(project(None, {}), FakeDeployed(None), None)
