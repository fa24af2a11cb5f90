"""How a template spells a method: as a resource of its own, or as a part of a document or of SAM's events."""

from __future__ import annotations

from accountsctl.doctor.facts.model import Method


def is_resource(method: Method) -> bool:
    """True for a method that is a resource of its own, not a part of a Body or of SAM's events."""
    return method.place.pointer.count("/") == 2


def properties_pointer(method: Method) -> str:
    return f"{method.place.pointer}/Properties" if is_resource(method) else method.place.pointer


def integration_pointer(method: Method) -> str:
    return (
        method.integration.place.pointer
        if method.integration
        else f"{properties_pointer(method)}/Integration"
    )


def property_name(method: Method, explicit: str) -> str:
    """A CloudFormation property by the spelling's own word: a Body begins them small."""
    return explicit if is_resource(method) else explicit[0].lower() + explicit[1:]
