"""A custom domain of API Gateway: what it asks of the caller, and which paths it maps."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import EVERY_KIND, Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, called_domain
from accountsctl.doctor.catalogue.requests import calls_domain
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when

cause = Causes()


@cause(
    id="deploy.mtls",
    stage=RequestStage.ROUTING,
    what="The domain, or a proxy there, requires a client certificate (mutual TLS), which most browsers send with no "
    "preflight.",
    browser=MISSING,
    fix="Turn mutual TLS off for the domain that browsers use, or give them another domain.",
    source="AWS re:Post, mutual TLS; ingress-nginx#5129",
    refusals=(said.NO_API,),
    meets_preflight=EVERY_KIND,
    fits=calls_domain,
    zoo="tests/faults/outside_rest_apis.py",
)
def _mutual(scene: Scene) -> Iterator[Evidence]:
    if (domain := called_domain(scene)) is not None:
        yield from when(
            domain.mutual_tls, domain.place, "the domain asks for a client certificate", "none for browsers"
        )


@cause(
    id="deploy.stage-in-domain-path",
    stage=RequestStage.ROUTING,
    what="The URL names the stage, though the domain's mapping has named it already.",
    browser=MISSING,
    fix="Leave the stage out of the URL.",
    source="AWS re:Post, 403 errors",
    kind="code",
    refusals=(said.MISSING_TOKEN, said.NO_API),
    meets_preflight=EVERY_KIND,
    fits=calls_domain,
    zoo="tests/faults/outside_rest_apis.py",
)
def _stage_in_path(scene: Scene) -> Iterator[Evidence]:
    if (domain := called_domain(scene)) is not None:
        first = scene.ask.url_path.strip("/").partition("/")[0]
        yield from when(
            first in set(domain.mappings.values()) - {""} and first not in domain.mappings,
            domain.place,
            f"the URL names the stage {first}, which the domain's mapping names already",
            f"https://{domain.name}{scene.ask.url_path.removeprefix('/' + first)}",
        )


@cause(
    id="deploy.no-mapping",
    stage=RequestStage.ROUTING,
    what="The custom domain maps to no API, or to none below this path.",
    browser=MISSING,
    fix="Call one of the base paths that it maps, or add a base path mapping.",
    source="zappa#1248",
    refusals=(said.NO_API,),
    meets_preflight=EVERY_KIND,
    split="aws apigateway get-base-path-mappings --domain-name DOMAIN",
    fits=calls_domain,
    zoo="tests/faults/outside_rest_apis.py",
)
def _no_mapping(scene: Scene) -> Iterator[Evidence]:
    if (domain := called_domain(scene)) is None:
        return
    if not domain.mappings:
        yield Evidence(domain.place, f"{domain.name} maps to no API", "a base path mapping")
    elif domain.maps(scene.ask.url_path) is False:
        mapped = ", ".join(sorted(f"/{base}" for base in domain.bases or ()))
        yield Evidence(domain.place, f"{scene.ask.url_path} is below no base path", f"one of {mapped}")
