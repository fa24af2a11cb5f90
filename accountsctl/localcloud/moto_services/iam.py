"""What we fix in moto's IAM: the policies that AWS manages, the versions that a policy may have, and boundaries.

moto carries all 1,500 of them and loads all or none. All would make every start slower by 0.15 s and
every write of the state larger by 4 MB, so a policy is loaded when it is first named. Only ListPolicies
loads them all. Their text (5 MB, and 20 MB as objects) is read for each new name, and is not kept.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from accountsctl.localcloud.contracts.lookups import PARTITION
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend
    from moto.iam.policy_validation import BaseIAMPolicyValidator

Result = TypeVar("Result")

_TEXT = "moto.iam.aws_managed_policies"
BY_ARN = (
    "attach_role_policy",
    "attach_user_policy",
    "attach_group_policy",
    "get_policy",
)


def install() -> None:
    """Fix moto.iam. Once per process."""
    moto = models("iam")
    for name in BY_ARN:
        wrap(moto.IAMBackend, name, _with_policy)
    for name in ("create_role", "put_role_permissions_boundary"):
        wrap(moto.IAMBackend, name, _with_boundary)
    wrap(moto.IAMBackend, "list_policies", _with_all_policies)
    wrap(moto.IAMBackend, "delete_policy", _delete_policy)
    vars(moto)["aws_managed_policies_data"] = "{}"
    _forget_text()
    validator = importlib.import_module("moto.iam.policy_validation").BaseIAMPolicyValidator
    wrap(validator, "_validate_version", _with_any_version)


def _with_any_version(
    original: Callable[[BaseIAMPolicyValidator], None], policy: BaseIAMPolicyValidator
) -> None:
    """A policy without a version, as SAM writes them, is one of 2008-10-17; only an unknown version is refused."""
    if policy._policy_json.get("Version", "2008-10-17") != "2008-10-17":
        original(policy)


def _with_policy(
    original: Callable[..., Result], backend: IAMBackend, policy_arn: str, *args: object, **named: object
) -> Result:
    """Load the policy that the call names; if AWS does not have it, the call itself refuses the name."""
    if policy_arn not in backend.managed_policies:
        policy = aws_policy(policy_arn)
        if policy is not None:
            _load(backend, policy_arn.rpartition("/")[2], policy)
    return original(backend, policy_arn, *args, **named)


def aws_policy(arn: str) -> JsonObject | None:
    """One of AWS's own policies by its ARN; None if AWS has none there."""
    prefix = f"arn:{PARTITION}:iam::aws:policy"
    path, _, name = arn.removeprefix(prefix).rpartition("/")
    policy = _aws_policy(name) if arn.startswith(prefix) else None
    return policy if policy is not None and policy["Path"] == f"{path}/" else None


def _with_boundary(
    original: Callable[..., Result], backend: IAMBackend, *args: object, **named: object
) -> Result:
    """Refuse a permissions boundary that is not there: its role could do nothing at all."""
    arn = inspect.signature(original).bind(backend, *args, **named).arguments["permissions_boundary"]
    named_policy = bool(arn) and backend.policy_arn_regex.match(arn) is not None
    if named_policy and arn not in backend.managed_policies and aws_policy(arn) is None:
        not_found = models("iam").NotFoundException
        raise not_found(f"Scope ARN: {arn} does not exist or is not attachable.")
    return original(backend, *args, **named)


def _delete_policy(original: Callable[..., None], backend: IAMBackend, policy_arn: str) -> None:
    """Refuse to delete a policy that is attached, is a permissions boundary, or has more than its default version.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
    """
    policy = backend.managed_policies.get(policy_arn)
    conflict = models("iam").DeleteConflictException
    holders: list[Any] = [*backend.roles.values(), *backend.users.values(), *backend.groups.values()]
    if any(
        policy_arn in holder.managed_policies
        or getattr(holder, "permissions_boundary_arn", None) == policy_arn
        for holder in holders
    ):
        raise conflict("Cannot delete a policy attached to entities.")
    if policy is not None and len(policy.versions) > 1:
        raise conflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's"
            " versions. The default version is deleted with the policy."
        )
    original(backend, policy_arn)


def _with_all_policies(
    original: Callable[..., Result], backend: IAMBackend, *args: object, **named: object
) -> Result:
    """Load all of AWS's policies if ListPolicies may list them."""
    # moto passes its arguments by position today; their names are what it is less likely to change.
    arguments = inspect.signature(original).bind(backend, *args, **named).arguments
    if arguments["scope"] != "Local" and not arguments["only_attached"]:
        for name, policy in _aws_policies().items():
            _load(backend, name, policy)
    return original(backend, *args, **named)


def _load(backend: IAMBackend, name: str, data: JsonObject) -> None:
    policy = models("iam").AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
    if policy.arn not in backend.managed_policies:
        backend.managed_policies[policy.arn] = policy
        backend.aws_managed_policies.append(policy)


@functools.lru_cache(maxsize=64)
def _aws_policy(name: str) -> JsonObject | None:
    """One of AWS's own policies; None if AWS has none of this name."""
    return _aws_policies().get(name)


def _aws_policies() -> Mapping[str, JsonObject]:
    """AWS's own policies by name, in the version that this moto carries."""
    policies: dict[str, JsonObject] = json.loads(importlib.import_module(_TEXT).aws_managed_policies_data)
    _forget_text()
    return policies


def _forget_text() -> None:
    sys.modules.pop(_TEXT, None)
    vars(importlib.import_module("moto.iam")).pop("aws_managed_policies", None)
