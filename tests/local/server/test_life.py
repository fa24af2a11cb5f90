"""The daemon's life: started once, found again, ended in order or not, with nothing lost."""

import contextlib
import http.client
import json
import os
import select
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from accountsctl.localcloud.client import Endpoint, LocalCloudClient, LocalCloudError
from accountsctl.localcloud.state import snapshot, trust
from tests.iam import LAMBDA_TRUST
from tests.local.conftest import ServiceClients
from tests.local.lambdas.conftest import zipped
from tests.local.processes import ends


def test_a_running_cloud_is_found_and_not_started_again(cloud: LocalCloudClient) -> None:
    first, second = cloud.start(), cloud.start()
    assert first.pid == second.pid
    assert not second.started
    assert cloud.endpoint() == first.url


def test_status_names_what_runs(cloud: LocalCloudClient) -> None:
    status = cloud.status()
    assert status["running"]
    assert status["endpoint"] == cloud.endpoint()
    assert status["services"]["cloudformation"] == "ready"
    assert status["services"]["postgres"] == {}


def test_what_was_there_comes_back_after_a_kill_at_the_same_address(
    cloud: LocalCloudClient, client: ServiceClients, pool: Mapping[str, str], demo: tuple[str, str]
) -> None:
    s3, iam = client("s3"), client("iam")
    s3.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="kept", Key="a/b", Body=b"\x00rows")
    role = iam.create_role(RoleName="kept", AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    s3.put_object(Bucket="kept", Key="code.zip", Body=zipped({"a.py": "b = 1"}))
    client("lambda").create_function(
        FunctionName="kept",
        Role=role,
        Runtime="python3.13",
        Handler="a.b",
        Code={"S3Bucket": "kept", "S3Key": "code.zip"},
    )
    keys = jwks(cloud, pool)
    before = cloud.start()
    os.kill(before.pid, signal.SIGKILL)
    after = cloud.start()
    assert after.started
    assert after.url == before.url
    assert client("s3").get_object(Bucket="kept", Key="a/b")["Body"].read() == b"\x00rows"
    assert client("lambda").get_function(FunctionName="kept")["Configuration"]["CodeSize"] == len(
        zipped({"a.py": "b = 1"})
    )
    assert jwks(cloud, pool) == keys
    flow = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": demo[0], "PASSWORD": demo[1]}}
    assert client("cognito-idp").initiate_auth(ClientId=pool["clientId"], **flow)["AuthenticationResult"]


@pytest.mark.slow
def test_stacks_come_back_after_a_kill(cloud: LocalCloudClient, client: ServiceClients) -> None:
    template = {
        "Resources": {"Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/kept"}}}
    }
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName="kept", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="kept", WaiterConfig={"Delay": 0.05, "MaxAttempts": 200}
    )
    os.kill(cloud.start().pid, signal.SIGKILL)
    (stack,) = client("cloudformation").describe_stacks(StackName="kept")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/kept")["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/kept"]


def test_an_orderly_stop_leaves_no_process_and_keeps_the_state(
    cloud: LocalCloudClient, client: ServiceClients
) -> None:
    client("ssm").put_parameter(Name="kept", Value="1", Type="String")
    pid = cloud.start().pid
    assert cloud.stop()
    assert ends(pid)
    status = cloud.status()
    assert (status["running"], status["endpoint"], status["pid"], status["services"]) == (
        False,
        None,
        None,
        {},
    )
    assert not cloud.stop()
    assert client("ssm").get_parameter(Name="kept")["Parameter"]["Value"] == "1"


def test_two_starts_at_once_give_one_daemon_and_reset_leaves_nothing(tmp_path: Path) -> None:
    clouds = [LocalCloudClient(tmp_path / "state") for _ in range(2)]
    found: list[Endpoint] = []
    threads = [threading.Thread(target=lambda cloud=cloud: found.append(cloud.start())) for cloud in clouds]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({endpoint.pid for endpoint in found}) == 1
        assert sorted(endpoint.started for endpoint in found) == [False, True]
    finally:
        clouds[0].reset()
    assert not (tmp_path / "state").exists()
    assert clouds[0].endpoint() is None


def test_a_second_daemon_on_the_same_folder_gives_up(cloud: LocalCloudClient) -> None:
    folder = cloud.status()["dataDir"]
    cloud.start()
    command = [sys.executable, "-m", "accountsctl.localcloud", "serve", "--data", folder]
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 3
    assert "another daemon" in second.stderr


