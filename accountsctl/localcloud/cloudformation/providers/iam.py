# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""IAM: roles and the three kinds of policy resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties, ProvidedResource
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    bring_tags,
    changed,
    chosen,
    parameters,
    tagged,
    text,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.reading import found

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


class RoleProvider:
    """AWS::IAM::Role, with its inline policies and the managed ones that it attaches."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("iam")
        name = properties.get("RoleName") or context.name(64)
        settled = {"Description": "", **tagged(context, properties)}
        role = client.create_role(**parameters(client, "create_role", settled, RoleName=name))["Role"]
        with undone_by(lambda: self.delete(context, name, properties)):
            self._apply_policies(client, name, {}, properties)
        return ProvidedResource(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("iam")
        if changed(old, new, "AssumeRolePolicyDocument"):
            document = text(new["AssumeRolePolicyDocument"])
            client.update_assume_role_policy(RoleName=physical_id, PolicyDocument=document)
        if changed(old, new, "Description", "MaxSessionDuration"):
            settings = {
                "Description": "",
                "MaxSessionDuration": 3600,
                **chosen(new, "Description MaxSessionDuration"),
            }
            client.update_role(**parameters(client, "update_role", settings, RoleName=physical_id))
        if changed(old, new, "PermissionsBoundary"):
            self._bound(client, physical_id, new.get("PermissionsBoundary"))
        self._apply_policies(client, physical_id, old, new)
        bring_tags(
            context,
            old,
            new,
            lambda keys: client.untag_role(RoleName=physical_id, TagKeys=keys),
            lambda tags: client.tag_role(RoleName=physical_id, Tags=tags),
        )
        role = client.get_role(RoleName=physical_id)["Role"]
        return ProvidedResource(physical_id, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("iam")
        with already_gone():
            for policy in client.list_role_policies(RoleName=physical_id)["PolicyNames"]:
                if policy in {p["PolicyName"] for p in properties.get("Policies", [])}:
                    client.delete_role_policy(RoleName=physical_id, PolicyName=policy)
            for arn in _attached(client, physical_id):
                if arn in properties.get("ManagedPolicyArns", []):
                    client.detach_role_policy(RoleName=physical_id, PolicyArn=arn)
            client.delete_role(RoleName=physical_id)

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("iam")
        role = found(client, "get_role", RoleName=physical_id).at("Role")
        boundary = {"PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn"}
        actual = role.properties(context, properties, boundary)
        if "Policies" in properties:
            names = client.list_role_policies(RoleName=physical_id)["PolicyNames"]
            policies = [client.get_role_policy(RoleName=physical_id, PolicyName=name) for name in names]
            actual["Policies"] = [chosen(policy, "PolicyName PolicyDocument") for policy in policies]
        if "ManagedPolicyArns" in properties:
            actual["ManagedPolicyArns"] = _attached(client, physical_id)
        return actual

    def _apply_policies(self, client: IAMClient, name: str, old: Properties, new: Properties) -> None:
        before = {policy["PolicyName"]: policy["PolicyDocument"] for policy in old.get("Policies", [])}
        after = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies", [])}
        for policy in before.keys() - after.keys():
            with already_gone():
                client.delete_role_policy(RoleName=name, PolicyName=policy)
        for policy, document in after.items():
            if before.get(policy) != document:
                client.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text(document))
        arns = new.get("ManagedPolicyArns", [])
        for arn in set(old.get("ManagedPolicyArns", [])) - set(arns):
            with already_gone():
                client.detach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in arns:
            if arn not in old.get("ManagedPolicyArns", []):
                client.attach_role_policy(RoleName=name, PolicyArn=arn)

    def _bound(self, client: IAMClient, name: str, boundary: str | None) -> None:
        if boundary:
            client.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            client.delete_role_permissions_boundary(RoleName=name)


def _attached(client: IAMClient, role: str) -> list[str]:
    listed = client.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in listed]


PRINCIPALS = {"Roles": "role", "Users": "user", "Groups": "group"}


def _principals(properties: Properties) -> Iterator[tuple[str, str]]:
    """Kind and name of everyone that a policy is for."""
    for prop, kind in PRINCIPALS.items():
        yield from ((kind, name) for name in properties.get(prop, []))


class PolicyProvider:
    """AWS::IAM::Policy: an inline policy put on roles, users and groups."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        with undone_by(lambda: self._remove(context, properties, list(_principals(properties)))):
            self._put(context, properties)
        name = context.name(64)
        return ProvidedResource(name, {"Id": name})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        self._put(context, new)
        renamed = old["PolicyName"] != new["PolicyName"]
        kept = set() if renamed else set(_principals(new))
        self._remove(context, old, [who for who in _principals(old) if who not in kept])
        return ProvidedResource(physical_id, {"Id": physical_id})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._remove(context, properties, list(_principals(properties)))

    def _put(self, context: Context, properties: Properties) -> None:
        client = context.client("iam")
        document = text(properties["PolicyDocument"])
        for kind, name in _principals(properties):
            put: dict[str, Callable[..., object]] = {
                "role": client.put_role_policy,
                "user": client.put_user_policy,
                "group": client.put_group_policy,
            }
            who = {f"{kind.title()}Name": name}
            put[kind](**who, PolicyName=properties["PolicyName"], PolicyDocument=document)

    def _remove(self, context: Context, properties: Properties, principals: list[tuple[str, str]]) -> None:
        client = context.client("iam")
        delete: dict[str, Callable[..., object]] = {
            "role": client.delete_role_policy,
            "user": client.delete_user_policy,
            "group": client.delete_group_policy,
        }
        for kind, name in principals:
            with already_gone():
                delete[kind](**{f"{kind.title()}Name": name}, PolicyName=properties["PolicyName"])


