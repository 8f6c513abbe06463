"""Configuration from the environment (prefix ``LDN_``) or a ``.env`` file, checked at the start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LDN_"
ENV_FILE = ".env"
SQLITE_FILE = "ldn-bot.sqlite3"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable."""


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("must be an address like https://api.telegram.org")
    return value


def _database(value: SecretStr) -> SecretStr:
    if not re.match(r"sqlite:///.|postgres(ql)?://", value.get_secret_value()):
        raise ValueError("must be an address like postgresql://user:password@host/name")
    return value


def _capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Place = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseSettings):
    """All settings. Each field is the variable ``LDN_<FIELD>``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_token: SecretStr | None = None
    telegram_token_file: Place | None = None
    telegram_api_url: Annotated[str, AfterValidator(_address)] = "https://api.telegram.org"
    data_dir: Place = Field(default_factory=lambda: user_data_path("ldn-evidence-bot"))
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = None
    knowledge_dir: Place | None = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_capitals)
    ] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="after")
    def _one_token(self) -> Settings:
        if self.telegram_token and self.telegram_token_file:
            raise ValueError("set LDN_TELEGRAM_TOKEN or LDN_TELEGRAM_TOKEN_FILE, not both")
        return self

    def database(self) -> str:
        """Address of the database: the one that is set, or a SQLite file in the data folder."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / SQLITE_FILE}"

    def token(self) -> str | None:
        """The Telegram token, from the variable or the file; ``None`` if neither is set.

        Raises:
            SettingsError: the file can't be read or is empty.
        """
        if self.telegram_token:
            return self.telegram_token.get_secret_value().strip() or None
        if self.telegram_token_file is None:
            return None
        try:
            token = self.telegram_token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            # Not the name of the file: people put the token itself there.
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise SettingsError(
                f"{PREFIX}TELEGRAM_TOKEN_FILE: the file can't be read: {why}"
            ) from None
        if not token:
            raise SettingsError(f"{PREFIX}TELEGRAM_TOKEN_FILE: the file is empty")
        return token


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming every variable with a wrong value (but never a secret).
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(map(_line, error.errors(include_input=False)))) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{ENV_FILE}: is not UTF-8") from None


def _line(detail: ErrorDetails) -> str:
    reason = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{PREFIX}{detail['loc'][0]}".upper() + f": {reason}" if detail["loc"] else reason
