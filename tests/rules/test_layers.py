"""Imports flow one way. The contracts stand in pyproject.toml; `exhaustive` finds new modules."""

from importlinter.cli import lint_imports

from app.config import ROOT


def test_imports_flow_one_way() -> None:
    failed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not failed, "run lint-imports: it names the import; new modules go into pyproject.toml"
