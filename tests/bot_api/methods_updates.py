"""Methods that bring updates to the bot, and those about the connection itself."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from tests.bot_api.errors import ApiError, bad_request
from tests.bot_api.faults import CONFLICT
from tests.bot_api.journal import Call
from tests.bot_api.markup import without_none
from tests.bot_api.registry import method
from tests.bot_api.state import State, Webhook

MAX_POLL_SECONDS: Final = 50


@method("getMe")
async def get_me(state: State, call: Call) -> object:
    """Describe the bot."""
    return {
        **state.bot.as_dict(),
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy_mode,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


@method("getUpdates")
async def get_updates(state: State, call: Call) -> object:
    """Return pending updates, or wait for one.

    A newer poll ends an older one with 409; the limit is kept within 1-100, the timeout within
    50 s. An update stays until a call with a higher offset confirms it.
    """
    if state.has_webhook():
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first",
        )
    params, queue = call.params, state.updates
    if "allowed_updates" in params:
        queue.allowed = params["allowed_updates"]
    offset = params.get("offset", 0)
    limit = min(max(params.get("limit", 100), 1), 100)
    seconds = min(max(params.get("timeout", 0), 0), MAX_POLL_SECONDS)
    state.poller = None
    state.pulse.fire()
    updates = queue.take(offset, limit)
    state.pulse.fire()  # for those who wait until all is confirmed
    if updates or seconds == 0:
        return updates
    ticket = state.poller = object()
    try:
        await state.pulse.wait_for(
            lambda: not state.is_poller(ticket) or queue.waiting(), float(seconds)
        )
        if not state.is_poller(ticket):
            by_webhook = "Conflict: terminated by setWebhook request"
            raise ApiError(409, by_webhook if state.has_webhook() else CONFLICT)
        return queue.take(0, limit)
    finally:
        if state.is_poller(ticket):
            state.poller = None


@method("setWebhook")
async def set_webhook(state: State, call: Call) -> object:
    """Set or, with an empty address, remove the webhook.

    Only HTTPS addresses, as on the real server; plain HTTP is let through for loopback.
    """
    params = call.params
    url = params.get("url", "")
    secret = params.get("secret_token", "")
    parts = urlsplit(url)
    if url and parts.scheme != "https" and not _is_loopback(parts.hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in params:
        state.updates.allowed = params["allowed_updates"]
    if params.get("drop_pending_updates"):
        state.updates.pending.clear()
    state.webhook = Webhook(
        url=url,
        secret=secret,
        max_connections=params.get("max_connections", 40),
        certificate="certificate" in params,
    )
    if url:
        state.poller = None
    return True


@method("deleteWebhook")
async def delete_webhook(state: State, call: Call) -> object:
    """Remove the webhook; pending updates stay unless they are to be dropped."""
    state.webhook = Webhook()
    if call.params.get("drop_pending_updates"):
        state.updates.pending.clear()
    return True


@method("getWebhookInfo")
async def get_webhook_info(state: State, call: Call) -> object:
    """Describe the webhook and its last error."""
    hook = state.webhook
    return without_none(
        {
            "url": hook.url,
            "has_custom_certificate": hook.certificate,
            "pending_update_count": len(state.updates.pending),
            "max_connections": hook.max_connections if hook.url else None,
            "allowed_updates": state.updates.allowed or None,
            "last_error_date": hook.last_error_date,
            "last_error_message": hook.last_error_message,
        }
    )


@method("logOut")
async def log_out(state: State, call: Call) -> object:
    """Leave the cloud server: every later call answers 400 "Logged out"."""
    state.logged_out = True
    return True


@method("close")
async def close(state: State, call: Call) -> object:
    """Close the bot instance; nothing to do here."""
    return True


@method("getFile")
async def get_file(state: State, call: Call) -> object:
    """Return the path under which a file can be fetched."""
    stored = state.files.get(call.params["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
