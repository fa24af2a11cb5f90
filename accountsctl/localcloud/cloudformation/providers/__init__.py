"""The resource types that the embedded cloud provides, each with its provider.

`AWS::CloudFormation::*` is the engine's own. A type that is not here is refused before anything is
created, as CloudFormation refuses a type that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.localcloud.cloudformation.providers import (
    apigateway,
    apigateway_apis,
    apigateway_methods,
    apigateway_plans,
    apigateway_stages,
    awslambda,
    cognito,
    ec2,
    ec2_security,
    iam,
    kms,
    logs,
    rds,
    s3,
    secretsmanager,
    ssm,
)
from accountsctl.localcloud.cloudformation.providers.base import Provider

PROVIDERS: Mapping[str, Provider] = {
    "AWS::ApiGateway::Account": apigateway.Account(),
    "AWS::ApiGateway::ApiKey": apigateway_plans.ApiKey(),
    "AWS::ApiGateway::Authorizer": apigateway.Authorizer(),
    "AWS::ApiGateway::Deployment": apigateway_stages.Deployment(),
    "AWS::ApiGateway::GatewayResponse": apigateway.GatewayResponse(),
    "AWS::ApiGateway::Method": apigateway_methods.Method(),
    "AWS::ApiGateway::Model": apigateway.Model(),
    "AWS::ApiGateway::RequestValidator": apigateway.RequestValidator(),
    "AWS::ApiGateway::Resource": apigateway.PathResource(),
    "AWS::ApiGateway::RestApi": apigateway_apis.RestApi(),
    "AWS::ApiGateway::Stage": apigateway_stages.Stage(),
    "AWS::ApiGateway::UsagePlan": apigateway_plans.UsagePlan(),
    "AWS::ApiGateway::UsagePlanKey": apigateway_plans.UsagePlanKey(),
    "AWS::Cognito::UserPool": cognito.UserPool(),
    "AWS::Cognito::UserPoolClient": cognito.UserPoolClient(),
    "AWS::Cognito::UserPoolDomain": cognito.UserPoolDomain(),
    "AWS::Cognito::UserPoolGroup": cognito.UserPoolGroup(),
    "AWS::EC2::FlowLog": ec2.FlowLog(),
    "AWS::EC2::InternetGateway": ec2.InternetGateway(),
    "AWS::EC2::Route": ec2.Route(),
    "AWS::EC2::RouteTable": ec2.RouteTable(),
    "AWS::EC2::SecurityGroup": ec2_security.SecurityGroup(),
    "AWS::EC2::SecurityGroupEgress": ec2_security.Egress(),
    "AWS::EC2::SecurityGroupIngress": ec2_security.Ingress(),
    "AWS::EC2::Subnet": ec2.Subnet(),
    "AWS::EC2::SubnetRouteTableAssociation": ec2.SubnetRouteTableAssociation(),
    "AWS::EC2::VPC": ec2.Vpc(),
    "AWS::EC2::VPCEndpoint": ec2.VpcEndpoint(),
    "AWS::EC2::VPCGatewayAttachment": ec2.GatewayAttachment(),
    "AWS::IAM::ManagedPolicy": iam.ManagedPolicy(),
    "AWS::IAM::Policy": iam.Policy(),
    "AWS::IAM::Role": iam.Role(),
    "AWS::IAM::RolePolicy": iam.RolePolicy(),
    "AWS::KMS::Alias": kms.Alias(),
    "AWS::KMS::Key": kms.Key(),
    "AWS::Lambda::Alias": awslambda.Alias(),
    "AWS::Lambda::Function": awslambda.Function(),
    "AWS::Lambda::Permission": awslambda.Permission(),
    "AWS::Lambda::Version": awslambda.Version(),
    "AWS::Logs::LogGroup": logs.LogGroup(),
    "AWS::RDS::DBCluster": rds.DBCluster(),
    "AWS::RDS::DBClusterParameterGroup": rds.DBClusterParameterGroup(),
    "AWS::RDS::DBInstance": rds.DBInstance(),
    "AWS::RDS::DBParameterGroup": rds.DBParameterGroup(),
    "AWS::RDS::DBSubnetGroup": rds.DBSubnetGroup(),
    "AWS::S3::Bucket": s3.Bucket(),
    "AWS::S3::BucketPolicy": s3.BucketPolicy(),
    "AWS::SSM::Parameter": ssm.Parameter(),
    "AWS::SecretsManager::Secret": secretsmanager.Secret(),
    "AWS::SecretsManager::SecretTargetAttachment": secretsmanager.SecretTargetAttachment(),
}
