"""What only the execution log tells of an integration: an HTTP backend out of reach, a mapping template that fails."""

from __future__ import annotations

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.model.api_gateway import IntegrationType

cause = Causes()
TEST = "aws apigateway test-invoke-method --rest-api-id API --resource-id RESOURCE --http-method METHOD"
_OF_HTTP = frozenset({IntegrationType.HTTP, IntegrationType.HTTP_PROXY})
_WITH_TEMPLATES = frozenset({IntegrationType.AWS, IntegrationType.HTTP})


def _calls_backend(scene: Scene) -> bool:
    """Whether the method calls an HTTP backend, of which no layer tells whether it can be reached."""
    integration = scene.method.integration if scene.method else None
    return integration is not None and integration.type in _OF_HTTP


def _has_templates(scene: Scene) -> bool:
    """Whether API Gateway transforms what the method sends or answers: what VTL makes of a request no layer tells."""
    integration = scene.method.integration if scene.method else None
    return integration is not None and integration.type in _WITH_TEMPLATES


cause.add(
    id="int.mapping-template",
    stage=RequestStage.INTEGRATION,
    what="A mapping template of the integration fails for this request, or maps to a method response that is missing.",
    browser=MISSING,
    fix="Test the method: its log has the template's error (Unable to transform, Output mapping refers to an invalid "
    "method response). Correct the template or add the method response, and deploy.",
    source="repost.aws/knowledge-center/api-gateway-internal-server-error",
    kind="command",
    refusals=(said.CONFIGURATION,),
    stays=_has_templates,
    split=TEST,
    zoo="tests/faults/recorded_sets.py",
)

cause.add(
    id="int.http-backend",
    stage=RequestStage.INTEGRATION,
    what="API Gateway cannot reach the HTTP backend of the integration, or does not trust its certificate.",
    browser=MISSING,
    fix="Test the method: its log has the reason (Invalid endpoint address, Network error, a certificate of another "
    "name). Correct the integration's URI or the backend's certificate; with a VPC link, its targets must be healthy.",
    source="repost.aws/knowledge-center/api-gateway-500-error-vpc",
    kind="command",
    refusals=(said.CONFIGURATION, said.NETWORK_ERROR, said.HTTP_TIMEOUT),
    stays=_calls_backend,
    split=TEST,
    zoo="tests/faults/recorded_sets.py",
)
