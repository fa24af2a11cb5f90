"""`drift` over fakes: every stack of the tree, each resource by its name, and what could not be compared."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from accountsctl.commands.stacks.drift import CodeDrift, DetectDrift
from accountsctl.commands.stacks.states import StackCheck
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.drift import DriftStatus, EnvironmentDrift, PropertyDrift
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.model.names import ResourceId
from accountsctl.ports.drift import CheckedResource
from accountsctl.ports.stacks import DeployedStack
from accountsctl.ui.rendering import to_json, to_text
from accountsctl.ui.results import registered as registered
from accountsctl.ui.screen import Screen
from tests.fakes.drift import UNSUPPORTED, FakeDrift
from tests.fakes.function_codes import FakeCodes
from tests.fakes.stack_repairs import FakeRepairs
from tests.fakes.stacks import BUCKET, FakeArtifacts, FakeIdentity, FakeStacks, sha256

ENVIRONMENT = Environment("dev", Cloud.AWS, "eu-west-1", "accounts-dev")
PLACE = FilePosition("backend-config.json", 1)
BACKEND = Backend(
    (Resource(ResourceId("function", "a"), "Lambda", imported=False, depends_on=(), place=PLACE),),
    "backend-config.json",
)
STACK = "AWS::CloudFormation::Stack"
CODE = {"S3Bucket": {"Ref": "bucket"}, "S3Key": {"Ref": "key"}}
KEY = "functions/a/1.zip"
ROOT = {
    "Resources": {
        "functiona": {
            "Type": STACK,
            "Properties": {"Parameters": {"bucket": {"Ref": "DeploymentBucket"}, "key": KEY}},
        }
    }
}
TREE: Mapping[str, Any] = {
    "arn:functiona": {
        "F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": CODE}},
        "H": {"Type": UNSUPPORTED},
    },
    "arn:gone": {"B": {"Type": "AWS::S3::Bucket"}},
}
CHANGE = PropertyDrift("/Timeout", "25", "7")


class DriftWorld:
    """A deployed environment: a function's stack, and one that is no longer in the backend."""

    def __init__(self, status: str = "UPDATE_COMPLETE") -> None:
        children = {"functiona": "arn:functiona", "customgone": "arn:gone"}
        root = DeployedStack("accounts-dev", status, {"accountsctl:environment": "dev"}, {}, {}, children)
        templates: dict[str, Mapping[str, Any]] = {
            arn: {"Resources": resources} for arn, resources in TREE.items()
        }
        self.repairs = FakeRepairs(FakeStacks(stacks={"accounts-dev": root}, templates=templates))
        self.detection = FakeDrift(self.repairs)
        self.codes, self.artifacts = FakeCodes(), FakeArtifacts()

    def change(self, *differences: PropertyDrift, status: DriftStatus = DriftStatus.MODIFIED) -> None:
        self.detection.changed["arn:functiona", "F"] = CheckedResource(status, differences)

    def deploy_code(self, content: bytes, *, runs: bytes) -> None:
        """The bucket has the code that the template names, and Lambda runs some code."""
        self.artifacts.content[KEY] = content
        self.codes.digests["F-id"] = sha256(runs)
        stacks = self.repairs.stacks.stacks
        root = stacks["accounts-dev"]
        stacks["accounts-dev"] = replace(root, template=ROOT, outputs={"DeploymentBucketName": BUCKET})

    def drift(self) -> EnvironmentDrift:
        code = CodeDrift(self.repairs.stacks, self.repairs, self.codes, self.artifacts)
        check = StackCheck(FakeIdentity(), self.repairs)
        return DetectDrift(check, self.detection, code).run(ENVIRONMENT, BACKEND)


def shown(drift: EnvironmentDrift) -> tuple[str, str]:
    screen = Screen(io.StringIO(), io.StringIO())
    to_text(drift, screen)
    assert isinstance(screen.out, io.StringIO)
    assert isinstance(screen.err, io.StringIO)
    return screen.out.getvalue(), screen.err.getvalue()


def test_the_root_and_all_nested_stacks_are_detected_by_one_call() -> None:
    world = DriftWorld()
    found = world.drift()

    assert world.detection.asked == [["arn:stack/accounts-dev/1", "arn:functiona", "arn:gone"]]
    assert [(each.resource, each.logical_id, each.status.value) for each in found.resources] == [
        ("root", "functiona", "inSync"),
        ("root", "customgone", "inSync"),
        ("function/a", "F", "inSync"),
        ("function/a", "H", "notChecked"),
        ("customgone", "B", "inSync"),
    ]
    assert found.exit_code == 0
    assert shown(found) == (
        "",
        f"Not checked: function/a H ({UNSUPPORTED}). CloudFormation cannot compare this type.\n"
        "dev is in sync: 4 resources checked.\n",
    )


def test_stacks_nested_in_nested_ones_are_detected_too() -> None:
    world = DriftWorld()
    world.repairs.stacks.templates["arn:functiona"] = {"Resources": {"Inner": {"Type": STACK}}}
    world.repairs.stacks.templates["Inner-id"] = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
    found = world.drift()

    assert ("function/a.Inner", "Q") in [(each.resource, each.logical_id) for each in found.resources]


