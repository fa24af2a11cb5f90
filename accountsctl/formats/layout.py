"""Where every file of a project stands. Paths are relative to the project's root, with ``/``.

This is Amplify's own layout: what Amplify's tools write, they find again. Only the folders that
accountsctl adds (`LOCAL_STATE`, `REMOVED_FOLDER`) and the environments' files are ours. No other module
composes such a path.
"""

from __future__ import annotations

from accountsctl.model.names import ResourceId

BACKEND_FILE = "backend-config.json"
BACKEND_FOLDER = "amplify/backend"
BACKEND_FILES = (BACKEND_FILE, f"{BACKEND_FOLDER}/{BACKEND_FILE}")
"""Where a project can keep its backend-config.json; the first that is there counts."""

ENVIRONMENTS_FOLDER = "amplify/environments"
ADOPTED_FOLDER = "amplify/adopted"
"""The templates of adopted environments, as they were deployed. Committed: a push starts from them."""
BUILD_FOLDER = "amplify/build"
REMOVED_FOLDER = "amplify/.removed"
"""Where a removed resource's files are moved to."""
REMOVED_FILE = f"{REMOVED_FOLDER}/removed.json"
"""What the backend and the environments stated of each removed resource."""
LOCAL_STATE = "amplify/.local"
"""The embedded cloud's state."""
TEMPLATES_FOLDER = "templates"

CHECKED_OUT_FILE = "amplify/.config/local-env-info.json"
PROJECT_FILE = "amplify/.config/project-config.json"
TEAM_PROVIDER_FILE = "amplify/team-provider-info.json"
"""Amplify's environments. It is Amplify's own file: read, never written."""
AMPLIFY_HOOKS = "amplify/hooks"
AMPLIFY_ROOT_OVERRIDE = f"{BACKEND_FOLDER}/awscloudformation/override.ts"
AMPLIFY_TAGS = f"{BACKEND_FOLDER}/tags.json"
NPM_FILE = "package.json"
CLI_INPUTS = "cli-inputs.json"
CUSTOM_POLICIES = "custom-policies.json"
FUNCTION_PARAMETERS = "function-parameters.json"
"""Amplify's files in the folders of resources."""
JOURNAL_FILE = "amplify/.config/local-pending.json"

ROOTS = (BACKEND_FILE, "amplify", TEMPLATES_FOLDER)
"""Every file of a project is one of these or below one of them."""
IGNORED = (
    "amplify/.config/local-*",
    f"{LOCAL_STATE}/",
    f"{REMOVED_FOLDER}/",
    f"{BUILD_FOLDER}/",
    "__pycache__/",
    "node_modules/",
)
"""What Git must ignore, as lines of a .gitignore."""


def is_source(path: str) -> bool:
    """Return whether a path below the root is a file that a push reads, and not one that a command writes."""
    first, *inner = path.split("/")
    ours = (f"{BUILD_FOLDER}/", f"{LOCAL_STATE}/", f"{REMOVED_FOLDER}/")
    hidden = any(part.startswith(".") or part == "__pycache__" for part in inner)
    return first in ROOTS and not path.startswith(ours) and not hidden and not path.endswith((".pyc", "~"))


def environment_file(name: str) -> str:
    """Return the file of an environment."""
    return f"{ENVIRONMENTS_FOLDER}/{name}.json"


def resource_folder(resource: ResourceId) -> str:
    """Return the folder of a resource's own files."""
    return f"{BACKEND_FOLDER}/{resource.category}/{resource.name}"


def parameters_file(resource: ResourceId) -> str:
    """Return the file of a resource's parameters."""
    return f"{resource_folder(resource)}/parameters.json"


def parameter_files(resource: ResourceId) -> tuple[str, ...]:
    """Return the files in which Amplify and accountsctl keep parameters of a resource; not all of them are there."""
    folder = resource_folder(resource)
    names = ("parameters.json", FUNCTION_PARAMETERS, CLI_INPUTS, "build/parameters.json")
    return tuple(f"{folder}/{name}" for name in names)


def code_folder(resource: ResourceId) -> str:
    """Return the folder of a function's code."""
    return f"{resource_folder(resource)}/src"


def amplify_build_folder(resource: ResourceId) -> str:
    """Return the folder in which `amplify build` leaves a resource's template and its parameters."""
    return f"{resource_folder(resource)}/build"


def build_folder(environment: str) -> str:
    """Return the folder to which an environment's rendered templates are written."""
    return f"{BUILD_FOLDER}/{environment}"


def build_file(environment: str, resource: ResourceId) -> str:
    """Return the file to which a resource's rendered template is written."""
    return f"{build_folder(environment)}/{resource.category}/{resource.name}.json"


def template_file(name: str) -> str:
    """Return the file of a project's own template by its name below the templates folder."""
    return f"{TEMPLATES_FOLDER}/{name}"


def adopted_folder(environment: str) -> str:
    """Return the folder of what an environment's stack was when it was adopted."""
    return f"{ADOPTED_FOLDER}/{environment}"


def adopted_root(environment: str) -> str:
    """Return the file of an adopted root template."""
    return f"{adopted_folder(environment)}/root.json"


def adopted_template(environment: str, resource: ResourceId) -> str:
    """Return the file of an adopted resource's template."""
    return f"{adopted_folder(environment)}/{resource.category}/{resource.name}.json"


def adopted_code(environment: str) -> str:
    """Return the file with the digests of the functions' code at the time of the adoption."""
    return f"{adopted_folder(environment)}/code.json"


def converted_file(environment: str) -> str:
    """Return the file with the logical ids and names of an environment's converted resources."""
    return f"{adopted_folder(environment)}/converted.json"


def converted_folder(environment: str) -> str:
    """Return the folder of what converted resources were, for the way back."""
    return f"{adopted_folder(environment)}/converted"


def converted_template(environment: str, resource: ResourceId) -> str:
    """Return the file of the template that a converted resource had."""
    return f"{converted_folder(environment)}/{resource.category}/{resource.name}.json"
