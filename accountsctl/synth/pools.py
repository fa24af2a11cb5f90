"""A user pool that Amplify manages, from its ``cli-inputs.json``, and the functions that Cognito calls for it.

The shape is ``{"cognitoConfig": {...}}``, whose keys Amplify's CLI defines. Logical ids and outputs of our template are
those of Amplify's. The file does not state everything: social sign-in needs secrets that Amplify keeps elsewhere,
and identity pools without a user pool, OpenID providers and links in messages need the code of Amplify's CLI. The
embedded cloud has no other providers and sends no messages, so a local environment goes without these.

Source: https://github.com/aws-amplify/amplify-cli, packages/amplify-category-auth, auth-stack-builder
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import Source
from accountsctl.formats.layout import CLI_INPUTS
from accountsctl.model.backend import Resource
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.amplify_inputs import cli_inputs
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs
from accountsctl.synth.kinds import built_hint

CONFIG = "cognitoConfig"
ONLY_AMPLIFY = {
    "hostedUIProviderMeta": "sign-in by other providers",
    "audiences": "OpenID providers",
    "verificationBucketName": "links in messages",
}
"""Keys with a value that our template cannot render, and what they stand for."""
LOGINS = "authProviders"
APP_IDS = {
    "graph.facebook.com": "facebookAppId",
    "accounts.google.com": "googleClientId",
    "www.amazon.com": "amazonAppId",
    "appleid.apple.com": "appleAppId",
}
"""A provider of `LOGINS`, and the key with the id that the app has there."""
WITH_IDENTITIES = "identityPoolAndUserPool"
SELECTIONS = ("userPoolOnly", WITH_IDENTITIES)
NUMBERS = {"passwordPolicyMinLength": 8, "userpoolClientRefreshTokenValidity": 30}
"""Keys whose value is a number, or the text of one, and Amplify's default."""
CHARACTERS = {
    "RequireLowercase": "Requires Lowercase",
    "RequireUppercase": "Requires Uppercase",
    "RequireNumbers": "Requires Numbers",
    "RequireSymbols": "Requires Symbols",
}
SMS, TOTP = "SMS Text Message", "TOTP"
PHONE = "phone_number"
PoolConfig = Mapping[str, Any]
"""The object ``cognitoConfig``."""


def pool_inputs(inputs: Inputs) -> dict[str, object]:
    """What the pool's template reads. Faulty names everything of the file that only Amplify's CLI can render."""
    source = cli_inputs(inputs)
    config = source.value.get(CONFIG)
    if not isinstance(config, Mapping):
        raise Faulty(source.fault((), f'"{CONFIG}" must be an object.', built_hint(inputs.resource)))
    oauth = _oauth(config, source.file)
    logins = {} if _is_local(inputs.project) else _logins(config)
    faults = list(_faults(inputs, source, config, logins))
    if isinstance(oauth, Fault):
        faults.append(oauth)
    if faults:
        raise Faulty(*faults)
    identities = config.get("authSelections", WITH_IDENTITIES) == WITH_IDENTITIES
    return {**_pool(inputs, config), "oauth": oauth, "identities": identities, "logins": logins}


def _faults(inputs: Inputs, source: Source, config: PoolConfig, logins: Mapping[str, str]) -> Iterator[Fault]:
    hint = built_hint(inputs.resource)
    for key, what in ONLY_AMPLIFY.items():
        if _is_set(config, key) and not _is_local(inputs.project):
            yield source.fault((CONFIG, key), f"{inputs.resource.id} has {what}.", hint)
    for provider, key in APP_IDS.items():
        if logins.get(provider) == "":
            what = f"{provider} needs an id of the app there."
            yield source.fault((CONFIG, LOGINS), what, f'Add "{key}".')
    for key, default in NUMBERS.items():
        if not str(config.get(key, default)).isdigit():
            yield source.fault((CONFIG, key), f'"{key}" must be a whole number.')
    selection = config.get("authSelections", WITH_IDENTITIES)
    if selection not in SELECTIONS:
        yield source.fault((CONFIG, "authSelections"), f"{selection} is not supported.", hint)


def _is_local(project: Project) -> bool:
    return project.environment.cloud is Cloud.LOCAL


def left_out_here(project: Project, resource: Resource) -> tuple[str, ...]:
    """What of a pool's cli-inputs.json a local environment goes without; nothing if another template has it all."""
    source = project.sources.get(resource.id)
    if not _is_local(project) or resource.service != "Cognito" or source is None:
        return ()
    value = read(source.others.get(CLI_INPUTS, "{}"), CLI_INPUTS).value
    config = value.get(CONFIG) if isinstance(value, Mapping) else None
    if source.template is not None or not isinstance(config, Mapping):
        return ()
    found = [what for key, what in ONLY_AMPLIFY.items() if _is_set(config, key)]
    return (*found, *(f"sign-in to the identity pool by {provider}" for provider in _logins(config)))


