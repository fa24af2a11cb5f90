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


def find(url_id: str) -> LambdaFunction | None:
    """The function that has the URL of this id; None if none has."""
    for regions in backends("lambda").values():
        for backend in regions.values():
            for function in backend.list_functions():
                config = function.url_config
                if config is not None and id_of(config) == url_id:
                    found: LambdaFunction = function
                    return found
    return None


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
