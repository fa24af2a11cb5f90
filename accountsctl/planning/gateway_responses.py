"""Gateway responses that a changed Body drops.

An API that is defined by its Body is imported again when the Body changes, and the import overwrites the API: a
gateway response that is a resource of its own and does not change is gone afterwards, though CloudFormation lists it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/import-export-api-endpoints.html and
https://github.com/aws/serverless-application-model/issues/623
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accountsctl.model.plan import PropertyPreview
from accountsctl.planning.comparison import Resources

API = "AWS::ApiGateway::RestApi"
RESPONSE = "AWS::ApiGateway::GatewayResponse"


def dropped_responses(old: Resources, new: Resources, changes: Iterable[PropertyPreview]) -> Iterator[str]:
    """A sentence for each API whose changed Body drops gateway responses. `changes` are those of the stack."""
    changed = {(change.logical_id, change.path.partition("/")[0]) for change in changes}
    names = {name for name, _ in changed}
    for address, api in new.items():
        if api.type != API or (address.name, "Body") not in changed:
            continue
        if api.source.get("Properties", {}).get("Mode") == "merge":
            continue
        dropped = sorted(
            str(response.source.get("Properties", {}).get("ResponseType", other.name))
            for other, response in new.items()
            if response.type == RESPONSE
            and other in old
            and other.name not in names
            and response.source.get("Properties", {}).get("RestApiId") == {"Ref": address.name}
        )
        if dropped:
            yield (
                f"{address.name}'s new Body drops the gateway responses {', '.join(dropped)}, which stand next to it:"
                " put them into the Body (x-amazon-apigateway-gateway-responses)."
            )
