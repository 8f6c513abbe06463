"""Telegram, by long polling."""

from bot.channels.telegram.application import run_telegram

__all__ = ["run_telegram"]
