"""Which packages a push installs for a layer: as for a function, from the files in ``lib/python`` and ``lib/nodejs``.

A layer of Python for several runtimes gets a folder for each, because compiled packages differ. Its machine is that of
the functions that use it. Source: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from accountsctl.formats.layout import resource_folder
from accountsctl.model.packaging import PackageRequest, PackageTarget
from accountsctl.model.project import ResourceSource
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth import runtimes
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.packaging import Manifest, missing_packages, node_manifest, python_manifest

LAYER_VERSION = "AWS::Lambda::LayerVersion"
DEFAULTS = {"python": runtimes.DEFAULT, "nodejs": "nodejs24.x"}


def layer_requests(inputs: Inputs, body: TemplateBody) -> tuple[PackageRequest, ...]:
    """What is installed for a layer, with the folder of its zip that it belongs in."""
    return tuple(request for language in DEFAULTS for request in _requests(inputs, body, language))


def layer_manifest(source: ResourceSource, language: str) -> Manifest | None:
    """The file that a layer's packages of a language are installed from; None if it has none, or has them all."""
    part = _part(source, language)
    manifest = python_manifest(part) if language == "python" else node_manifest(part)
    if manifest is None or not missing_packages(manifest, part):
        return None
    return replace(manifest, folder=f"{resource_folder(source.id)}/lib/{language}")


def _requests(inputs: Inputs, body: TemplateBody, language: str) -> Iterator[PackageRequest]:
    manifest = layer_manifest(inputs.source, language)
    if manifest is None:
        return
    machine, host = _architecture(inputs), inputs.project.host
    stated = _runtimes(inputs, body, language)
    for runtime in stated if language == "python" else stated[:1]:
        target = host.target(runtime) if host else PackageTarget(runtime, machine)
        prefix = (
            f"{language}/"
            if len(stated) == 1 or language == "nodejs"
            else f"python/lib/{runtime}/site-packages/"
        )
        source = inputs.source.id
        yield PackageRequest(source, manifest.folder, manifest.manager, manifest.files, target, prefix)


def _part(source: ResourceSource, language: str) -> ResourceSource:
    """The files of a layer that are for one language, as if they were a function's code."""
    start = f"{language}/"
    code = {path.removeprefix(start): text for path, text in source.code.items() if path.startswith(start)}
    return replace(source, code=code, others={})


def _runtimes(inputs: Inputs, body: TemplateBody, language: str) -> list[str]:
    """The runtimes that the template states, else those of the functions that use the layer."""
    stated = [
        str(runtime)
        for resource in body.get("Resources", {}).values()
        if resource.get("Type") == LAYER_VERSION
        for runtime in resource.get("Properties", {}).get("CompatibleRuntimes") or ()
    ]
    users = [str(_parameter(inputs, user, "runtime", runtimes.DEFAULT)) for user in _users(inputs)]
    fitting = [
        name for name in dict.fromkeys([*stated, *(users if not stated else ())]) if name.startswith(language)
    ]
    return fitting or [DEFAULTS[language]]


def _architecture(inputs: Inputs) -> str:
    """The architecture of the functions that use the layer; that of ours if none does."""
    stated = [str(_parameter(inputs, user, "architecture", "arm64")) for user in _users(inputs)]
    return next(iter(stated), "arm64")


def _users(inputs: Inputs) -> Iterator[ResourceSource]:
    for consumer in inputs.project.backend.consumers(inputs.resource.id):
        source = inputs.project.sources.get(consumer.id)
        if source is not None:
            yield source


def _parameter(inputs: Inputs, user: ResourceSource, key: str, default: str) -> object:
    if user.template is not None:  # Amplify's own: it states no architecture unless it is edited
        default = "arm64" if key == "architecture" and "arm64" in user.template.text else "x86_64"
    return inputs.project.effective_parameters(user.id).get(key, default)
