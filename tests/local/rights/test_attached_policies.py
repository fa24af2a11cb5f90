"""The policies of secrets, queues, topics, buckets, keys and functions count for those who call."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from accountsctl.localcloud.moto_services.attached_policies import service_of
from tests.local.conftest import REGION, ServiceClients

ROLE = "arn:aws:iam::123456789012:role/visitor"
TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
Caller = Callable[[str], Any]


def policy(principal: object, effect: str = "Allow", action: str = "*", resource: str = "*") -> str:
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def caller(client: ServiceClients, cloud: LocalCloudClient) -> Iterator[Caller]:
    """Clients of a role that has no policy of its own."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    client("iam").create_role(RoleName="visitor", AssumeRolePolicyDocument=trust)
    given = client("sts").assume_role(RoleArn=ROLE, RoleSessionName="me")["Credentials"]
    session: Any = boto3.Session(
        given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=REGION
    )
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
    yield lambda service: session.client(service, endpoint_url=cloud.start().url, config=config)
    client("iam").delete_role(RoleName="visitor")


def refused(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ClientError, match=words):
        call()


def test_a_secret(client: ServiceClients, caller: Caller) -> None:
    owner = client("secretsmanager")
    owner.create_secret(Name="attached", SecretString="s")
    refused(lambda: caller("secretsmanager").get_secret_value(SecretId="attached"), "no identity-based")
    owner.put_resource_policy(SecretId="attached", ResourcePolicy=policy({"AWS": ROLE}))
    assert caller("secretsmanager").get_secret_value(SecretId="attached")["SecretString"] == "s"
    owner.put_resource_policy(SecretId="attached", ResourcePolicy=policy({"AWS": ROLE}, "Deny"))
    refused(
        lambda: caller("secretsmanager").get_secret_value(SecretId="attached"),
        "with an explicit deny in a resource-based policy",
    )


def test_a_queue(client: ServiceClients, caller: Caller) -> None:
    url = client("sqs").create_queue(QueueName="attached")["QueueUrl"]
    refused(lambda: caller("sqs").send_message(QueueUrl=url, MessageBody="x"), "no identity-based")
    client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy({"AWS": ROLE})})
    caller("sqs").send_message(QueueUrl=url, MessageBody="x")


def test_a_topic_and_its_default_policy_which_allows_the_caller_nothing(
    client: ServiceClients, caller: Caller
) -> None:
    arn = client("sns").create_topic(Name="attached")["TopicArn"]
    refused(lambda: caller("sns").publish(TopicArn=arn, Message="x"), "no identity-based")
    allowed = policy({"AWS": ROLE}, action="SNS:Publish", resource=arn)
    client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=allowed)
    caller("sns").publish(TopicArn=arn, Message="x")


def test_a_bucket(client: ServiceClients, caller: Caller) -> None:
    owner = client("s3")
    owner.create_bucket(Bucket="attached", CreateBucketConfiguration={"LocationConstraint": REGION})
    owner.put_object(Bucket="attached", Key="a/k", Body=b"x")
    refused(lambda: caller("s3").get_object(Bucket="attached", Key="a/k"), "no identity-based")
    allowed = policy({"AWS": ROLE}, action="s3:GetObject", resource="arn:aws:s3:::attached/a/*")
    owner.put_bucket_policy(Bucket="attached", Policy=allowed)
    assert caller("s3").get_object(Bucket="attached", Key="a/k")["Body"].read() == b"x"
    refused(lambda: caller("s3").get_object(Bucket="attached", Key="b"), "no identity-based")


def test_a_key(client: ServiceClients, caller: Caller) -> None:
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    refused(lambda: caller("kms").encrypt(KeyId=key, Plaintext=b"x"), "no identity-based")
    client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=policy({"AWS": ROLE}))
    caller("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_key_that_leaves_nothing_to_the_account_stays_closed_to_its_policies(
    client: ServiceClients, caller: Caller
) -> None:
    key = client("kms").create_key(Policy=policy({"AWS": ROLE + "s"}))["KeyMetadata"]["KeyId"]
    own = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [own]})
    client("iam").put_role_policy(RoleName="visitor", PolicyName="keys", PolicyDocument=document)
    try:
        refused(lambda: caller("kms").encrypt(KeyId=key, Plaintext=b"x"), "no resource-based policy allows")
    finally:
        client("iam").delete_role_policy(RoleName="visitor", PolicyName="keys")


def test_a_resource_that_does_not_exist_or_is_not_an_arn_has_no_policy(caller: Caller) -> None:
    for arn in ("arn:aws:sns:eu-west-1:123456789012:gone", "arn:aws:sns:nowhere-1:123456789012:t", "a:b"):
        refused(lambda arn=arn: caller("sns").publish(TopicArn=arn, Message="x"), "no identity-based")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arn", "service"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:q", "sqs"),
        ("arn:aws:s3:::b/k", "s3"),
        ("arn:aws:sqs:eu-west-1:210987654321:q", None),
        ("arn:aws:events:eu-west-1:123456789012:event-bus/b", None),
        ("arn:aws:sqs", None),
        ("", None),
    ],
)
def test_only_what_this_account_has_is_looked_up(arn: str, service: str | None) -> None:
    assert service_of(arn) == service
