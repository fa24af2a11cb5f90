"""Where and by what names a fix changes a method, by the spelling that its reader recorded."""

from __future__ import annotations

from accountsctl.doctor.facts.model import Method
from accountsctl.doctor.facts.places import Spelling


def is_resource(method: Method) -> bool:
    """Whether a method is a resource of its own, not a part of a document or of SAM's."""
    return method.spelling is Spelling.RESOURCE


def properties_pointer(method: Method) -> str:
    """Return the pointer of what holds a method's properties."""
    return f"{method.place.pointer}/Properties" if is_resource(method) else method.place.pointer


def integration_pointer(method: Method) -> str:
    """Return the pointer of a method's integration, or of where it would stand."""
    return (
        method.integration.place.pointer
        if method.integration
        else f"{properties_pointer(method)}/Integration"
    )


def property_name(method: Method, explicit: str) -> str:
    """Return the name of a CloudFormation property in the method's spelling: a document begins it in lower case."""
    return explicit if is_resource(method) else explicit[0].lower() + explicit[1:]
