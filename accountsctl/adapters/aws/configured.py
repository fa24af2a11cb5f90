"""What this machine's configuration of AWS names. Nothing is asked of AWS."""

from __future__ import annotations

from collections.abc import Sequence

from botocore.session import Session


def profiles() -> Sequence[str]:
    """The profiles of ``~/.aws/config`` and ``~/.aws/credentials``."""
    return Session().available_profiles


def regions() -> Sequence[str]:
    """The regions of the partition ``aws`` that have CloudFormation."""
    return Session().get_available_regions("cloudformation")
