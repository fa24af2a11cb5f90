"""A project of Amplify's with every format that has no template beside it: only what its CLI keeps in Git."""

from __future__ import annotations

from pathlib import Path

from tests.functional.gen1.amplify_project import FUNCTION, write


def on(category: str, name: str, *attributes: str, **more: object) -> dict[str, object]:
    return {"category": category, "resourceName": name, "attributes": list(attributes), **more}


def function(*edges: dict[str, object]) -> dict[str, object]:
    return {"service": "Lambda", "build": True, "dependsOn": list(edges)}


BACKEND_FILE = "amplify/backend/backend-config.json"
NAMED = ("Name", "Arn")
BACKEND: dict[str, object] = {
    "auth": {
        "users": {
            "service": "Cognito",
            "dependsOn": [on("function", "usersPostConfirmation", *NAMED, triggerProvider="Cognito")],
        },
        "userPoolGroups": {
            "service": "Cognito-UserPool-Groups",
            "dependsOn": [
                on("auth", "users", "UserPoolId", "AppClientIDWeb", "AppClientID", "IdentityPoolId")
            ],
        },
    },
    "storage": {
        "files": {
            "service": "S3",
            "dependsOn": [
                on("function", "filesTrigger", *NAMED, "LambdaExecutionRole"),
                on("auth", "users", "UserPoolId"),
                on("auth", "userPoolGroups", "AdminsGroupRole"),
            ],
        },
        "orders": {"service": "DynamoDB"},
        "archive": {"service": "S3", "serviceType": "imported"},
        "ledger": {"service": "DynamoDB", "serviceType": "imported"},
    },
    "function": {
        "usersPostConfirmation": function(),
        "filesTrigger": function(),
        "AdminQueriesf00": function(on("auth", "users", "UserPoolId")),
        "work": function(
            on("storage", "orders", *NAMED),
            on("function", "tools", "Arn"),
            on("storage", "archive", "BucketName"),
            on("storage", "ledger", "Name"),
        ),
        "tools": {"service": "LambdaLayer", "build": True},
    },
    "api": {
        "web": {
            "service": "API Gateway",
            "dependsOn": [
                on("function", "work", *NAMED),
                on("auth", "users", "UserPoolId"),
                on("auth", "userPoolGroups", "AdminsGroupRole"),
            ],
        },
        "AdminQueries": {
            "service": "API Gateway",
            "authorizationType": "AMAZON_COGNITO_USER_POOLS",
            "dependsOn": [on("auth", "users", "UserPoolId"), on("function", "AdminQueriesf00", *NAMED)],
        },
    },
    "hosting": {"amplifyhosting": {"type": "cicd"}},
    "parameters": {"AMPLIFY_function_work_level": {"usedBy": []}},
}
POOL: dict[str, object] = {
    "version": "1",
    "cognitoConfig": {
        "identityPoolName": "shop_identities",
        "allowUnauthenticatedIdentities": True,
        "resourceNameTruncated": "shop1",
        "userPoolName": "shoppers",
        "autoVerifiedAttributes": ["email"],
        "mfaConfiguration": "OPTIONAL",
        "mfaTypes": ["SMS Text Message", "TOTP"],
        "passwordPolicyMinLength": 10,
        "passwordPolicyCharacters": ["Requires Numbers"],
        "requiredAttributes": ["email"],
        "aliasAttributes": [],
        "userpoolClientGenerateSecret": False,
        "userpoolClientRefreshTokenValidity": 30,
        "userpoolClientSetAttributes": True,
        "userpoolClientReadAttributes": ["email"],
        "userpoolClientWriteAttributes": ["email"],
        "usernameCaseSensitive": False,
        "usernameAttributes": ["email, phone_number"],
        "authSelections": "identityPoolAndUserPool",
        "hostedUI": True,
        "triggers": '{"PostConfirmation":["add-to-group"]}',
        "permissions": [
            '{"policyName":"AddToGroupCognito","trigger":"PostConfirmation","effect":"Allow",'
            '"actions":["cognito-idp:AdminAddUserToGroup"],"resource":{"paramType":"!GetAtt","keys":["UserPool","Arn"]}}'
        ],
        "hostedUIDomainName": "shop-sign-in",
        "oAuthMetadata": '{"AllowedOAuthFlows":["code"],"AllowedOAuthScopes":["openid"],'
        '"CallbackURLs":["https://shop.example/"],"LogoutURLs":["https://shop.example/"]}',
    },
}
BUCKET: dict[str, object] = {
    "resourceName": "files",
    "bucketName": "shopfiles1a2b",
    "storageAccess": "authAndGuest",
    "guestAccess": ["READ"],
    "authAccess": ["CREATE_AND_UPDATE", "READ", "DELETE"],
    "triggerFunction": "filesTrigger",
    "groupAccess": {"Admins": ["CREATE_AND_UPDATE", "READ"]},
}
TABLE: dict[str, object] = {
    "resourceName": "orders",
    "tableName": "orders",
    "partitionKey": {"fieldName": "id", "fieldType": "string"},
    "sortKey": {"fieldName": "at", "fieldType": "number"},
    "gsi": [{"name": "byState", "partitionKey": {"fieldName": "state", "fieldType": "string"}}],
}
REST: dict[str, object] = {
    "version": 1,
    "paths": {
        "/open": {"lambdaFunction": "work", "permissions": {"setting": "open"}},
        "/mine": {
            "lambdaFunction": "work",
            "permissions": {"setting": "private", "auth": ["read", "update"]},
        },
        "/news/{id}": {
            "lambdaFunction": "work",
            "permissions": {
                "setting": "protected",
                "auth": ["create", "read", "update", "delete"],
                "guest": ["read"],
            },
        },
        "/team": {
            "lambdaFunction": "work",
            "permissions": {
                "setting": "private",
                "groups": {"Admins": ["create", "read", "update", "delete"]},
            },
        },
    },
}
ADMIN_QUERIES: dict[str, object] = {
    "version": 1,
    "paths": {
        "/{proxy+}": {
            "lambdaFunction": "AdminQueriesf00",
            "permissions": {"setting": "private", "auth": ["create", "read", "update", "delete"]},
        }
    },
}
LAYER: dict[str, object] = {
    "permissions": [{"type": "AWSAccount", "accounts": ["111122223333"]}],
    "runtimes": [{"value": "nodejs", "name": "NodeJS", "cloudTemplateValues": ["nodejs22.x"]}],
}
OF_FUNCTION: dict[str, object] = {
    "lambdaLayers": [
        {"type": "ProjectLayer", "resourceName": "tools", "isLatestVersionSelected": True},
        {"type": "ExternalLayer", "arn": "arn:aws:lambda:eu-west-1:111122223333:layer:other:4"},
    ],
    "secretNames": ["API_TOKEN"],
}
TEAM: dict[str, object] = {
    "dev": {
        "awscloudformation": {"Region": "eu-west-1", "StackName": "amplify-shop-dev-1a2b3"},
        "categories": {
            "function": {"work": {"secretsPathAmplifyAppId": "d1234"}},
            "storage": {
                "archive": {"bucketName": "old-archive", "region": "eu-west-1"},
                "ledger": {"tableName": "old-ledger", "region": "eu-west-1", "partitionKeyName": "id"},
            },
        },
    }
}


