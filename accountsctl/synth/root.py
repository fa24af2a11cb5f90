"""The root stack: the deployment bucket, and one nested stack for each resource.

Its first version, the seed, has the bucket alone, since the children's templates need a place to stand
before CloudFormation can read them. Both come from the same functions, so that the step from one to the
other never touches the bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from accountsctl.model.assembly import Child, Template
from accountsctl.model.names import BUCKET_LOGICAL_ID
from accountsctl.model.project import Project
from accountsctl.model.template_body import TemplateResource
from accountsctl.synth.canonical import canonical_template
from accountsctl.synth.identity_pools import identity_resources
from accountsctl.synth.trigger_attachments import trigger_resources

POLICY = "DeploymentBucketPolicy"
OLD_VERSIONS_DAYS = 30
UNFINISHED_UPLOADS_DAYS = 7
SILENCED = {
    "W3002": "The children are linted with local TemplateURLs too, which checks what is passed between them.",
    "W3005": "DependsOn says what backend-config.json says, whether attributes are asked for or not.",
}


def root_template(project: Project, children: Iterable[tuple[Child, Mapping[str, object]]] = ()) -> Template:
    """The root with `children`, each with the parameters that it gets; without any, the seed."""
    wired = list(children)
    stacks = {child.id.logical_id: nested_stack(child, fed) for child, fed in wired}
    roles = identity_resources((child for child, _ in wired), [fed for _, fed in wired])
    triggers = trigger_resources(project, (child for child, _ in wired))
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{project.name}, environment {project.environment.name}: the root of its stacks",
        "Resources": {BUCKET_LOGICAL_ID: _bucket(), POLICY: _bucket_policy(), **roles, **stacks, **triggers},
        "Outputs": {
            "DeploymentBucketName": {
                "Description": "Where templates and packages are uploaded to",
                "Value": {"Ref": BUCKET_LOGICAL_ID},
            }
        },
    }
    return canonical_template(None, "package:root", body)


def nested_stack(child: Child, parameters: Mapping[str, object]) -> TemplateResource:
    """A child as a resource of the root, its template in the root's own bucket."""
    url = f"https://${{{BUCKET_LOGICAL_ID}}}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{child.key}"
    properties: dict[str, object] = {"TemplateURL": {"Fn::Sub": url}}
    if parameters:
        properties["Parameters"] = dict(parameters)
    after = sorted({d.on.logical_id for d in child.resource.depends_on if d.orders})
    said_twice = any(_target(value) in after for value in parameters.values())
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Metadata": {**_whose(child), **_silenced("W3002", *(["W3005"] if said_twice else []))},
        # What must outlive its stack says so itself: a cluster leaves a snapshot.
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        **({"DependsOn": after} if after else {}),
        "Properties": properties,
    }


def _whose(child: Child) -> dict[str, object]:
    """What the stack stands for; once the resource has left the backend, only the deployed root still says it."""
    resource = child.resource
    return {
        "accountsctl": {
            "category": resource.id.category,
            "name": resource.id.name,
            "service": resource.service,
        }
    }


def _silenced(*rules: str) -> dict[str, object]:
    """cfn-lint's rules that do not apply, each with the reason beside it."""
    reason = " ".join(SILENCED[rule] for rule in rules)
    return {"cfn-lint": {"config": {"ignore_checks": list(rules)}, "reason": reason}}


def _target(value: object) -> str | None:
    """The logical id that a parameter's value is an output of."""
    return str(value["Fn::GetAtt"][0]) if isinstance(value, Mapping) and "Fn::GetAtt" in value else None


def _bucket() -> TemplateResource:
    return {
        "Type": "AWS::S3::Bucket",
        # Emptied by `delete`; it holds nothing that a push does not make again.
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                ]
            },
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "Id": "ForgetWhatIsOver",
                        "Status": "Enabled",
                        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSIONS_DAYS},
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": UNFINISHED_UPLOADS_DAYS},
                    }
                ]
            },
        },
    }


def _bucket_policy() -> TemplateResource:
    bucket = {"Fn::GetAtt": [BUCKET_LOGICAL_ID, "Arn"]}
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": BUCKET_LOGICAL_ID},
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "TlsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": [bucket, {"Fn::Sub": f"${{{BUCKET_LOGICAL_ID}.Arn}}/*"}],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            },
        },
    }
