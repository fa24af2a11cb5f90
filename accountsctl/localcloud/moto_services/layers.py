"""Lambda layers: what we fix in moto's, and the code of those that a function has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.code_checks import check_object, check_size
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaBackend, LambdaFunction, LayerVersion


def install() -> None:
    """Fix the layers of moto.awslambda. Once per process."""
    backend = models("lambda").LambdaBackend
    wrap(backend, "publish_layer_version", _publish_layer)
    wrap(backend, "delete_layer_version", _delete_layer)


def layers_of(backend: LambdaBackend, function: LambdaFunction) -> tuple[bytes, ...]:
    """The zips of a function's layers; that of a layer that was deleted since is kept for it."""
    kept: Mapping[str, bytes] = backend.__dict__.get("kept_layers", {})
    zips = []
    for layer in function.layers:
        version = backend.layers_versions_by_arn(layer["Arn"])
        zips.append(kept.get(layer["Arn"], b"") if version is None else version.code_bytes)
    return tuple(zips)


def _delete_layer(
    original: Callable[..., None], backend: LambdaBackend, layer_name: str, layer_version: str
) -> None:
    """DeleteLayerVersion: functions that have the version keep it.

    https://docs.aws.amazon.com/lambda/latest/api/API_DeleteLayerVersion.html
    """
    try:
        version = backend._layers.get_layer_version(layer_name, layer_version)
    except Exception:  # noqa: BLE001 - moto's own error follows
        return original(backend, layer_name, layer_version)
    used = {layer["Arn"] for function in _all(backend) for layer in function.layers}
    kept: dict[str, bytes] = backend.__dict__.setdefault("kept_layers", {})
    for arn in set(kept) - used:
        del kept[arn]
    if version.arn in used:
        kept[version.arn] = version.code_bytes
    return original(backend, layer_name, layer_version)


def _all(backend: LambdaBackend) -> Iterator[LambdaFunction]:
    for functions in backend._lambdas._functions.values():
        yield functions["latest"]
        yield from functions["versions"]


def _publish_layer(
    original: Callable[..., LayerVersion], backend: LambdaBackend, spec: JsonObject
) -> LayerVersion:
    """PublishLayerVersion; moto accepts a zip that S3 does not have."""
    content = spec.get("Content") or {}
    if "S3Key" in content:
        check_object(backend.account_id, content["S3Bucket"], content["S3Key"])
    layer = original(backend, spec)
    try:
        check_size(layer.code_bytes)
    except Exception:
        backend.delete_layer_version(layer.name, str(layer.version))
        raise
    return layer
