"""Configuration from the environment (prefix ``LDN_``) or a ``.env`` file, checked at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LDN_"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable."""


class Settings(BaseSettings):
    """All settings. Each field is the variable ``LDN_<FIELD>``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_token: SecretStr | None = None
    telegram_token_file: Path | None = None
    telegram_api_url: Annotated[
        str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")
    ] = "https://api.telegram.org"
    data_dir: Path = Field(default_factory=lambda: user_data_path("ldn-evidence-bot"))
    knowledge_dir: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="after")
    def _one_token(self) -> Settings:
        if self.telegram_token and self.telegram_token_file:
            raise ValueError("set LDN_TELEGRAM_TOKEN or LDN_TELEGRAM_TOKEN_FILE, not both")
        return self

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
            raise SettingsError(
                f"{PREFIX}TELEGRAM_TOKEN_FILE: {self.telegram_token_file} can't be read"
            ) from error
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
        lines = []
        for detail in error.errors(include_url=False, include_input=False):
            name = PREFIX + "_".join(map(str, detail["loc"])).upper() if detail["loc"] else ""
            reason = detail["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {reason}" if name else reason)
        raise SettingsError("\n".join(lines)) from None
