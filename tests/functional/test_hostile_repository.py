"""A repository of someone else: its templates and settings run no code, and no command hangs on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run
from tests.sample import copy_sample_files

SAMPLE = Path(__file__).parents[2]
FEW = (["render"], ["push", "--dry-run"])
EVERY = (*FEW, ["validate"], ["status"], ["push", "--yes"])
SOUND = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
JINJA = {
    "globals": "{{ cycler.__init__.__globals__.os.system('touch {ran}') }}",
    "subclasses": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "attribute": "{{ ('' | attr('__class__')).mro() }}",
    "format": "{{ '{0.__class__.__init__.__globals__}'.format(parameters) }}",
    "map": "{{ [parameters] | map(attribute='__class__') | first }}",
    "context": "{{ self._TemplateReference__context }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import '../../../../etc/passwd' as x %}",
    "mutation": "{{ parameters.clear() }}{{ parameters.update(x=1) }}",
    "endless": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "memory": "{{ 'a' * 10 ** 11 }}",
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}
YAML = {
    "python": "Resources: !!python/object/apply:os.system ['touch {ran}']\n",
    "new": "Resources: !!python/object/new:os.system ['touch {ran}']\n",
    "circle": "Resources: &a\n  A: *a\n",
    "aliases": "Metadata:\n  a0: &a0 [x]\n"
    + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 20)}]\n" for n in range(1, 9))
    + SOUND,
    "deep": "Metadata: " + "[" * 3000 + "]" * 3000 + "\n" + SOUND,
    "digits": f"Metadata: {{a: {'1' * 6000}}}\n" + SOUND,
    "escape": 'Resources:\n  "A\\x1b]0;owned\\x07": 1\n',
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample as the current folder, with a custom resource of its own."""
    root = tmp_path / "clone"
    copy_sample_files(root)
    backend = json.loads((root / "backend-config.json").read_text())
    backend["storage"] = {"files": {"service": "Custom"}}
    (root / "backend-config.json").write_text(json.dumps(backend))
    (root / "amplify/backend/storage/files").mkdir(parents=True)
    monkeypatch.chdir(root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return root


def refused(
    project: Path, ran: Path, capsys: pytest.CaptureFixture[str], commands: Sequence[list[str]] = FEW
) -> None:
    """Each command ends with exit code 2 and no control character; nothing was run, and no cloud was started."""
    for words in commands:
        assert run(cli, [*words, "-e", "dev"]) == 2, words
        shown = capsys.readouterr()
        assert "amplify/backend/storage/files/template" in shown.err + shown.out
        assert "\x1b" not in shown.err
    assert not ran.exists()
    assert not (project / "amplify/.local").exists()


@pytest.mark.slow
@pytest.mark.parametrize("attack", JINJA)
def test_a_hostile_jinja_template_is_a_fault(
    project: Path, tmp_path: Path, attack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = tmp_path / "ran"
    text = JINJA[attack].replace("{ran}", str(ran)) + "\n" + SOUND
    (project / "amplify/backend/storage/files/template.yaml.j2").write_text(text)
    # The limit of time is waited for once.
    commands = {"globals": EVERY, "endless": FEW[:1]}.get(attack, FEW)
    refused(project, ran, capsys, commands)


@pytest.mark.slow
@pytest.mark.parametrize("attack", YAML)
def test_a_hostile_template_of_cloudformation_is_a_fault(
    project: Path, tmp_path: Path, attack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = tmp_path / "ran"
    (project / "amplify/backend/storage/files/template.yaml").write_text(
        YAML[attack].replace("{ran}", str(ran))
    )
    refused(project, ran, capsys)


def test_settings_of_the_linter_in_the_project_run_nothing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = tmp_path / "ran"
    (project / "amplify/backend/storage/files/template.yaml").write_text(SOUND)
    (project / "rules").mkdir()
    (project / "rules/Hostile.py").write_text(f"import pathlib\npathlib.Path({str(ran)!r}).touch()\n")
    (project / ".cfnlintrc").write_text("append_rules: [rules]\nignore_checks: [E]\n")
    assert run(cli, ["validate", "-e", "dev"]) == 0
    assert not ran.exists()


def test_a_name_in_the_backend_cannot_control_the_terminal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backend = json.loads((project / "backend-config.json").read_text())
    backend["storage"] = {"\x1b]0;owned\x07\u202e": {"service": "Custom"}}
    (project / "backend-config.json").write_text(json.dumps(backend))
    assert run(cli, ["status", "-e", "dev"]) == 2
    shown = capsys.readouterr().err
    assert "\\x1b]0;owned\\x07\\u202e" in shown
    assert "\x1b" not in shown