def _is_set(config: PoolConfig, key: str) -> bool:
    return config.get(key) not in (None, "", [], "[]", {}, False)


def _logins(config: PoolConfig) -> dict[str, str]:
    """The ids of the app at the providers whose users the identity pool lets in; "" if the file has none."""
    named = _texts(config, LOGINS)
    return {provider: str(config.get(key) or "") for provider, key in APP_IDS.items() if provider in named}


def _pool(inputs: Inputs, config: PoolConfig) -> dict[str, object]:
    environment, name = inputs.project.environment.name, inputs.resource.id.name
    verified = [
        attribute
        for attribute in dict.fromkeys(
            (*_texts(config, "autoVerifiedAttributes"), *_texts(config, "aliasAttributes"))
        )
        if attribute in ("email", PHONE) and _texts(config, "autoVerifiedAttributes")
    ]
    characters = _texts(config, "passwordPolicyCharacters")
    domain = config.get("hostedUIDomainName")
    return {
        **_messages(config),
        **_client(config),
        "name": f"{config.get('userPoolName', name)}-{environment}",
        "client": str(config.get("resourceNameTruncated", name)),
        "password": {
            "MinimumLength": _number(config, "passwordPolicyMinLength"),
            **{key: text in characters for key, text in CHARACTERS.items()},
        },
        "required": _texts(config, "requiredAttributes"),
        "verified": verified,
        "usernames": [text for text in _texts(config, "usernameAttributes") if text != "username"],
        "aliases": _texts(config, "aliasAttributes"),
        "caseSensitive": config.get("usernameCaseSensitive"),
        "domain": f"{domain}-{environment}" if domain else None,
        "identityPool": f"{config.get('identityPoolName', name)}__{environment}",
        "guests": _is_true(config.get("allowUnauthenticatedIdentities")),
    }


def _messages(config: PoolConfig) -> dict[str, object]:
    """The second factors, and the texts that are sent; `sms` is whether any is sent to a phone."""
    sms, mfa = _needs_sms(config), config.get("mfaConfiguration", "OFF")
    totp = TOTP in _texts(config, "mfaTypes")
    enabled = (["SMS_MFA"] if sms else []) + (["SOFTWARE_TOKEN_MFA"] if totp else [])
    return {
        "sms": sms,
        "mfa": mfa,
        "enabledMfas": enabled if mfa != "OFF" else [],
        "emailSubject": config.get("emailVerificationSubject", "Your verification code"),
        "emailMessage": config.get("emailVerificationMessage", "Your verification code is {####}"),
        "smsMessage": config.get("smsVerificationMessage", "Your verification code is {####}"),
        "smsSignIn": config.get("smsAuthenticationMessage", "Your authentication code is {####}"),
    }


def _client(config: PoolConfig) -> dict[str, object]:
    """The settings of the clients. Only the one that is not for browsers can have a secret."""
    sets = _is_true(config.get("userpoolClientSetAttributes"))
    return {
        "secret": _is_true(config.get("userpoolClientGenerateSecret")),
        "refreshDays": _number(config, "userpoolClientRefreshTokenValidity"),
        "reads": _texts(config, "userpoolClientReadAttributes") if sets else [],
        "writes": _texts(config, "userpoolClientWriteAttributes") if sets else [],
    }


def _needs_sms(config: PoolConfig) -> bool:
    keys = ("autoVerifiedAttributes", "requiredAttributes", "usernameAttributes")
    by_phone = any(PHONE in _texts(config, key) for key in keys)
    return by_phone or (config.get("mfaConfiguration", "OFF") != "OFF" and SMS in _texts(config, "mfaTypes"))


def _oauth(config: PoolConfig, file: str) -> Mapping[str, Any] | Fault | None:
    """The settings of the hosted sign-in page, which Amplify keeps as a text of JSON."""
    text = config.get("oAuthMetadata")
    if not text:
        return None
    value = read(text, file).value if isinstance(text, str) else text
    if not isinstance(value, Mapping):
        return Fault(file, 0, '"oAuthMetadata" must be an object, or the text of one.')
    return value


def _texts(config: PoolConfig, key: str) -> list[str]:
    """A list of texts; Amplify writes some of them as one text."""
    value = config.get(key) or []
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [part for entry in texts for part in re.split(r",\s*", str(entry))]


def _number(config: PoolConfig, key: str) -> int:
    return int(str(config.get(key, NUMBERS[key])))


def _is_true(value: object) -> bool:
    return value in (True, "true")
