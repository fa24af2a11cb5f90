"""The custom domains of a template, and the base paths by which they lead to APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates.common import Reader, listed, mapping
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import is_unknown

MAPPINGS = ("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping")
NAMES = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")


@dataclass(frozen=True)
class _Mapped:
    """One mapping: the domain (its resource, or its name), the API, the base path and the stage."""

    domain: str
    api: str
    base: str
    stage: str
    place: SourcePlace


def domains(reader: Reader, api: str) -> tuple[Domain, ...]:
    """The custom domains of a template that map to an API, or to nothing."""
    every = list(_mapped(reader))
    names = dict(reader.of_type(*NAMES))
    found = []
    for name, properties in names.items():
        text = str(properties.get("DomainName"))
        of_domain = [one for one in every if one.domain in (name, text)]
        own = {one.base: one.stage for one in of_domain if one.api == api}
        if own or not of_domain:
            mutual = bool(properties.get("MutualTlsAuthentication"))
            found.append(Domain(text, reader.at(name), own, mutual, _bases(reader, name, of_domain)))
    return (*found, *_of_other_stacks(every, api, names))


def _mapped(reader: Reader) -> Iterator[_Mapped]:
    for name, properties in reader.of_type(*MAPPINGS):
        base = str(properties.get("BasePath") or properties.get("ApiMappingKey") or "")
        yield _Mapped(
            name_in(str(properties.get("DomainName"))),
            name_in(str(properties.get("RestApiId") or properties.get("ApiId") or "")),
            "" if base == "(none)" else base.strip("/"),
            _stage(reader, properties.get("Stage")),
            reader.at(name),
        )


def _bases(reader: Reader, name: str, of_domain: list[_Mapped]) -> frozenset[str] | None:
    """All base paths of a domain; None if other stacks may add some, or only the deployment knows one."""
    bases = frozenset(one.base for one in of_domain)
    given = name in reader.handed_on or name in reader.exported
    return None if given or reader.incomplete or is_unknown(list(bases)) else bases


def _of_other_stacks(every: list[_Mapped], api: str, names: Mapping[str, Any]) -> Iterator[Domain]:
    """The domains that a mapping names and another stack holds: that may map more to them."""
    here = {*names, *(str(properties.get("DomainName")) for properties in names.values())}
    mappings: dict[str, dict[str, str]] = {}
    for one in every:
        if one.api == api and one.domain not in here and "." in one.domain:
            mappings.setdefault(one.domain, {})[one.base] = one.stage
    for one in every:
        if one.domain in mappings:
            yield Domain(one.domain, one.place, mappings.pop(one.domain))


def sam_domain(reader: Reader, name: str, properties: Mapping[str, Any], stage: str) -> tuple[Domain, ...]:
    """The custom domain that SAM makes of an API's Domain property."""
    stated = mapping(properties.get("Domain"))
    if not stated:
        return ()
    bases = [str(base).strip("/") for base in listed(stated.get("BasePath"))] or [""]
    mutual = bool(stated.get("MutualTlsAuthentication"))
    return (Domain(str(stated.get("DomainName")), reader.at(name), dict.fromkeys(bases, stage), mutual),)


def _stage(reader: Reader, reference: Any) -> str:
    name = name_in(str(reference or ""))
    properties = reader.properties(name) if name in reader.document.resources else {}
    return str(properties.get("StageName") or name)