class ManagedPolicyProvider:
    """AWS::IAM::ManagedPolicy; Ref is its ARN."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        client = context.client("iam")
        policy = found(client, "get_policy", PolicyArn=physical_id).at("Policy")
        actual = policy.properties(context, chosen(properties, "Description Path"))
        where = {"PolicyArn": physical_id, "VersionId": policy.value["DefaultVersionId"]}
        version = found(client, "get_policy_version", **where).at("PolicyVersion")
        names = {"PolicyDocument": "Document"}
        return {**actual, **version.properties(context, chosen(properties, "PolicyDocument"), names)}

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("iam")
        name = properties.get("ManagedPolicyName") or context.name(128)
        arn = client.create_policy(
            **parameters(
                client,
                "create_policy",
                {**properties, "Tags": tagged(context, properties)["Tags"]},
                PolicyName=name,
            )
        )["Policy"]["Arn"]
        with undone_by(lambda: self.delete(context, arn, properties)):
            self._attach(client, arn, list(_principals(properties)))
        return self._resource(client, arn)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        client = context.client("iam")
        if changed(old, new, "PolicyDocument"):
            document = text(new["PolicyDocument"])
            client.create_policy_version(PolicyArn=physical_id, PolicyDocument=document, SetAsDefault=True)
            self._delete_versions(client, physical_id)
        before, after = set(_principals(old)), set(_principals(new))
        self._attach(client, physical_id, sorted(after - before))
        self._detach(client, physical_id, sorted(before - after))
        return self._resource(client, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("iam")
        self._detach(client, physical_id, list(_principals(properties)))
        with already_gone():
            self._delete_versions(client, physical_id)
            client.delete_policy(PolicyArn=physical_id)

    def _attach(self, client: IAMClient, arn: str, principals: list[tuple[str, str]]) -> None:
        attach: dict[str, Callable[..., object]] = {
            "role": client.attach_role_policy,
            "user": client.attach_user_policy,
            "group": client.attach_group_policy,
        }
        for kind, name in principals:
            attach[kind](**{f"{kind.title()}Name": name}, PolicyArn=arn)

    def _detach(self, client: IAMClient, arn: str, principals: list[tuple[str, str]]) -> None:
        detach: dict[str, Callable[..., object]] = {
            "role": client.detach_role_policy,
            "user": client.detach_user_policy,
            "group": client.detach_group_policy,
        }
        for kind, name in principals:
            with already_gone():
                detach[kind](**{f"{kind.title()}Name": name}, PolicyArn=arn)

    def _delete_versions(self, client: IAMClient, arn: str) -> None:
        for version in client.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                client.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])

    def _resource(self, client: IAMClient, arn: str) -> ProvidedResource:
        policy = client.get_policy(PolicyArn=arn)["Policy"]
        return ProvidedResource(
            arn,
            {
                "PolicyArn": arn,
                "PolicyId": policy["PolicyId"],
                "DefaultVersionId": policy["DefaultVersionId"],
                "AttachmentCount": policy["AttachmentCount"],
                "IsAttachable": True,
            },
        )


class RolePolicyProvider:
    """AWS::IAM::RolePolicy: one inline policy of one role."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        where = {"RoleName": properties["RoleName"], "PolicyName": properties["PolicyName"]}
        return found(context.client("iam"), "get_role_policy", **where).properties(context, properties)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return self._put(context, properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return self._put(context, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        client = context.client("iam")
        with already_gone():
            client.delete_role_policy(RoleName=properties["RoleName"], PolicyName=properties["PolicyName"])

    def _put(self, context: Context, properties: Properties) -> ProvidedResource:
        client = context.client("iam")
        role, policy = properties["RoleName"], properties["PolicyName"]
        client.put_role_policy(
            RoleName=role, PolicyName=policy, PolicyDocument=text(properties["PolicyDocument"])
        )
        return ProvidedResource(f"{policy}|{role}")
