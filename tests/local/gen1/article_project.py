"""A project as Amplify left it in 2021, with all that stops a push of it today.

A function on a retired runtime that uses version 2 of the AWS SDK and was never allowed to call the Data API, a
cluster of Aurora Serverless v1 in a template written by hand, an API with AWS_IAM methods, and a key in plain text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RDS = "amplify/backend/rds/shopCluster/template.json"
FUNCTION = "amplify/backend/function/shopFunction"
FUNCTION_TEMPLATE = f"{FUNCTION}/shopFunction-cloudformation-template.json"
API_TEMPLATE = "amplify/backend/api/shopApi/shopApi-cloudformation-template.json"
TEAM = "amplify/team-provider-info.json"
KEY = "sk_live_" + "0123456789abcdefghij"
TEMPLATES = Path(__file__).parents[2] / "data/article"
Values = dict[str, Any]


def dependency(category: str, name: str, *attributes: str) -> Values:
    return {"category": category, "resourceName": name, "attributes": list(attributes)}


BACKEND = {
    "hosting": {"S3AndCloudFront": {"service": "S3AndCloudFront", "providerPlugin": "awscloudformation"}},
    "function": {
        "shopFunction": {
            "build": True,
            "service": "Lambda",
            "dependsOn": [dependency("rds", "shopCluster", "Arn", "SecretArn")],
        }
    },
    "api": {
        "shopApi": {
            "service": "API Gateway",
            "dependsOn": [dependency("function", "shopFunction", "Name", "Arn")],
        }
    },
    "rds": {"shopCluster": {"service": "RDSCluster", "dependsOn": []}},
}
TEAM_ENVIRONMENTS = {
    "dev": {
        "awscloudformation": {
            "Region": "eu-west-1",
            "DeploymentBucketName": "amplify-shop-dev-1-deployment",
            "StackName": "amplify-shop-dev-1",
            "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/amplify-shop-dev-1/0",
        },
        "categories": {"function": {"shopFunction": {"paymentApiKey": KEY}}},
    }
}
HANDLER = """const AWS = require('aws-sdk');
const data = new AWS.RDSDataService();

exports.handler = async () => {
  const { records } = await data.executeStatement({
    secretArn: process.env.SECRET_ARN,
    resourceArn: process.env.DB_ARN,
    database: 'shop',
    sql: "select 'ink' as name",
  }).promise();
  return { statusCode: 200, body: JSON.stringify(records.map(([name]) => name.stringValue)) };
};
"""
SDK = """// What npm would install, as far as this handler needs it.
exports.RDSDataService = class {
  executeStatement() {
    return { promise: async () => ({ records: [[{ stringValue: 'ink' }]] }) };
  }
};
"""


def template(name: str) -> str:
    """A template as it was written by hand, or by Amplify."""
    return (TEMPLATES / f"{name}.json").read_text()


def write(root: Path) -> None:
    """Write the project to a folder."""
    files: dict[str, object] = {
        "amplify/backend/backend-config.json": BACKEND,
        "amplify/.config/project-config.json": {"projectName": "shop", "version": "3.1"},
        TEAM: TEAM_ENVIRONMENTS,
        "amplify/backend/rds/shopCluster/parameters.json": {
            "DBUsername": "shopper",
            "DBClusterName": "shopcluster",
        },
        RDS: template("database"),
        FUNCTION_TEMPLATE: template("function"),
        f"{FUNCTION}/src/index.js": HANDLER,
        f"{FUNCTION}/src/package.json": {"name": "shopFunction", "version": "1.0.0"},
        f"{FUNCTION}/function-parameters.json": {"lambdaLayers": []},
        API_TEMPLATE: template("api"),
    }
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
