"""The pure parts of CloudFormation's functions, and the value that is not known yet."""

from __future__ import annotations

import base64
import ipaddress
from itertools import islice

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue


class _UnknownValue:
    """A value that is known only after deployment. AWS prints this text for it in change sets."""

    def __repr__(self) -> str:
        return "{{changeSet:KNOWN_AFTER_APPLY}}"


UNKNOWN = _UnknownValue()


def unknown_within(value: object) -> bool:
    """Whether `value` is, or holds, UNKNOWN."""
    if isinstance(value, dict):
        return any(unknown_within(inner) for inner in value.values())
    if isinstance(value, list):
        return any(unknown_within(inner) for inner in value)
    return value is UNKNOWN


def scalar(value: object) -> str:
    """A scalar as CloudFormation writes it into a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict):
        raise TypeError("a string was expected")
    return str(value)


def normal(value: TemplateValue) -> TemplateValue:
    """`value` with every scalar as text: CloudFormation sees no difference between 25 and "25"."""
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normal(inner) for inner in value]
    return value if value is None or value is UNKNOWN else scalar(value)


def equal(left: object, right: object) -> bool:
    """Fn::Equals, and whether a property is unchanged."""
    return bool(normal(left) == normal(right))


def select(index: TemplateValue, items: TemplateValue) -> TemplateValue:
    """Fn::Select."""
    try:
        position = int(index)
    except (TypeError, ValueError) as error:
        raise CloudFormationError(
            "Template error: Fn::Select requires a list argument with a valid index value as its first element"
        ) from error
    if not isinstance(items, list):
        raise CloudFormationError(
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    if not 0 <= position < len(items):
        raise CloudFormationError(
            f"Template error: Fn::Select cannot select nonexistent value at index {position}"
        )
    return items[position]


def cidr(block: str, count: TemplateValue, bits: TemplateValue = 8) -> list[str]:
    """Fn::Cidr: the first `count` subnets of `block` that each have `bits` host bits."""
    wanted = int(count)
    try:
        network = ipaddress.ip_network(block)
        prefix = network.max_prefixlen - int(bits)
        available = 1 << (prefix - network.prefixlen) if prefix >= network.prefixlen else 0
    except ValueError as error:
        raise CloudFormationError(f"Template error: Fn::Cidr: {error}") from error
    if not 1 <= wanted <= 256 or wanted > available:
        raise CloudFormationError(
            f"Template error: Fn::Cidr cannot make {wanted} blocks of {bits} host bits out of {block}"
        )
    return [str(subnet) for subnet in islice(network.subnets(new_prefix=prefix), wanted)]


def base64_of(text: str) -> str:
    """Fn::Base64."""
    return base64.b64encode(text.encode()).decode()
