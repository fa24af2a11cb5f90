"""What the policy that is attached to a resource says of a caller of the same account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, PolicyDocument, Signer
from accountsctl.localcloud.contracts.policy_documents import listed, statements
from accountsctl.localcloud.contracts.resource_policies import PolicyVerdict, verdict
from accountsctl.localcloud.rights.need import Need

ACCOUNT_ITSELF = frozenset({ACCOUNT, f"arn:{PARTITION}:iam::{ACCOUNT}:root"})
"""How a policy names the account. Allowed to it is what identity-based policies allow; denied to it, to everyone."""


def combined(signer: Signer, need: Need, attached: PolicyDocument) -> PolicyVerdict:
    """What the caller's policies and the resource's say together: one must allow, and none deny.

    Of a key, the policies of callers count only as far as the key's own policy leaves the decision to the account.
    """
    own: Sequence[PolicyDocument] = signer.policies or ()
    if need.action.startswith("kms:") and attached and not _delegates(need, attached):
        own = [{"Statement": [*_of_effect(policy, "Deny")]} for policy in own]
    about = {"Statement": [entry for entry in statements(attached) if _concerns(entry, signer)]}
    found = verdict([*own, about], need.action, need.resource, _facts(signer))
    limit = within_boundary(signer, need)
    if PolicyVerdict.DENIED in (found, limit):
        return PolicyVerdict.DENIED
    return limit if found is PolicyVerdict.ALLOWED and not _session_is_named(about, signer, need) else found


def within_boundary(signer: Signer, need: Need) -> PolicyVerdict:
    """What the permissions boundary of the caller says; without one, everything is within it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    if signer.boundary is None:
        return PolicyVerdict.ALLOWED
    return verdict([signer.boundary], need.action, need.resource, _facts(signer))


def _facts(signer: Signer) -> Mapping[str, str]:
    return {"aws:principalarn": signer.principal} if signer.principal else {}


def _session_is_named(about: PolicyDocument, signer: Signer, need: Need) -> bool:
    """Whether the resource allows this to the session itself, which no boundary of its role limits."""
    if signer.arn == signer.principal:
        return False
    to_session = [
        entry for entry in _of_effect(about, "Allow") if signer.arn in _principals(entry.get("Principal"))
    ]
    allowed = verdict([{"Statement": to_session}], need.action, need.resource, _facts(signer))
    return allowed is PolicyVerdict.ALLOWED


def _of_effect(policy: PolicyDocument, effect: str) -> list[PolicyDocument]:
    return [entry for entry in statements(policy) if entry.get("Effect") == effect]


def _delegates(need: Need, policy: PolicyDocument) -> bool:
    """Whether the policy of a key allows the account itself the action."""
    to_account = [
        entry for entry in _of_effect(policy, "Allow") if ACCOUNT_ITSELF & _principals(entry.get("Principal"))
    ]
    return verdict([{"Statement": to_account}], need.action, need.resource) is PolicyVerdict.ALLOWED


def _concerns(statement: PolicyDocument, signer: Signer) -> bool:
    """Whether the principals of a statement include the caller by name, or as anyone."""
    names = {signer.arn, signer.principal}
    if "NotPrincipal" in statement:
        return not names & _principals(statement["NotPrincipal"])
    everyone = {"*"} if statement.get("Effect") == "Allow" else {"*", *ACCOUNT_ITSELF}
    return bool((names | everyone) & _principals(statement.get("Principal")))


def _principals(principal: object) -> set[str]:
    """The names under AWS; services and identity providers are other callers."""
    if isinstance(principal, Mapping):
        return {str(name) for name in listed(principal.get("AWS", []))}
    return {"*"} if principal == "*" else set()
