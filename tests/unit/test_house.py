"""The house keeps its own rules: layers, lints, types, start-up, documentation."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_layer_imports_downwards_only() -> None:
    result = run(str(BIN / "lint-imports"), "setup.cfg", "--no-cache")
    assert result.returncode == 0, result.stdout


def test_ruff_finds_nothing() -> None:
    result = run(str(BIN / "ruff"), "check", "--no-cache")
    assert result.returncode == 0, result.stdout


def test_ruff_would_format_nothing() -> None:
    result = run(str(BIN / "ruff"), "format", "--check", "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_mypy_strict_finds_nothing() -> None:
    """Half a minute without its cache; `dmypy run` takes seconds while one works."""
    result = run(str(BIN / "mypy"))
    assert result.returncode == 0, result.stdout


def test_help_loads_neither_the_sdk_nor_the_embedded_cloud_nor_a_renderer() -> None:
    program = (
        "import sys\n"
        "from accountsctl.cli import cli\n"
        "from accountsctl.cli.boundary import run\n"
        "assert run(cli, ['--help']) == 0\n"
        "heavy = {'boto3', 'botocore', 'moto', 'rich', 'jinja2', 'yaml', 'accountsctl.localcloud'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)\n"
    )
    result = run(sys.executable, "-c", program)
    assert result.returncode == 0, result.stderr


def test_the_reference_is_generated_from_the_commands() -> None:
    result = run(sys.executable, "tools/make_reference.py", "--check")
    assert result.returncode == 0, "run: python tools/make_reference.py"


def test_the_catalogue_of_causes_is_generated_from_the_cards() -> None:
    result = run(sys.executable, "tools/make_catalogue.py", "--check")
    assert result.returncode == 0, "run: python tools/make_catalogue.py"


def test_every_page_that_the_documentation_links_to_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_command_that_the_readme_names_exists() -> None:
    from accountsctl.cli import cli

    named = re.findall(
        r"^(?:\S*/)?accountsctl ([a-z]+)", (ROOT / "README.md").read_text(), flags=re.MULTILINE
    )
    assert named
    assert set(named) <= set(cli.list_commands(None))  # type: ignore[arg-type]


def drawn() -> dict[str, int]:
    """The paths that ARCHITECTURE.md draws below the package, each with its depth."""
    tree = (ROOT / "ARCHITECTURE.md").read_text("utf-8").split("<!-- tree -->")[1].split("```")[1]
    paths: dict[str, int] = {}
    parents: list[str] = []
    for line in tree.splitlines():
        match = re.match(r"((?:│   |    )*)[├└]── (\S+)", line)
        if match:
            depth = len(match[1]) // 4
            parents[depth:] = [match[2].rstrip("/")]
            paths["/".join(parents)] = depth
    return paths


def entries(folder: Path) -> set[str]:
    """What a folder of the package holds, without what belongs to Python and without data."""
    ignored = ("__init__.py", "__main__.py", "__pycache__")
    return {
        path.name
        for path in folder.iterdir()
        if path.name not in ignored and (path.suffix == ".py" or (path / "__init__.py").exists())
    }


def test_the_drawn_tree_is_the_package() -> None:
    package, tree = ROOT / "accountsctl", drawn()
    assert {path for path in tree if not (package / path).exists()} == set()
    assert entries(package) == {path for path, depth in tree.items() if depth == 0}


def test_the_package_has_at_most_twelve_entries() -> None:
    ignored = {"__init__.py", "__main__.py", "__pycache__"}
    assert len({path.name for path in (ROOT / "accountsctl").iterdir()} - ignored) <= 12


def test_every_decision_is_listed_in_order() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))
