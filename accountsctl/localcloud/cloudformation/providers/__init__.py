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
    ec2_routing,
    ec2_security,
    iam,
    kms,
    logs,
    rds,
    rds_parameters,
    s3,
    secretsmanager,
    ssm,
)
from accountsctl.localcloud.cloudformation.providers.base import Provider

PROVIDERS: Mapping[str, Provider] = {
    "AWS::ApiGateway::Account": apigateway.AccountProvider(),
    "AWS::ApiGateway::ApiKey": apigateway_plans.ApiKeyProvider(),
    "AWS::ApiGateway::Authorizer": apigateway.AuthorizerProvider(),
    "AWS::ApiGateway::Deployment": apigateway_stages.DeploymentProvider(),
    "AWS::ApiGateway::GatewayResponse": apigateway.GatewayResponseProvider(),
    "AWS::ApiGateway::Method": apigateway_methods.MethodProvider(),
    "AWS::ApiGateway::Model": apigateway.ModelProvider(),
    "AWS::ApiGateway::RequestValidator": apigateway.RequestValidatorProvider(),
    "AWS::ApiGateway::Resource": apigateway.PathResourceProvider(),
    "AWS::ApiGateway::RestApi": apigateway_apis.RestApiProvider(),
    "AWS::ApiGateway::Stage": apigateway_stages.StageProvider(),
    "AWS::ApiGateway::UsagePlan": apigateway_plans.UsagePlanProvider(),
    "AWS::ApiGateway::UsagePlanKey": apigateway_plans.UsagePlanKeyProvider(),
    "AWS::Cognito::UserPool": cognito.UserPoolProvider(),
    "AWS::Cognito::UserPoolClient": cognito.UserPoolClientProvider(),
    "AWS::Cognito::UserPoolDomain": cognito.UserPoolDomainProvider(),
    "AWS::Cognito::UserPoolGroup": cognito.UserPoolGroupProvider(),
    "AWS::EC2::FlowLog": ec2.FlowLogProvider(),
    "AWS::EC2::InternetGateway": ec2_routing.InternetGatewayProvider(),
    "AWS::EC2::Route": ec2_routing.RouteProvider(),
    "AWS::EC2::RouteTable": ec2_routing.RouteTableProvider(),
    "AWS::EC2::SecurityGroup": ec2_security.SecurityGroupProvider(),
    "AWS::EC2::SecurityGroupEgress": ec2_security.EgressRuleProvider(),
    "AWS::EC2::SecurityGroupIngress": ec2_security.IngressRuleProvider(),
    "AWS::EC2::Subnet": ec2.SubnetProvider(),
    "AWS::EC2::SubnetRouteTableAssociation": ec2_routing.SubnetRouteTableAssociationProvider(),
    "AWS::EC2::VPC": ec2.VpcProvider(),
    "AWS::EC2::VPCEndpoint": ec2.VpcEndpointProvider(),
    "AWS::EC2::VPCGatewayAttachment": ec2_routing.GatewayAttachmentProvider(),
    "AWS::IAM::ManagedPolicy": iam.ManagedPolicyProvider(),
    "AWS::IAM::Policy": iam.PolicyProvider(),
    "AWS::IAM::Role": iam.RoleProvider(),
    "AWS::IAM::RolePolicy": iam.RolePolicyProvider(),
    "AWS::KMS::Alias": kms.AliasProvider(),
    "AWS::KMS::Key": kms.KeyProvider(),
    "AWS::Lambda::Alias": awslambda.AliasProvider(),
    "AWS::Lambda::Function": awslambda.FunctionProvider(),
    "AWS::Lambda::Permission": awslambda.PermissionProvider(),
    "AWS::Lambda::Version": awslambda.VersionProvider(),
    "AWS::Logs::LogGroup": logs.LogGroupProvider(),
    "AWS::RDS::DBCluster": rds.DBClusterProvider(),
    "AWS::RDS::DBClusterParameterGroup": rds_parameters.DBClusterParameterGroupProvider(),
    "AWS::RDS::DBInstance": rds.DBInstanceProvider(),
    "AWS::RDS::DBParameterGroup": rds_parameters.DBParameterGroupProvider(),
    "AWS::RDS::DBSubnetGroup": rds.DBSubnetGroupProvider(),
    "AWS::S3::Bucket": s3.BucketProvider(),
    "AWS::S3::BucketPolicy": s3.BucketPolicyProvider(),
    "AWS::SSM::Parameter": ssm.ParameterProvider(),
    "AWS::SecretsManager::Secret": secretsmanager.SecretProvider(),
    "AWS::SecretsManager::SecretTargetAttachment": secretsmanager.SecretTargetAttachmentProvider(),
}