def with_lambda(*parameters: str) -> dict[str, dict[str, object]]:
    """A function's template as Amplify writes it, with further parameters."""
    names = ("env", "deploymentBucketName", "s3Key", *parameters)
    role = {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]}
    code = {"S3Bucket": {"Ref": "deploymentBucketName"}, "S3Key": {"Ref": "s3Key"}}
    properties = {"Code": code, "Handler": "index.handler", "Role": role, "Runtime": "nodejs22.x"}
    made = {"Type": "AWS::Lambda::Function", "Properties": properties}
    return {
        "Parameters": {name: {"Type": "String"} for name in names},
        "Resources": {**FUNCTION["Resources"], "LambdaFunction": made},
        "Outputs": {
            "Name": {"Value": {"Ref": "LambdaFunction"}},
            "Arn": {"Value": {"Fn::GetAtt": ["LambdaFunction", "Arn"]}},
            "LambdaExecutionRole": {"Value": {"Ref": "LambdaExecutionRole"}},
        },
    }


def write_full_project(root: Path) -> None:
    """Write the project below `root`."""
    files: dict[str, object] = {
        "backend-config.json": BACKEND,
        "auth/users/cli-inputs.json": POOL,
        "auth/userPoolGroups/user-pool-group-precedence.json": [{"groupName": "Admins", "precedence": 1}],
        "storage/files/cli-inputs.json": BUCKET,
        "storage/orders/cli-inputs.json": TABLE,
        "storage/archive/parameters.json": {"resourceName": "archive", "serviceType": "imported"},
        "api/web/cli-inputs.json": REST,
        "api/AdminQueries/cli-inputs.json": ADMIN_QUERIES,
        "function/work/function-parameters.json": OF_FUNCTION,
        "function/tools/layer-configuration.json": LAYER,
        "function/tools/opt/data.txt": "from opt",
        "function/tools/lib/nodejs/node_modules/tools/index.js": "exports.one = 1;\n",
    }
    for path, value in files.items():
        write(root, f"amplify/backend/{path}", value)
    parameters = {"work": ("storageordersName",), "AdminQueriesf00": ("authusersUserPoolId",)}
    for name in ("work", "usersPostConfirmation", "filesTrigger", "AdminQueriesf00"):
        folder = f"amplify/backend/function/{name}"
        write(root, f"{folder}/{name}-cloudformation-template.json", with_lambda(*parameters.get(name, ())))
        write(root, f"{folder}/src/index.js", "exports.handler = async () => 1;\n")
    write(root, "amplify/team-provider-info.json", TEAM)
    write(root, "amplify/.config/project-config.json", {"projectName": "shop", "version": "3.1"})
