"""The URLs of functions: what we fix in moto's, and their configuration as the data plane reads it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.awslambda.models import FunctionUrlConfig, LambdaFunction

LETTERS = string.ascii_lowercase + string.digits
ID_LENGTH = 32


def install() -> None:
    """Fix the URLs of moto.awslambda. Once per process."""
    moto = models("lambda")
    wrap(moto.FunctionUrlConfig, "__init__", _create)
    wrap(moto.FunctionUrlConfig, "update", _update)


def find(url_id: str) -> tuple[LambdaFunction, str, FunctionUrlConfig] | None:
    """The function that has the URL of this id, the alias whose URL it is or "", and the URL; None if none has."""
    for regions in backends("lambda").values():
        for backend in regions.values():
            for function in backend.list_functions():
                for alias, config in configs_of(function).items():
                    if id_of(config) == url_id:
                        return function, alias, config
    return None


def configs_of(function: LambdaFunction) -> dict[str, FunctionUrlConfig]:
    """The URLs of a function: its own by "", those of its aliases by their names."""
    own = {} if function.url_config is None else {"": function.url_config}
    return {**own, **function.__dict__.get("alias_urls", {})}


def config_of(function: LambdaFunction, alias: str) -> FunctionUrlConfig | None:
    """The URL of a function, or of its alias."""
    return configs_of(function).get(alias)


def set_config(function: LambdaFunction, alias: str, config: FunctionUrlConfig | None) -> None:
    """Keep a URL, or end it."""
    if not alias:
        function.url_config = config
        return
    urls = function.__dict__.setdefault("alias_urls", {})
    urls.pop(alias, None)
    if config is not None:
        urls[alias] = config


def id_of(config: FunctionUrlConfig) -> str:
    """The first label of the URL's host."""
    return (urlsplit(config.url).hostname or "").partition(".")[0]


def _create(
    original: Callable[..., None], url: FunctionUrlConfig, function: LambdaFunction, config: JsonObject
) -> None:
    original(url, function, config)
    name = "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH))
    url.url = f"https://{name}.lambda-url.{function.region}.on.aws/"


def _update(original: Callable[..., None], url: FunctionUrlConfig, new_config: JsonObject) -> None:
    """moto keeps a CORS configuration that an update takes away."""
    original(url, new_config)
    if "Cors" in new_config:
        url.config["Cors"] = new_config["Cors"] or None
