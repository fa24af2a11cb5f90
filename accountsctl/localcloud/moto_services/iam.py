"""What we fix in moto's IAM: the policies that AWS manages.

moto carries all 1,500 of them and loads all or none. All would make every start slower by 0.15 s and
every write of the state larger by 4 MB, so a policy is taken in when it is first named. Only ListPolicies
loads them all.
"""

from __future__ import annotations

import functools
import importlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

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
    wrap(moto.IAMBackend, "list_policies", _with_all)


def _with_policy(
    original: Callable[..., Any], backend: Any, policy_arn: str, *args: Any, **named: Any
) -> Any:
    """The call, with the policy that it names there; one that AWS does not have is refused by the call itself."""
    start = f"arn:{backend.partition}:iam::aws:policy"
    path, _, name = policy_arn.removeprefix(start).rpartition("/")
    if policy_arn.startswith(start) and _aws_policies().get(name, {}).get("Path") == f"{path}/":
        _take_in(backend, name)
    return original(backend, policy_arn, *args, **named)


def _with_all(original: Callable[..., Any], backend: Any, *arguments: Any) -> Any:
    """ListPolicies, with all of AWS's policies if the call may list them."""
    # moto's list_policies(marker, max_items, only_attached, path_prefix, scope), all by position
    only_attached, scope = arguments[2], arguments[4]
    if scope != "Local" and not only_attached:
        for name in _aws_policies():
            _take_in(backend, name)
    return original(backend, *arguments)


def _take_in(backend: Any, name: str) -> None:
    policy = models("iam").AWSManagedPolicy.from_data(
        name, backend.account_id, backend.region_name, _aws_policies()[name]
    )
    if policy.arn not in backend.managed_policies:
        backend.managed_policies[policy.arn] = policy
        backend.aws_managed_policies.append(policy)


@functools.cache
def _aws_policies() -> Mapping[str, Any]:
    """AWS's own policies by name, as moto's authors last saw them."""
    data = importlib.import_module("moto.iam.aws_managed_policies").aws_managed_policies_data
    policies: dict[str, Any] = json.loads(data)
    return policies
