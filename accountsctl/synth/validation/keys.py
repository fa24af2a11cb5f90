"""Keys of parameters that nothing reads: a misspelled one changes nothing, and says nothing.

Only for resources that one of our templates renders; what another template reads, only its author knows. A project
may put its own template in the place of ours: then every word of its templates is a key that may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.model.suggestions import did_you_mean
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import ResourceKind

Keys = Mapping[str, "Keys | None"]
"""The keys of an object; None for a value that is not inspected further. The key ``*`` stands for any name."""
ANY = "*"


def _leaves(*names: str) -> dict[str, Keys | None]:
    return dict.fromkeys(names)


FUNCTION: Keys = _leaves(
    *("runtime", "handler", "timeout", "memorySize", "architecture", "logRetentionDays", "logLevel"),
    *("concurrency", "variables", "secrets", "statements", "triggers"),
)
RDS: Keys = _leaves(
    *("DBUsername", "DBClusterName", "DatabaseName", "EngineVersion", "MinCapacity", "MaxCapacity"),
    *("SecondsUntilAutoPause", "Readers", "AvailabilityZones", "VpcCidr", "DeletionProtection"),
    *("BackupRetentionDays", "LogRetentionDays", "PerformanceInsights", "SnapshotIdentifier"),
)
METHOD: Keys = _leaves("authorization", "model")
PATH: Keys = {**_leaves("function", "authorization"), "methods": {ANY: METHOD}}
API: Keys = {
    **_leaves(
        "authorization", "authorizationScopes", "accountLogging", "logRetentionDays", "metrics", "tracing"
    ),
    "paths": {ANY: PATH},
    "cors": _leaves("allowOrigins", "allowHeaders", "exposeHeaders", "maxAge"),
    "throttling": _leaves("rateLimit", "burstLimit"),
}
IMPORTED_AUTH: Keys = _leaves(
    *("authSelections", "resourceName", "serviceType", "region", "aliasAttributes", "usernameAttributes"),
    *("authProvidersUserPool", "requiredAttributes", "passwordPolicyMinLength", "passwordPolicyCharacters"),
    *("mfaConfiguration", "autoVerifiedAttributes", "mfaTypes"),
)
"""What Amplify writes for an imported pool, older and newer versions. Our ids are in the environment's file."""
BY_KIND = {
    ResourceKind.FUNCTION: FUNCTION,
    ResourceKind.RDS: RDS,
    ResourceKind.API: API,
    ResourceKind.AUTH_IMPORT: IMPORTED_AUTH,
}


def unknown_keys(inputs: Inputs, child: Child | None, words: frozenset[str]) -> Iterator[Fault]:
    """A fault for each key of a resource's parameters that nothing reads.

    `child` is None if the resource was not rendered; `words` are `own_words` of the project.
    """
    if inputs.kind not in BY_KIND:  # an own template, or one whose settings are in a file of Amplify's
        return
    declared = child.template.parameters if child else frozenset()
    for path, known in _unknown(inputs.parameters, BY_KIND[inputs.kind], ()):
        key = path[-1]
        if key in words or (len(path) == 1 and key in declared):
            continue
        where = ".".join(path)
        hint = did_you_mean(key, known) or f"Known here: {', '.join(known)}."
        yield inputs.fault(path[0], f'nothing reads "{where}".', hint, path[1:])


def _unknown(
    value: object, keys: Keys, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The path of each unknown key, and the known keys in its place."""
    if not isinstance(value, Mapping):
        return
    for key, child in value.items():
        path = (*above, str(key))
        if ANY not in keys and key not in keys:
            yield path, tuple(keys)
        elif below := keys.get(key, keys.get(ANY)):
            yield from _unknown(child, below, path)


def own_words(project: Project) -> frozenset[str]:
    """Every word of the project's own templates."""
    own = (
        template.text for template in project.templates.values() if not template.file.startswith("package:")
    )
    return frozenset(word for text in own for word in re.findall(r"\w+", text))
