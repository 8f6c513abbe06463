"""Which handler takes which update, and what happens when one fails.

An update goes to the first handler that takes it. So what is more special stands before what is
more general; updates that nobody takes are left alone on purpose (see ``docs/telegram.md``).
"""

from __future__ import annotations

import secrets

import structlog
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError
from telegram.ext import ContextTypes

from bot.channels.telegram import (
    browsing,
    cite,
    conversation,
    feedback,
    groups,
    guests,
    inline,
    other_kinds,
    pictures,
    privacy,
    private_settings,
    watching,
)
from bot.channels.telegram.apologies import apologise
from bot.channels.telegram.desk import App
from bot.channels.telegram.sending import is_closed

log = structlog.get_logger(__name__)


def add_handlers(application: App) -> None:
    """Register every handler."""
    inline.add_handlers(application)
    guests.add_handlers(application)
    groups.add_handlers(application)
    conversation.add_handlers(application)
    browsing.add_handlers(application)
    cite.add_handlers(application)
    pictures.add_handlers(application)
    privacy.add_handlers(application)
    private_settings.add_handlers(application)
    feedback.add_handlers(application)
    watching.add_handlers(application)
    # Whatever the others left: any text, command or tap, then messages without words.
    conversation.add_general_handlers(application)
    other_kinds.add_handlers(application)
    application.add_error_handler(failed)


async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """An error: the operator gets the facts (never a text), the person a short apology."""
    problem = context.error
    if isinstance(problem, InvalidToken):
        return  # polling meets it as well and ends the process
    if update is None and isinstance(problem, Conflict):
        log.error("another process polls with the same token; only one may run")
        return
    if update is None and isinstance(problem, TelegramError):
        log.warning("Telegram can't be reached; trying again", error=type(problem).__name__)
        return
    if isinstance(problem, TelegramError) and is_closed(problem):
        log.info("chat can't be written to")
        return
    reference = secrets.token_hex(4)
    if isinstance(problem, TelegramError):
        reason = problem.message if isinstance(problem, BadRequest) else type(problem).__name__
        log.error("an answer could not be delivered", reference=reference, reason=reason)
    else:
        log.error("update failed", reference=reference, exc_info=problem)
    if isinstance(update, Update):
        try:
            await apologise(update, context, reference)
        except TelegramError as error:
            log.warning("the apology could not be sent", error=type(error).__name__)
