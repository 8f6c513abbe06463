"""Settings: what they accept, and errors that name the variable but no secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings

TOKEN = "123456789:AAF-abc_DEFghijklmnopqrstuvwxyz01234"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from outside, and an empty working directory."""
    for name in os.environ:
        if name.startswith("LDN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    settings = load_settings()

    assert settings.token() is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.knowledge_dir is None
    assert settings.data_dir.name == "ldn-evidence-bot"
    assert settings.database() == f"sqlite:///{settings.data_dir}/ldn-bot.sqlite3"
    assert (settings.log_level, settings.log_format) == ("INFO", "console")


def test_every_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "TELEGRAM_TOKEN": f" {TOKEN}\n",
        "TELEGRAM_API_URL": "http://localhost:8081/path",
        "DATA_DIR": "data",
        "DATABASE_URL": "postgresql://ldn:secret@/bot?host=/run/postgresql",
        "KNOWLEDGE_DIR": str(tmp_path),
        "LOG_LEVEL": "warning",
        "LOG_FORMAT": "json",
    }.items():
        monkeypatch.setenv(f"LDN_{name}", value)

    settings = load_settings()

    assert settings.token() == TOKEN
    assert settings.telegram_api_url == "http://localhost:8081/path"
    assert settings.data_dir == Path("data")
    assert settings.database() == "postgresql://ldn:secret@/bot?host=/run/postgresql"
    assert "secret" not in repr(settings)
    assert settings.knowledge_dir == tmp_path
    assert (settings.log_level, settings.log_format) == ("WARNING", "json")


def test_home_folder_is_written_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LDN_DATA_DIR", "~/data")

    assert load_settings().data_dir == tmp_path / "data"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("LOG_LEVEL", "foo", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LOG_FORMAT", "xml", "must be 'console' or 'json'"),
        ("TELEGRAM_API_URL", "nonsense", "must be an address like https://api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://example.org", "must be an address like"),
        ("TELEGRAM_API_URL", "https://example.org/?x=1", "must be an address like"),
        ("DATABASE_URL", "mysql://ldn:secret@host/bot", "must be an address like postgresql://"),
        ("DATABASE_URL", "bot.sqlite3", "must be an address like postgresql://"),
    ],
)
def test_wrong_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str) -> None:
    monkeypatch.setenv(f"LDN_{name}", value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value).startswith(f"LDN_{name}: {reason}")


def test_all_wrong_values_are_told_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LDN_LOG_LEVEL", TOKEN)
    monkeypatch.setenv("LDN_LOG_FORMAT", TOKEN)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["LDN_LOG_LEVEL", "LDN_LOG_FORMAT"]
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("value", ["", " "])
def test_empty_token_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN", value)
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", "")

    assert load_settings().token() is None


def test_token_is_not_shown_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN", TOKEN)

    settings = load_settings()

    assert TOKEN not in f"{settings} {settings!r} {settings.model_dump_json()}"


def test_token_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", "token")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value) == "set LDN_TELEGRAM_TOKEN or LDN_TELEGRAM_TOKEN_FILE, not both"


def test_token_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))

    assert load_settings().token() == TOKEN


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "the file can't be read: No such file or directory"),
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\xff\xfe", "the file can't be read: it is not UTF-8"),
    ],
)
def test_unusable_token_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", str(file))

    with pytest.raises(SettingsError) as caught:
        load_settings().token()

    assert str(caught.value).startswith("LDN_TELEGRAM_TOKEN_FILE: ")
    assert reason in str(caught.value)


def test_folder_as_token_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", str(tmp_path))

    with pytest.raises(
        SettingsError, match="LDN_TELEGRAM_TOKEN_FILE: the file can't be read: Is a"
    ):
        load_settings().token()


def test_token_in_place_of_its_file_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LDN_TELEGRAM_TOKEN_FILE", TOKEN)

    with pytest.raises(SettingsError) as caught:
        load_settings().token()

    assert TOKEN not in str(caught.value)


def test_env_file_in_the_working_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        f'# settings\nLDN_TELEGRAM_TOKEN="{TOKEN}"\nLDN_LOG_LEVEL=ERROR\nOTHER=1\n'
    )
    monkeypatch.setenv("LDN_LOG_LEVEL", "DEBUG")

    settings = load_settings()

    assert settings.token() == TOKEN
    assert settings.log_level == "DEBUG"


def test_env_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LDN_LOG_LEVEL=\xff")

    with pytest.raises(SettingsError, match=r"\.env: is not UTF-8"):
        load_settings()


def test_wrong_value_in_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LDN_LOG_LEVEL=foo\n")

    with pytest.raises(SettingsError, match="LDN_LOG_LEVEL: must be"):
        load_settings()
