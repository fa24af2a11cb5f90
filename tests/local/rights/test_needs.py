"""What a call needs, by the requests that boto3 really sends."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.localcloud.contracts.dispatch import target
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need
from accountsctl.localcloud.rights.needs import needs
from tests.local.rights.requests import SECRET, found, here

QUEUE = "http://127.0.0.1/123456789012/orders"
CLUSTER = "arn:aws:rds:eu-west-1:123456789012:cluster:accounts"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:news"
GATEWAY = "arn:aws:apigateway:eu-west-1::"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:order"

CALLS: list[tuple[str, str, dict[str, Any], list[tuple[str, str | None]]]] = [
    (
        "dynamodb",
        "put_item",
        {"TableName": "T", "Item": {}},
        [("dynamodb:PutItem", here("dynamodb", "table/T"))],
    ),
    (
        "dynamodb",
        "query",
        {"TableName": "T", "IndexName": "Index", "KeyConditionExpression": "a=:a"},
        [("dynamodb:Query", here("dynamodb", "table/T/index/Index"))],
    ),
    (
        "dynamodb",
        "batch_get_item",
        {"RequestItems": {"A": {"Keys": [{}]}, "B": {"Keys": [{}]}}},
        [
            ("dynamodb:BatchGetItem", here("dynamodb", "table/A")),
            ("dynamodb:BatchGetItem", here("dynamodb", "table/B")),
        ],
    ),
    (
        "dynamodb",
        "transact_write_items",
        {
            "TransactItems": [
                {"Put": {"TableName": "A", "Item": {}}},
                {"ConditionCheck": {"TableName": "B", "Key": {}, "ConditionExpression": "a"}},
            ]
        },
        [
            ("dynamodb:PutItem", here("dynamodb", "table/A")),
            ("dynamodb:ConditionCheckItem", here("dynamodb", "table/B")),
        ],
    ),
    (
        "sqs",
        "send_message_batch",
        {"QueueUrl": QUEUE, "Entries": [{"Id": "1", "MessageBody": "x"}]},
        [("sqs:SendMessage", here("sqs", "orders"))],
    ),
    ("sqs", "list_queues", {}, [("sqs:ListQueues", NO_RESOURCE)]),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, [("sns:Publish", TOPIC)]),
    ("sns", "publish", {"PhoneNumber": "+491", "Message": "x"}, [("sns:Publish", None)]),
    (
        "ssm",
        "get_parameters",
        {"Names": ["/a/b", "c"]},
        [
            ("ssm:GetParameters", here("ssm", "parameter/a/b")),
            ("ssm:GetParameters", here("ssm", "parameter/c")),
        ],
    ),
    (
        "events",
        "put_events",
        {"Entries": [{"Source": "a", "DetailType": "b", "Detail": "{}"}]},
        [("events:PutEvents", here("events", "event-bus/default"))],
    ),
    (
        "stepfunctions",
        "start_execution",
        {"stateMachineArn": MACHINE},
        [("states:StartExecution", MACHINE)],
    ),
    (
        "logs",
        "put_log_events",
        {"logGroupName": "/g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "x"}]},
        [("logs:PutLogEvents", here("logs", "log-group:/g:log-stream:s"))],
    ),
    ("kms", "decrypt", {"CiphertextBlob": b"x", "KeyId": "1234"}, [("kms:Decrypt", here("kms", "key/1234"))]),
    ("kms", "encrypt", {"Plaintext": b"x", "KeyId": "alias/a"}, [("kms:Encrypt", None)]),
    (
        "cognito-idp",
        "admin_get_user",
        {"UserPoolId": "eu-west-1_A", "Username": "u"},
        [("cognito-idp:AdminGetUser", here("cognito-idp", "userpool/eu-west-1_A"))],
    ),
    ("cognito-idp", "sign_up", {"ClientId": "c", "Username": "u", "Password": "p" * 8}, []),
    ("sts", "get_caller_identity", {}, []),
    (
        "secretsmanager",
        "get_secret_value",
        {"SecretId": "db"},
        [("secretsmanager:GetSecretValue", f"{SECRET}/db")],
    ),
    (
        "rds-data",
        "execute_statement",
        {"resourceArn": CLUSTER, "secretArn": SECRET, "sql": "SELECT 1"},
        [("rds-data:ExecuteStatement", CLUSTER), ("secretsmanager:GetSecretValue", SECRET)],
    ),
    ("s3", "list_buckets", {}, [("s3:ListAllMyBuckets", NO_RESOURCE)]),
    ("s3", "list_objects_v2", {"Bucket": "b"}, [("s3:ListBucket", "arn:aws:s3:::b")]),
    ("s3", "head_object", {"Bucket": "b", "Key": "a/ü"}, [("s3:GetObject", "arn:aws:s3:::b/a/ü")]),
    (
        "s3",
        "get_object",
        {"Bucket": "b", "Key": "k", "VersionId": "1"},
        [("s3:GetObjectVersion", "arn:aws:s3:::b/k")],
    ),
    (
        "s3",
        "copy_object",
        {"Bucket": "b", "Key": "k", "CopySource": {"Bucket": "other", "Key": "o"}},
        [("s3:PutObject", "arn:aws:s3:::b/k"), ("s3:GetObject", "arn:aws:s3:::other/o")],
    ),
    (
        "s3",
        "delete_objects",
        {"Bucket": "b", "Delete": {"Objects": [{"Key": "one"}, {"Key": "a&b"}]}},
        [("s3:DeleteObject", "arn:aws:s3:::b/one"), ("s3:DeleteObject", "arn:aws:s3:::b/a&b")],
    ),
    (
        "s3",
        "put_object_tagging",
        {"Bucket": "b", "Key": "k", "VersionId": "1", "Tagging": {"TagSet": []}},
        [("s3:PutObjectVersionTagging", "arn:aws:s3:::b/k")],
    ),
    (
        "s3",
        "get_object_retention",
        {"Bucket": "b", "Key": "k", "VersionId": "1"},
        [("s3:GetObjectRetention", "arn:aws:s3:::b/k")],
    ),
    (
        "s3",
        "restore_object",
        {"Bucket": "b", "Key": "k", "RestoreRequest": {"Days": 1}},
        [("s3:RestoreObject", "arn:aws:s3:::b/k")],
    ),
    (
        "s3",
        "put_bucket_request_payment",
        {"Bucket": "b", "RequestPaymentConfiguration": {"Payer": "Requester"}},
        [("s3:PutBucketRequestPayment", "arn:aws:s3:::b")],
    ),
    (
        "s3",
        "get_bucket_metrics_configuration",
        {"Bucket": "b", "Id": "m"},
        [("s3:GetMetricsConfiguration", "arn:aws:s3:::b")],
    ),
    ("s3", "get_bucket_location", {"Bucket": "b"}, [("s3:GetBucketLocation", "arn:aws:s3:::b")]),
    ("s3", "delete_bucket_cors", {"Bucket": "b"}, [("s3:PutBucketCORS", "arn:aws:s3:::b")]),
    ("iam", "list_roles", {}, [("iam:ListRoles", None)]),
    ("apigateway", "get_rest_apis", {}, [("apigateway:GET", f"{GATEWAY}/restapis")]),
    ("apigateway", "delete_rest_api", {"restApiId": "a"}, [("apigateway:DELETE", f"{GATEWAY}/restapis/a")]),
    ("apigatewayv2", "get_stages", {"ApiId": "a"}, [("apigateway:GET", f"{GATEWAY}/apis/a/stages")]),
    (
        "cloudwatch",
        "put_metric_data",
        {"Namespace": "n", "MetricData": []},
        [("cloudwatch:PutMetricData", NO_RESOURCE)],
    ),
]


@pytest.mark.parametrize(
    ("service", "method", "members", "wanted"), CALLS, ids=[f"{call[0]} {call[1]}" for call in CALLS]
)
def test_a_call_needs_its_action_on_what_it_names(
    service: str, method: str, members: dict[str, Any], wanted: list[tuple[str, str | None]]
) -> None:
    assert found(service, method, **members) == [Need(*pair) for pair in wanted]


def test_a_body_that_is_no_object_needs_the_action_all_the_same() -> None:
    headers = (
        ("X-Amz-Target", "DynamoDB_20120810.PutItem"),
        ("Authorization", "Credential=A/20260101/eu-west-1/dynamodb/aws4_request"),
    )
    for body in (b"", b"[]", b"{", b'"text"'):
        request = Request("POST", "/", headers=headers, body=body)
        assert needs(request, target(request), lambda *_: "") == [Need("dynamodb:PutItem", None)]
