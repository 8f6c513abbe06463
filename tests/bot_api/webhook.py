"""Delivery of updates by HTTP POST."""

from __future__ import annotations

import asyncio
from typing import Final

import aiohttp

from tests.bot_api.state import Json, State, Webhook

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
MAX_DELAY: Final = 1.0


async def deliver_updates(state: State, first_delay: float = 0.05) -> None:
    """Post updates to the webhook, one after another, for ever.

    Anything but a 2xx answer counts as a failure: the update is sent again, after a delay that
    doubles up to a second (the real server waits longer), and getWebhookInfo names the error.
    """
    delay = first_delay
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            await state.pulse.wait_for(
                lambda: state.has_webhook() and state.updates.waiting(), None
            )
            hook = state.webhook
            source = state.updates.repeats or state.updates.pending
            update = source[0]
            error = await _post(session, hook, update)
            if state.webhook is not hook:
                continue
            if error is None:
                if update in source:
                    source.remove(update)
                delay = first_delay
                state.pulse.fire()
                continue
            hook.last_error_date = state.now()
            hook.last_error_message = error
            state.pulse.fire()
            await asyncio.sleep(delay)
            delay = min(2 * delay, MAX_DELAY)


async def _post(session: aiohttp.ClientSession, hook: Webhook, update: Json) -> str | None:
    """Send one update; return None on success, else the error as getWebhookInfo words it."""
    headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
    try:
        async with session.post(
            hook.url, json=update, headers=headers, ssl=not hook.certificate
        ) as response:
            if response.ok:
                return None
            return f"Wrong response from the webhook: {response.status} {response.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except aiohttp.ClientConnectorError:
        return "Connection refused"
    except aiohttp.ClientError as error:
        return str(error)