def test_state_of_another_moto_is_refused_and_left_alone(tmp_path: Path) -> None:
    trust.claim(tmp_path)
    state = tmp_path / "state"
    snapshot.write(state, [("moto/a", b"not a pickle")], "0.0.1")
    text = state.read_bytes()
    with pytest.raises(LocalCloudError, match=r"pip install moto==0\.0\.1"):
        LocalCloudClient(tmp_path).start()
    assert state.read_bytes() == text
    assert LocalCloudClient(tmp_path).endpoint() is None


@pytest.mark.slow
def test_a_daemon_whose_folder_was_deleted_ends(tmp_path: Path) -> None:
    started = LocalCloudClient(tmp_path / "state").start()
    shutil.rmtree(tmp_path / "state")
    end = select.poll()
    process = os.pidfd_open(started.pid)
    try:
        end.register(process, select.POLLIN)
        assert end.poll(15_000)
    finally:
        os.close(process)


def test_what_is_secret_is_the_owners_alone(cloud: LocalCloudClient, demo: tuple[str, str]) -> None:
    folder = Path(cloud.status()["dataDir"])
    for name in ("state", "token", "demo-user.json", "cloud.json"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    assert demo == cloud.demo_user()
    assert demo[1] not in (folder / "cloud.log").read_text()


def open_files(pid: int) -> list[str]:
    """What the descriptors of a process refer to, without those that it closes meanwhile."""
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            links.append(str(descriptor.readlink()))
    return links


def test_nothing_listens_beyond_loopback(cloud: LocalCloudClient) -> None:
    links = open_files(cloud.start().pid)
    inodes = {link[8:-1] for link in links if link.startswith("socket:")}
    listening = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and (table.startswith("udp") or fields[3] == "0A"):
                listening.append(fields[1].partition(":")[0])
    assert set(listening) == {"0100007F"}


def test_the_control_calls_want_the_folders_token(cloud: LocalCloudClient) -> None:
    for token in (None, "wrong"):
        headers = {"X-Accountsctl-Token": token} if token else {}
        assert send(cloud, "GET", "/_accountsctl/status", headers=headers)[0] == 403
        assert send(cloud, "POST", "/_accountsctl/shutdown", headers=headers)[0] == 403
    assert cloud.endpoint()


def test_the_parent_loads_no_service() -> None:
    heavy = "('moto', 'boto3', 'flask')"
    code = f"import sys, accountsctl.localcloud.client; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_port_that_was_taken_meanwhile_is_given_up(cloud: LocalCloudClient) -> None:
    import socket

    before = cloud.start()
    cloud.stop()
    with contextlib.closing(socket.socket()) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", int(before.url.rpartition(":")[2])))
        other.listen()
        assert cloud.start().url != before.url


def jwks(cloud: LocalCloudClient, pool: Mapping[str, str]) -> Any:
    return json.loads(send(cloud, "GET", f"/{pool['userPoolId']}/.well-known/jwks.json")[1])


def send(
    cloud: LocalCloudClient,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    place = urlsplit(cloud.start().url)
    with contextlib.closing(
        http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    ) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()


SOON = {"Delay": 0.05, "MaxAttempts": 600}


@pytest.mark.slow
def test_a_creation_that_a_kill_cut_off_is_taken_back_before_anyone_is_served(
    cloud: LocalCloudClient, client: ServiceClients
) -> None:
    """Named resources show whether it was all of it: the same stack can be made again."""
    groups = {
        f"Group{n}": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": f"/cut/off/{n}"}}
        for n in range(150)
    }
    template = json.dumps({"Resources": groups})
    stacks = client("cloudformation")
    cloud.delay({"AWS::Logs::LogGroup": 0.05})  # until the kill: otherwise the creation may be over before it
    stacks.create_stack(StackName="cut-off", TemplateBody=template)
    while len(stacks.describe_stack_events(StackName="cut-off")["StackEvents"]) < 20:
        pass
    os.kill(cloud.start().pid, signal.SIGKILL)
    stacks = client("cloudformation")
    (found,) = stacks.describe_stacks(StackName="cut-off")["Stacks"]
    assert found["StackStatus"] == "ROLLBACK_COMPLETE"
    assert client("logs").describe_log_groups(logGroupNamePrefix="/cut/off/")["logGroups"] == []
    stacks.delete_stack(StackName="cut-off")
    stacks.get_waiter("stack_delete_complete").wait(StackName="cut-off", WaiterConfig=SOON)
    stacks.create_stack(StackName="cut-off", TemplateBody=template)
    stacks.get_waiter("stack_create_complete").wait(StackName="cut-off", WaiterConfig=SOON)
    stacks.delete_stack(StackName="cut-off")
    stacks.get_waiter("stack_delete_complete").wait(StackName="cut-off", WaiterConfig=SOON)