def test_a_change_is_exit_code_1_and_names_the_property_with_both_values() -> None:
    world = DriftWorld()
    world.change(CHANGE)
    found = world.drift()
    out, err = shown(found)

    assert found.exit_code == 1
    assert out == (
        "function/a  F (AWS::Lambda::Function F-id) was changed\n  /Timeout  expected 25, actual 7\n"
    )
    assert "dev: 1 of 4 checked resources drifted." in err


def test_a_deleted_resource_is_drift() -> None:
    world = DriftWorld()
    world.change(status=DriftStatus.DELETED)
    found = world.drift()

    assert found.exit_code == 1
    assert shown(found)[0] == "function/a  F (AWS::Lambda::Function F-id) was deleted\n"


def test_properties_that_are_set_on_one_side_only_say_so() -> None:
    world = DriftWorld()
    world.change(PropertyDrift("/a", None, "x"), PropertyDrift("/b", "y", None))

    assert shown(world.drift())[0].splitlines()[1:] == ["  /a  added: x", "  /b  removed; expected y"]


@pytest.mark.parametrize(
    "difference",
    [
        PropertyDrift("/Environment/Variables/DB_PASSWORD", None, "hunter2"),
        PropertyDrift("/MasterUserPassword", "hunter2", "hunter2!"),
        PropertyDrift("/Environment", '{"Variables": {"DB_PASSWORD": "hunter2"}}', None),
        PropertyDrift("/Items/0", None, '[{"ClientSecret": "hunter2"}]'),
    ],
)
def test_a_secret_is_never_printed(difference: PropertyDrift) -> None:
    world = DriftWorld()
    world.change(difference)
    found = world.drift()

    assert "hunter2" not in str(shown(found)) + str(to_json(found))
    assert "****" in shown(found)[0]


def test_a_stack_that_could_not_be_compared_is_no_success() -> None:
    world = DriftWorld()
    world.detection.failures["arn:gone"] = "It did not end within 30 minutes."
    found = world.drift()

    assert found.exit_code == 3
    assert "The stack of customgone could not be compared: It did not end" in shown(found)[1]
    assert "in sync" not in shown(found)[1]
    assert [each.status for each in found.resources if each.resource == "customgone"] == [
        DriftStatus.NOT_CHECKED
    ]
    world.change(CHANGE)
    assert world.drift().exit_code == 1


def test_json_has_every_resource_with_its_differences() -> None:
    world = DriftWorld()
    world.change(CHANGE)
    value: Any = to_json(world.drift())

    assert (value["environment"], value["stackName"], value["drifted"]) == ("dev", "accounts-dev", True)
    assert value["resources"][2] == {
        "resource": "function/a",
        "logicalId": "F",
        "type": "AWS::Lambda::Function",
        "physicalId": "F-id",
        "status": "modified",
        "reason": "",
        "differences": [{"path": "/Timeout", "expected": "25", "actual": "7"}],
    }
    assert value["failures"] == []


def test_a_stack_that_is_being_changed_is_not_compared() -> None:
    with pytest.raises(CloudError) as refused:
        DriftWorld("UPDATE_IN_PROGRESS").drift()
    assert refused.value.code == "UPDATE_IN_PROGRESS"


def test_an_environment_that_was_never_pushed_is_an_error() -> None:
    world = DriftWorld()
    world.repairs.stacks.stacks.clear()
    with pytest.raises(CloudError) as refused:
        world.drift()
    assert refused.value.code == "NotDeployed"


def test_a_stack_of_another_environment_is_not_compared() -> None:
    world = DriftWorld()
    world.repairs.stacks.retag("accounts-dev", {"accountsctl:environment": "other"})
    with pytest.raises(CloudError) as refused:
        world.drift()
    assert refused.value.code == "StackMismatch"


def test_code_that_is_not_what_the_stack_deployed_is_named_and_how_to_deploy_it_again() -> None:
    world = DriftWorld()
    world.deploy_code(b"deployed", runs=b"by hand")
    found = world.drift()

    [drifted] = found.drifted
    [difference] = drifted.differences
    assert (drifted.resource, drifted.logical_id, difference.path) == ("function/a", "F", "/Code")
    assert sha256(b"deployed") in str(difference.expected)
    assert KEY in str(difference.expected)
    assert sha256(b"by hand") in str(difference.actual)
    assert "accountsctl push function/a" in shown(found)[1]


def test_code_that_the_stack_deployed_is_in_sync_and_code_without_its_object_cannot_be_compared() -> None:
    world = DriftWorld()
    world.deploy_code(b"deployed", runs=b"deployed")
    assert world.drift().drifted == ()
    world.deploy_code(b"deployed", runs=b"by hand")
    world.artifacts.content.clear()
    assert world.drift().drifted == ()


def test_code_adds_to_what_else_was_changed_and_not_to_a_function_that_was_deleted() -> None:
    world = DriftWorld()
    world.deploy_code(b"deployed", runs=b"by hand")
    world.change(CHANGE)
    assert [difference.path for difference in world.drift().drifted[0].differences] == ["/Timeout", "/Code"]
    world.change(status=DriftStatus.DELETED)
    assert world.drift().drifted[0].differences == ()
