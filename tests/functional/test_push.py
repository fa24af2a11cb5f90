"""The push over fakes of the cloud, on a copy of the sample project."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.model.errors import CloudError, Declined, Fault, ProjectError, StackFailed
from accountsctl.model.events import Note, PushResult
from accountsctl.model.plan import Plan
from accountsctl.ports.identity import Caller
from tests.fakes.stacks import ACCOUNT, FakeIdentity, failed_event
from tests.functional.push_world import STACK, World

DEV = "amplify/environments/dev.json"
HANDLER_PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"


def actions(result: PushResult | Plan) -> dict[str, str]:
    return {str(change.id): change.action.value for change in result.changes}


def test_a_first_push_makes_the_bucket_then_uploads_then_deploys_everything(world: World) -> None:
    result = world.push()
    assert actions(result) == {
        "auth/mfeaccounts": "import",
        "rds/accountsCluster": "create",
        "function/accountsAPI": "create",
        "api/accountsAPI": "create",
    }
    seed, root = (json.loads(text) for text in world.stacks.deployed)
    assert {each["Type"] for each in seed["Resources"].values()} == {
        "AWS::S3::Bucket",
        "AWS::S3::BucketPolicy",
    }
    assert "apiaccountsAPI" in root["Resources"]
    assert len([key for key in world.artifacts.sent if key.endswith(".json")]) == 4
    assert len([key for key in world.artifacts.sent if key.startswith("functions/")]) == 1


def test_the_stack_is_tagged_with_its_environment_and_project(world: World) -> None:
    world.push()
    assert world.stacks.stacks[STACK].tags == {
        "accountsctl:environment": "dev",
        "accountsctl:project": "accounts",
    }


def test_a_second_push_sends_nothing(world: World) -> None:
    world.push()
    world.stacks.deployed.clear()
    world.artifacts.sent.clear()
    result = world.push()
    assert not result.changed
    assert world.stacks.deployed == []
    assert world.artifacts.sent == []


def test_new_code_uploads_the_package_and_updates_the_function_alone(world: World) -> None:
    world.push()
    world.artifacts.sent.clear()
    handler = world.root / "amplify/backend/function/accountsAPI/src/index.py"
    handler.write_text(handler.read_text() + "\n# changed\n")
    result = world.push()
    assert {name for name, action in actions(result).items() if action != "none"} == {"function/accountsAPI"}
    assert [key.split("/")[0] for key in world.artifacts.sent] == ["functions"]


def test_what_is_uploaded_is_named_and_nothing_else(world: World) -> None:
    def uploads() -> list[str]:
        return [each.text for each in world.heard if isinstance(each, Note) and "uploaded" in each.text]

    world.push()
    (first,) = uploads()
    assert first.startswith("uploaded auth/mfeaccounts, rds/accountsCluster, function/accountsAPI (code, ")
    assert first.endswith(" bytes), function/accountsAPI, api/accountsAPI")
    world.heard.clear()
    handler = world.root / "amplify/backend/function/accountsAPI/src/index.py"
    handler.write_text(handler.read_text() + "\n# changed\n")
    world.push()
    (second,) = uploads()
    assert second.startswith("uploaded function/accountsAPI (code, ")
    assert second.endswith(" bytes)")


def test_a_renamed_database_is_planned_as_the_replacement_of_the_cluster(world: World) -> None:
    world.push()
    world.edit("amplify/backend/rds/accountsCluster/parameters.json", DatabaseName="otherDatabase")
    intended = world.plan()
    change = next(each for each in intended.changes if str(each.id) == "rds/accountsCluster")
    assert "RDSCluster" in [each.logical_id for each in change.replaces]
    assert intended.dangerous
    assert actions(intended)["function/accountsAPI"] == "update"


def test_a_removed_resource_is_planned_as_deleted_under_its_own_name(world: World) -> None:
    world.push()
    backend = json.loads((world.root / "backend-config.json").read_text())
    del backend["api"]
    (world.root / "backend-config.json").write_text(json.dumps(backend))
    assert actions(world.plan())["api/accountsAPI"] == "delete"


def test_a_declined_push_changes_nothing(world: World) -> None:
    def no(_: Plan) -> None:
        raise Declined("Nothing was changed.")

    with pytest.raises(Declined):
        world.push(no)
    assert world.stacks.deployed == []
    assert world.artifacts.sent == []
    assert not (world.root / "amplify/build").exists()


def test_a_failed_push_names_the_resource_the_logical_id_and_the_reason(world: World) -> None:
    world.push()
    world.edit("amplify/backend/rds/accountsCluster/parameters.json", BackupRetentionDays=9)
    world.stacks.fails_with = failed_event(
        "rdsaccountsCluster", "RDSCluster", type_="AWS::RDS::DBCluster", reason="Cannot find version 99"
    )
    with pytest.raises(StackFailed) as failed:
        world.push()
    assert failed.value.exit_code == 4
    assert failed.value.resource == "rds/accountsCluster"
    assert failed.value.logical_id == "RDSCluster"
    assert failed.value.reason == "Cannot find version 99"


def test_credentials_of_another_account_are_refused_before_anything_is_sent(world: World) -> None:
    world.edit("amplify/environments/dev.json", accountId="999999999999")
    with pytest.raises(CloudError, match="another account"):
        world.push()
    assert world.stacks.deployed == []
    assert world.artifacts.sent == []


def test_another_region_is_refused_before_anything_is_sent(world: World) -> None:
    world.identity.region = "us-east-1"
    with pytest.raises(CloudError, match="not the region") as refused:
        world.push()
    assert refused.value.exit_code == 3
    assert world.stacks.deployed == []


def test_a_stack_of_another_environment_is_refused_before_anything_is_sent(world: World) -> None:
    world.push()
    world.stacks.retag(STACK, {"accountsctl:environment": "prod"})
    world.stacks.deployed.clear()
    world.edit("amplify/backend/rds/accountsCluster/parameters.json", BackupRetentionDays=9)
    with pytest.raises(CloudError, match="does not belong"):
        world.push()
    assert world.stacks.deployed == []


def test_a_push_leaves_committed_files_alone(world: World) -> None:
    def committed() -> dict[Path, bytes]:
        ignored = (world.root / "amplify/build", world.root / "amplify/.local")
        files = (path for path in world.root.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if not path.is_relative_to(ignored[0])}

    before = committed()
    world.push()
    assert committed() == before


def test_outputs_are_told_by_resource_with_urls_that_can_be_called(world: World) -> None:
    world.stacks.child_outputs = {
        "arn:apiaccountsAPI": {"RootUrl": "https://x.execute-api.y/dev", "ApiId": "x"}
    }
    workflow = replace(world.workflow(), reachable=lambda url: url.replace("https://x.", "http://here."))
    result = workflow.run(world.assembly(), lambda _: None, lambda _: None)
    assert result.outputs["api/accountsAPI"] == {"ApiId": "x", "RootUrl": "http://here.execute-api.y/dev"}


def test_what_aws_would_refuse_is_refused_before_anything_is_sent_or_asked(world: World) -> None:
    def refuse(_: Plan) -> None:
        raise ProjectError([Fault("template.yaml", 1, "wrong")])

    def never(_: Plan) -> None:
        raise AssertionError("a plan that is refused needs no confirmation")

    world.check = refuse
    with pytest.raises(ProjectError):
        world.plan()
    with pytest.raises(ProjectError):
        world.push(never)
    assert (world.stacks.deployed, world.artifacts.sent) == ([], [])


def states_account(world: World) -> bool:
    """Whether the account was named, with the key that binds the environment to it."""
    notes = [event.text for event in world.heard if isinstance(event, Note)]
    return any(f'"accountId": "{world.identity.account}" in {DEV}' in text for text in notes)


def test_a_first_push_to_aws_names_the_account_before_the_confirmation(world: World) -> None:
    world.edit(DEV, cloud="aws")

    def decline(_: Plan) -> None:
        assert states_account(world)
        raise Declined("no")

    with pytest.raises(Declined):
        world.push(decline)
    world.push()
    world.heard.clear()
    world.push()
    assert not states_account(world), "the stack exists"


@pytest.mark.parametrize("settings", [{"cloud": "aws", "accountId": ACCOUNT}, {"cloud": "local"}])
def test_an_environment_that_names_its_account_or_has_none_is_left_alone(
    world: World, settings: dict[str, str]
) -> None:
    world.edit(DEV, **settings)
    world.push()
    assert not states_account(world)


def test_a_stack_without_the_output_of_its_bucket_is_named_with_what_to_do(world: World) -> None:
    world.push()
    world.stacks.stacks[STACK] = replace(world.stacks.stacks[STACK], outputs={})
    world.edit(HANDLER_PARAMETERS, timeout=20)
    with pytest.raises(StackFailed, match="has no output DeploymentBucketName") as failed:
        world.push()
    assert "accountsctl delete" in failed.value.hint


def test_credentials_that_may_not_ask_for_their_account_do_not_stop_a_first_push(world: World) -> None:
    class Silent(FakeIdentity):
        def caller(self) -> Caller:
            raise CloudError("AWS refused.", code="AccessDenied")

    world.edit(DEV, cloud="aws")
    world.identity = Silent()
    assert world.push().changed
