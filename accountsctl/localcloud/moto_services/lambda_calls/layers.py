"""What Lambda refuses of the layers of a function's configuration."""

from __future__ import annotations

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall, invalid

MOST = 5
"""https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html"""


def check_layers(call: LambdaCall) -> None:
    """Raise LambdaFault for layers that a function cannot have."""
    arns = [str(arn) for arn in call.input.get("Layers") or ()]
    if len(arns) > MOST:
        raise invalid(f"Cannot reference more than {MOST} layers.")
    if any(arn.split(":")[3] != call.region for arn in arns):
        raise invalid(
            "Layers are not in the same region as the function. Layers are expected to be in region"
            f" {call.region}."
        )
    seen: dict[str, str] = {}
    for arn in arns:
        layer = arn.rpartition(":")[0]
        if layer in seen:
            raise invalid(
                "Two different versions of the same layer are not allowed to be referenced in the same function."
                f" {seen[layer]} and {arn} are versions of the same layer."
            )
        seen[layer] = arn
        if (
            arn.split(":")[4] == ACCOUNT
            and call.backend.layers_versions_by_arn(arn) is None
            and not _has(call, arn)
        ):
            raise invalid(f"Layer version {arn} does not exist.")


def _has(call: LambdaCall, arn: str) -> bool:
    """Whether the function has the layer already: it may keep one that was deleted."""
    return call.function is not None and any(layer["Arn"] == arn for layer in call.function.layers)
