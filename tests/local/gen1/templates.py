"""The templates of a backend as Amplify's CLI generates them, and its backend-config.json."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STACK = "amplify-shop-dev-a1b2c"
BUCKET = f"{STACK}-deployment"


def ref(name: str) -> Json:
    return {"Ref": name}


def attribute(stack: str, output: str) -> Json:
    return {"Fn::GetAtt": [stack, f"Outputs.{output}"]}


def parameters(*names: str) -> Json:
    return {name: {"Type": "String"} for name in names}


AUTH: Json = {
    "Parameters": parameters("env", "userPoolName", "authRoleArn", "unauthRoleArn"),
    "Resources": {
        "UserPool": {
            "Type": "AWS::Cognito::UserPool",
            "Properties": {"UserPoolName": {"Fn::Join": ["-", [ref("userPoolName"), ref("env")]]}},
        },
        "UserPoolClientWeb": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": ref("UserPool"), "ClientName": "web"},
        },
        "IdentityPool": {
            "Type": "AWS::Cognito::IdentityPool",
            "Properties": {
                "IdentityPoolName": {"Fn::Join": ["__", ["shopidentities", ref("env")]]},
                "AllowUnauthenticatedIdentities": False,
                "CognitoIdentityProviders": [
                    {
                        "ClientId": ref("UserPoolClientWeb"),
                        "ProviderName": {"Fn::Sub": "cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}"},
                    }
                ],
            },
        },
        "IdentityPoolRoleMap": {
            "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
            "Properties": {
                "IdentityPoolId": ref("IdentityPool"),
                "Roles": {"authenticated": ref("authRoleArn"), "unauthenticated": ref("unauthRoleArn")},
            },
        },
    },
    "Outputs": {
        "UserPoolId": {"Value": ref("UserPool")},
        "UserPoolArn": {"Value": {"Fn::GetAtt": ["UserPool", "Arn"]}},
        "AppClientIDWeb": {"Value": ref("UserPoolClientWeb")},
        "IdentityPoolId": {"Value": ref("IdentityPool")},
    },
}
FUNCTION: Json = {
    "Parameters": parameters("env", "deploymentBucketName", "s3Key", "storagefilesBucketName"),
    "Resources": {
        "LambdaExecutionRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": {"Fn::Join": ["-", ["shopLambdaRole", ref("env")]]},
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": ["lambda.amazonaws.com"]},
                            "Action": ["sts:AssumeRole"],
                        }
                    ],
                },
            },
        },
        "LambdaFunction": {
            "Type": "AWS::Lambda::Function",
            "Metadata": {"aws:asset:path": "./src", "aws:asset:property": "Code"},
            "Properties": {
                "Code": {"S3Bucket": ref("deploymentBucketName"), "S3Key": ref("s3Key")},
                "Handler": "index.handler",
                "FunctionName": {"Fn::Join": ["-", ["orders", ref("env")]]},
                "Role": {"Fn::GetAtt": ["LambdaExecutionRole", "Arn"]},
                "Runtime": "nodejs22.x",
                "Timeout": 25,
                "Environment": {
                    "Variables": {
                        "ENV": ref("env"),
                        "STORAGE_FILES_BUCKETNAME": ref("storagefilesBucketName"),
                    }
                },
            },
        },
    },
    "Outputs": {
        "Name": {"Value": ref("LambdaFunction")},
        "Arn": {"Value": {"Fn::GetAtt": ["LambdaFunction", "Arn"]}},
    },
}
STORAGE: Json = {
    "Parameters": parameters("env", "bucketName"),
    "Resources": {
        "S3Bucket": {
            "Type": "AWS::S3::Bucket",
            "DeletionPolicy": "Retain",
            "Properties": {"BucketName": {"Fn::Join": ["", [ref("bucketName"), "-", ref("env")]]}},
        }
    },
    "Outputs": {"BucketName": {"Value": ref("S3Bucket")}},
}
URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${functionordersArn}/invocations"
INTEGRATION: Json = {
    "type": "aws_proxy",
    "httpMethod": "POST",
    "passthroughBehavior": "when_no_match",
    "uri": {"Fn::Sub": URI},
}
OPERATION: Json = {
    "responses": {"200": {"description": "200 response"}},
    "x-amazon-apigateway-integration": INTEGRATION,
}
API: Json = {
    "Parameters": parameters("env", "functionordersName", "functionordersArn"),
    "Resources": {
        "shopapi": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {
                "Name": "shopapi",
                "Body": {
                    "swagger": "2.0",
                    "info": {"version": "2018-05-24T17:52:00Z", "title": "shopapi"},
                    "basePath": {"Fn::Join": ["", ["/", ref("env")]]},
                    "schemes": ["https"],
                    "paths": {
                        "/orders": {"x-amazon-apigateway-any-method": OPERATION},
                        "/orders/{proxy+}": {"x-amazon-apigateway-any-method": OPERATION},
                    },
                },
            },
        },
        "DeploymentAPIGWshopapi1a2b3c4d": {
            "Type": "AWS::ApiGateway::Deployment",
            "Properties": {"RestApiId": ref("shopapi"), "StageName": ref("env")},
        },
        "functionordersPermissionshopapi": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": ref("functionordersName"),
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {
                    "Fn::Sub": "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${shopapi}/*/*/*"
                },
            },
        },
    },
    "Outputs": {
        "RootUrl": {
            "Value": {"Fn::Sub": "https://${shopapi}.execute-api.${AWS::Region}.amazonaws.com/${env}"}
        },
        "ApiName": {"Value": "shopapi"},
        "ApiId": {"Value": ref("shopapi")},
    },
}
CUSTOM = """\
Parameters:
  env: {Type: String}
Resources:
  Setting:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Sub "${env}: on"
Outputs:
  SettingName:
    Value: !Ref Setting
"""
TEMPLATES: dict[str, Json | str] = {
    "auth/users": AUTH,
    "function/orders": FUNCTION,
    "storage/files": STORAGE,
    "api/shopapi": API,
    "custom/setting": CUSTOM,
}
PARAMETERS: dict[str, Json] = {
    "auth/users": {
        "userPoolName": "shoppers",
        "authRoleArn": {"Fn::GetAtt": ["AuthRole", "Arn"]},
        "unauthRoleArn": {"Fn::GetAtt": ["UnauthRole", "Arn"]},
    },
    "function/orders": {
        "deploymentBucketName": BUCKET,
        "s3Key": "amplify-builds/orders-1234567890-build.zip",
        "storagefilesBucketName": attribute("storagefiles", "BucketName"),
    },
    "storage/files": {"bucketName": "shopfiles"},
    "api/shopapi": {
        "functionordersName": attribute("functionorders", "Name"),
        "functionordersArn": attribute("functionorders", "Arn"),
    },
    "custom/setting": {},
}
BACKEND: Json = {
    "auth": {"users": {"service": "Cognito", "providerPlugin": "awscloudformation"}},
    "storage": {"files": {"service": "S3", "providerPlugin": "awscloudformation"}},
    "function": {
        "orders": {
            "service": "Lambda",
            "build": True,
            "providerPlugin": "awscloudformation",
            "dependsOn": [{"category": "storage", "resourceName": "files", "attributes": ["BucketName"]}],
        }
    },
    "api": {
        "shopapi": {
            "service": "API Gateway",
            "providerPlugin": "awscloudformation",
            "dependsOn": [{"category": "function", "resourceName": "orders", "attributes": ["Name", "Arn"]}],
        }
    },
    "custom": {"setting": {"service": "customCloudformation", "providerPlugin": "awscloudformation"}},
}
