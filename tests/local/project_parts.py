"""A project of a function and a custom resource with a bucket, table, queue, topic, bus, parameter and secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.local.project import LocalProject

EVERYTHING: dict[str, Any] = {
    "Resources": {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
            },
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 60}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "orders"}},
        "Setting": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Type": "String", "Value": "7", "Name": "/shop/limit"},
        },
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {}}},
    },
    "Outputs": {
        "BucketName": {"Value": {"Ref": "Bucket"}},
        "TableName": {"Value": {"Ref": "Table"}},
        "TableArn": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}},
        "StreamArn": {"Value": {"Fn::GetAtt": ["Table", "StreamArn"]}},
        "QueueUrl": {"Value": {"Ref": "Queue"}},
        "QueueArn": {"Value": {"Fn::GetAtt": ["Queue", "Arn"]}},
        "TopicArn": {"Value": {"Ref": "Topic"}},
        "BusName": {"Value": {"Ref": "Bus"}},
        "SettingName": {"Value": {"Fn::Sub": "${Setting}"}},
        "SecretArn": {"Value": {"Ref": "Secret"}},
        "Place": {"Value": {"Ref": "AWS::Region"}},
    },
}
PARTS = "parts/all"
FUNCTION = "function/worker"
HANDLER = "amplify/backend/function/worker/src/index.py"


def project_of_parts(root: Path, template: dict[str, Any] = EVERYTHING) -> LocalProject:
    """`parts/all`, and a function that depends on nothing yet; `dev` is checked out and nothing is pushed."""
    root.mkdir(parents=True)
    project = LocalProject(root)
    project.run("init", "shop")
    file = root / "parts.json"
    file.write_text(json.dumps(template))
    project.run("add", "custom", "parts", "all", "--template", str(file))
    project.run("add", "function", "worker", "--runtime", "python3.13")
    return project
