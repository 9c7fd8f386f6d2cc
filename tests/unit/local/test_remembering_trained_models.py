"""Unit: the trainer runs again when, and only when, something that it reads has changed."""

from __future__ import annotations

from pathlib import Path

from local.trained_models import _fingerprint, _remember, _remembered


def folders(tmp_path: Path) -> tuple[Path, Path]:
    tenant = tmp_path / "tenants" / "bank"
    (tenant / "knowledge").mkdir(parents=True)
    (tenant / "intents.yaml").write_text("intents: {}")
    (tenant / "knowledge" / "fees.md").write_text("Fees.")
    for name in ("sotto/models/package.py", "requirements.lock", "model_containers/trainer/fit.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    return tenant, tmp_path


def test_a_changed_article_or_changed_code_is_another_fingerprint(tmp_path: Path) -> None:
    tenant, repository = folders(tmp_path)
    first = _fingerprint(tenant, repository)
    assert _fingerprint(tenant, repository) == first
    (tenant / "knowledge" / "fees.md").write_text("Other fees.")
    second = _fingerprint(tenant, repository)
    (tenant / ".sync.json").write_text("a program's own note")
    assert _fingerprint(tenant, repository) == second
    (repository / "model_containers/trainer/fit.py").write_text("2")
    third = _fingerprint(tenant, repository)
    assert len({first, second, third}) == 3


def test_packages_are_remembered_while_they_exist(tmp_path: Path) -> None:
    package, answer = tmp_path / "a.tar.gz", tmp_path / "models" / "bank.json"
    package.write_bytes(b"x")
    assert _remembered(answer, "f") is None
    _remember(answer, "f", [package])
    assert _remembered(answer, "f") == [package]
    assert _remembered(answer, "g") is None
    package.unlink()
    assert _remembered(answer, "f") is None


def test_a_broken_note_means_training_again(tmp_path: Path) -> None:
    (tmp_path / "bank.json").write_text('{"packages": 1}')
    assert _remembered(tmp_path / "bank.json", "f") is None


def test_what_was_trained_at_once_is_trained_again_by_who_has_time(tmp_path: Path) -> None:
    package, answer = tmp_path / "a.tar.gz", tmp_path / "bank.json"
    package.write_bytes(b"x")
    _remember(answer, "f", [package], at_once=True)
    assert _remembered(answer, "f", at_once=True) == [package]
    assert _remembered(answer, "f") is None
    _remember(answer, "f", [package])
    assert _remembered(answer, "f", at_once=True) == [package], "what has an adapter serves at once, too"
