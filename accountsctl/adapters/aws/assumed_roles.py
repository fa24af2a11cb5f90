"""Profiles that assume a role, with or without MFA, as the AWS CLI treats them.

boto3 keeps the credentials of an assumed role in memory, so that every command would ask for another MFA code, of which
one is valid in 30 seconds. The AWS CLI keeps them in ``~/.aws/cli/cache``. We use the same files: a code that was typed
for one of the two counts for the other.

Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-cache
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from accountsctl.model.errors import UsageError

if TYPE_CHECKING:
    from botocore.session import Session

CACHE = Path("~/.aws/cli/cache")
_ROLES = "assume-role"


def core_session(
    profile: str | None, cache: Path = CACHE, prompt: Callable[[str], str] | None = None
) -> Session:
    """botocore's session for a profile, with the AWS CLI's cache; `prompt` asks for an MFA code [at the terminal]."""
    from botocore.session import get_session
    from botocore.utils import JSONFileCache

    session = get_session()
    if profile is not None:
        # Before the providers exist: they are made for the profile that is set then.
        session.set_config_variable("profile", profile)
    provider = session.get_component("credential_provider").get_provider(_ROLES)
    provider.cache = JSONFileCache(str(cache.expanduser()))
    provider._prompter = prompt or at_terminal
    return session


def at_terminal(prompt: str) -> str:
    """The MFA code that the user types; UsageError without a terminal, where no one can type it."""
    if not sys.stdin.isatty():
        raise UsageError(
            "The AWS profile asks for an MFA code, and there is no terminal to type it.",
            why=prompt.strip(),
            hint="Run `aws sts get-caller-identity` with this profile on a terminal first: its session is used here.",
        )
    return getpass.getpass(prompt)
