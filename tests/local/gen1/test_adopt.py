"""A backend that Amplify deployed is taken over as it is, and then deployed by accountsctl alone."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from accountsctl.adapters.aws.artifacts import OWNER
from accountsctl.planning.old_artifacts import KEPT
from tests.local.gen1 import deployed_backend as amplify
from tests.local.gen1.conftest import Shop
from tests.local.gen1.templates import BUCKET, STACK

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ENVIRONMENT = "amplify/environments/dev.json"


def tags(shop: Shop) -> set[str]:
    stack = shop.deployed.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert {"AuthRoleName"} <= {parameter["ParameterKey"] for parameter in stack["Parameters"]}
    return {tag["Key"] for tag in stack["Tags"]}


def test_a_live_backend_is_adopted_and_pushed_with_nothing_replaced(shop: Shop) -> None:
    before = shop.deployed.ids()
    refused = shop.run("push", "-e", "dev", "--yes", expect=3)
    assert "accountsctl adopt" in refused.err
    adopted = shop.run("adopt", "-e", "dev")
    assert f"Adopted {STACK} as it is: 5 nested stacks." in adopted.err
    settings = json.loads((shop.project.root / ENVIRONMENT).read_text())
    assert settings["adopted"] is True
    assert settings["stackId"] == shop.deployed.stack_id
    assert (settings["bucket"], settings["accountId"]) == (BUCKET, amplify.ACCOUNT)

    dry = shop.run("push", "-e", "dev", "--dry-run", "--exit-code", "--json").json
    assert dry["changed"] is False
    assert {change["action"] for change in dry["changes"]} == {"none"}
    shop.run("push", "-e", "dev", "--yes")
    assert "is up to date" in shop.run("push", "-e", "dev", "--yes").err
    assert shop.deployed.ids() == before
    assert shop.responds() == {"version": 1}


def test_the_roles_that_amplify_s_function_changed_stay_as_it_left_them(shop: Shop) -> None:
    """Their trust in the template is not what is deployed: a push must not put it back."""
    iam, role = shop.deployed.client("iam"), f"{STACK}-authRole"
    before = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    assert before["Statement"][0]["Effect"] == "Allow"
    shop.run("adopt", "-e", "dev")
    shop.write_code(4)
    shop.run("push", "-e", "dev", "--yes")
    assert iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"] == before


def test_a_functions_code_changes_alone_and_the_backend_can_be_given_back(shop: Shop) -> None:
    before, files = shop.deployed.ids(), shop.amplifys_files()
    shop.run("adopt", "-e", "dev")
    shop.write_code(2)
    dry = shop.run("push", "-e", "dev", "--dry-run", "--json").json
    changed = [change["resource"] for change in dry["changes"] if change["action"] != "none"]
    assert changed == ["function/orders"]
    shop.run("push", "-e", "dev", "--yes")
    assert shop.responds() == {"version": 2}
    assert shop.deployed.ids() == before
    assert tags(shop) == {"user:Application", "user:Stack"}

    shop.run("adopt", "-e", "dev", "--undo")
    assert not (shop.project.root / "amplify/adopted/dev").exists()
    assert "adopted" not in json.loads((shop.project.root / ENVIRONMENT).read_text())
    assert shop.deployed.ids() == before
    shop.write_code(1)
    assert shop.amplifys_files() == files


def test_an_open_api_is_called_and_diagnosed_without_a_pool(shop: Shop) -> None:
    shop.run("adopt", "-e", "dev")
    called = shop.run("call", "GET", "/orders", "-e", "dev")
    assert "version" in called.out
    diagnosed = shop.run("doctor", "cors", "-e", "dev", "--layer", "live", "--json").json
    assert {diagnosis["verdict"] for diagnosis in diagnosed} == {"pass"}


def test_what_is_uploaded_to_amplifys_keys_after_the_adoption_is_never_deployed(shop: Shop) -> None:
    before = shop.deployed.ids()
    shop.run("adopt", "-e", "dev")
    bucket, key = shop.deployed.client("s3"), amplify.template_key("custom/setting")
    other = {"Resources": {"Other": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    bucket.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(other).encode())
    shop.write_code(3)
    shop.run("push", "-e", "dev", "--yes")
    assert shop.deployed.ids() == before
    assert shop.responds() == {"version": 3}


def is_ours(bucket: S3Client, key: str) -> bool:
    """Whether a push stored an object: the tests before this one push to the same stack."""
    return OWNER in bucket.head_object(Bucket=BUCKET, Key=key)["Metadata"]


def wait_for_the_next_second(bucket: S3Client) -> None:
    """Until what is stored is newer than what is stored by now: S3 dates by the second."""

    def moment() -> datetime:
        bucket.put_object(Bucket=BUCKET, Key="clock", Body=b"")
        return bucket.head_object(Bucket=BUCKET, Key="clock")["LastModified"]

    begun = moment()
    while moment() == begun:
        pass


def test_old_packages_of_ours_leave_the_bucket_and_amplifys_objects_stay(shop: Shop) -> None:
    bucket = shop.deployed.client("s3")

    def keys() -> set[str]:
        return {stored["Key"] for stored in bucket.list_objects_v2(Bucket=BUCKET)["Contents"]}

    foreign = f"functions/orders/{'f' * 64}.zip"
    bucket.put_object(Bucket=BUCKET, Key=foreign, Body=b"of someone else")
    before = {key for key in keys() if not is_ours(bucket, key)}
    shop.run("adopt", "-e", "dev")
    for version in range(2, 8):
        wait_for_the_next_second(bucket)
        shop.write_code(version)
        shop.run("push", "-e", "dev", "--yes")
    assert shop.responds() == {"version": 7}
    assert before <= keys()
    assert len({key for key in keys() - before if key.startswith("functions/orders/")}) == KEPT


def test_a_resource_that_is_added_is_created_beside_the_adopted_ones(shop: Shop) -> None:
    before = shop.deployed.ids()
    shop.run("adopt", "-e", "dev")
    shop.run("add", "function", "report", "--runtime", "nodejs22.x")
    dry = shop.run("push", "-e", "dev", "--dry-run", "--json").json
    created = [change["resource"] for change in dry["changes"] if change["action"] == "create"]
    assert created == ["function/report"]
    shop.run("push", "-e", "dev", "--yes")
    after = shop.deployed.ids()
    assert before.items() <= after.items()
    assert "functionreport.LambdaFunction" in after
    shop.run("remove", "function/report")
    shop.run("push", "-e", "dev", "--yes")
    assert shop.deployed.ids() == before


def test_a_stack_of_another_id_is_not_pushed_to(shop: Shop) -> None:
    shop.run("adopt", "-e", "dev")
    shop.project.edit(ENVIRONMENT, stackId=shop.deployed.stack_id[:-4] + "0000")
    refused = shop.run("push", "-e", "dev", "--yes", expect=3)
    assert "is not the one that the environment dev adopted" in refused.err


def test_a_stack_that_does_not_exist_is_not_adopted_and_nothing_is_written(shop: Shop) -> None:
    shop.project.edit(ENVIRONMENT, stackName="amplify-shop-dev-fffff", stackId="")
    text = (shop.project.root / ENVIRONMENT).read_text()
    assert "stackId" in shop.run("adopt", "-e", "dev", expect=2).err
    settings = json.loads(text)
    del settings["stackId"]
    (shop.project.root / ENVIRONMENT).write_text(json.dumps(settings))
    refused = shop.run("adopt", "-e", "dev", expect=4)
    assert "There is no stack amplify-shop-dev-fffff in eu-west-1." in refused.err
    assert not (shop.project.root / "amplify/adopted").exists()


def test_git_ignores_nothing_of_the_adoption_and_shows_no_secret(shop: Shop) -> None:
    git = ["git", "-C", str(shop.project.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    shop.run("adopt", "-e", "dev")
    shown = subprocess.run(
        [*git, "status", "--short", "-uall"], check=True, capture_output=True, text=True
    ).stdout
    assert "amplify/adopted/dev/root.json" in shown
    secret = shop.cloud.credentials()[1]
    adopted = shop.project.root / "amplify"
    assert not [path for path in adopted.rglob("*") if path.is_file() and secret in path.read_text()]
    assert os.environ.get("AWS_SECRET_ACCESS_KEY") != secret
