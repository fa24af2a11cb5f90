"""The files of a project as a whole that Amplify acts on at a push, and that no resource's folder holds."""

from __future__ import annotations

from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.layout import AMPLIFY_HOOKS, AMPLIFY_ROOT_OVERRIDE, AMPLIFY_TAGS, NPM_FILE

HOOK_STARTS = ("pre-", "post-")
SAMPLE = ".sample"


def read_amplify_files(tree: Tree) -> dict[str, str]:
    """Their texts by path. What cannot be read is left out: a push does not depend on it.

    ``package.json`` is the front end's; only its scripts ``amplify:FUNCTION`` matter, which Amplify runs.
    """
    hooks = [f"{AMPLIFY_HOOKS}/{name}" for name in tree.names(AMPLIFY_HOOKS) if _is_hook(name)]
    paths = [AMPLIFY_ROOT_OVERRIDE, AMPLIFY_TAGS, NPM_FILE, *hooks]
    before = len(tree.faults)
    found = {path: text for path in paths if tree.exists(path) and (text := tree.text(path)) is not None}
    del tree.faults[before:]
    return found


def _is_hook(name: str) -> bool:
    return name.startswith(HOOK_STARTS) and not name.endswith(SAMPLE)
