"""The clients of a session under their own types, one line for each service that the adapters call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient
    from mypy_boto3_apigatewayv2 import ApiGatewayV2Client
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cognito_identity import CognitoIdentityClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_rds_data import RDSDataServiceClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ssm.client import SSMClient
    from mypy_boto3_sts import STSClient

    from accountsctl.adapters.aws.session import Session


@overload
def service_client(session: Session, service: Literal["apigateway"]) -> APIGatewayClient: ...


@overload
def service_client(session: Session, service: Literal["apigatewayv2"]) -> ApiGatewayV2Client: ...


@overload
def service_client(session: Session, service: Literal["cloudformation"]) -> CloudFormationClient: ...


@overload
def service_client(session: Session, service: Literal["cloudfront"]) -> CloudFrontClient: ...


@overload
def service_client(session: Session, service: Literal["cloudwatch"]) -> CloudWatchClient: ...


@overload
def service_client(session: Session, service: Literal["cognito-identity"]) -> CognitoIdentityClient: ...


@overload
def service_client(session: Session, service: Literal["cognito-idp"]) -> CognitoIdentityProviderClient: ...


@overload
def service_client(session: Session, service: Literal["ec2"]) -> EC2Client: ...


@overload
def service_client(session: Session, service: Literal["lambda"]) -> LambdaClient: ...


@overload
def service_client(session: Session, service: Literal["logs"]) -> CloudWatchLogsClient: ...


@overload
def service_client(session: Session, service: Literal["rds"]) -> RDSClient: ...


@overload
def service_client(session: Session, service: Literal["rds-data"]) -> RDSDataServiceClient: ...


@overload
def service_client(session: Session, service: Literal["s3"]) -> S3Client: ...


@overload
def service_client(session: Session, service: Literal["ssm"]) -> SSMClient: ...


@overload
def service_client(session: Session, service: Literal["sts"]) -> STSClient: ...


def service_client(session: Session, service: str) -> object:
    """The boto3 client of a service; the same one every time."""
    client: object = session.client(service)
    return client
