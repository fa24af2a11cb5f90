"""The lock files of Node.js packages, as far as it matters what installs them."""

from __future__ import annotations

import hashlib
import re

NPM_LOCK, YARN_LOCK, PNPM_LOCK = "package-lock.json", "yarn.lock", "pnpm-lock.yaml"
NODE_LOCKS = (NPM_LOCK, YARN_LOCK, PNPM_LOCK)
IN_PLACE_MARK = "node_modules/.accountsctl-lock"
"""What an installation in the function's folder leaves: the digest of its lock file, and whether scripts ran."""
OWN_FOLDER = "workspace:."
"""What a yarn.lock of version 2 or later calls the project itself."""
_LINK = re.compile(r'"link"\s*:\s*true')
_FOLDER = re.compile(r"""(?:["\s@])((?:file|link|portal|workspace):[^"'\s,)]*)""")


def has_links(package_lock: str) -> bool:
    """Whether a package-lock.json names folders of this machine: they are not packages, and npm links them in place."""
    return _LINK.search(package_lock) is not None


def folders(lock: str) -> tuple[str, ...]:
    """The folders that a yarn.lock or a pnpm-lock.yaml names as packages."""
    return tuple(dict.fromkeys(match[1] for match in _FOLDER.finditer(lock) if match[1] != OWN_FOLDER))


def in_place_mark(package_lock: bytes, *, scripts: bool) -> str:
    """The mark of an installation from this lock file."""
    return hashlib.sha256(package_lock).hexdigest() + (" scripts" if scripts else "")


def is_yarn_berry(yarn_lock: str) -> bool:
    """Whether a yarn.lock is of version 2 or later of Yarn."""
    return "__metadata:" in yarn_lock


def pnpm_format(pnpm_lock: str) -> int:
    """The major version of a pnpm-lock.yaml's format; 9 if it states none."""
    match = re.search(r"^lockfileVersion:\s*['\"]?(\d+)", pnpm_lock, re.MULTILINE)
    return int(match[1]) if match else 9
