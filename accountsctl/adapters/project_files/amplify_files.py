"""The files of a project as a whole that Amplify acts on at a push, and that no resource's folder holds."""

from __future__ import annotations

from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.layout import AMPLIFY_HOOKS, AMPLIFY_ROOT_OVERRIDE, AMPLIFY_TAGS, NPM_FILE

HOOK_STARTS = ("pre-", "post-")
SAMPLE = ".sample"


def read_amplify_files(tree: Tree) -> dict[str, str]:
    """Their texts by path, empty for those of which it only counts that they are there. What cannot be read is left
    out: a push does not depend on it.

    ``package.json`` is the front end's; only its scripts ``amplify:FUNCTION`` matter, which Amplify runs.
    """
    hooks = [f"{AMPLIFY_HOOKS}/{name}" for name in tree.names(AMPLIFY_HOOKS) if _is_hook(name)]
    there = {path: "" for path in (AMPLIFY_ROOT_OVERRIDE, *hooks) if tree.exists(path)}
    before = len(tree.faults)
    texts = {path: tree.text(path) for path in (AMPLIFY_TAGS, NPM_FILE) if tree.exists(path)}
    del tree.faults[before:]
    return there | {path: text for path, text in texts.items() if text is not None}


def _is_hook(name: str) -> bool:
    return name.startswith(HOOK_STARTS) and not name.endswith(SAMPLE)
