"""Sets up and runs the Telegram bot by long polling."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from typing import Any

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.channels.telegram.desk import DESK, App, Desk
from bot.channels.telegram.handlers import add_handlers
from bot.channels.telegram.heartbeat import Heartbeat
from bot.channels.telegram.limits import Limiter
from bot.channels.telegram.menus import set_commands
from bot.channels.telegram.notes import Notes
from bot.channels.telegram.queue import DurableQueue, FairProcessor
from bot.engine import Engine
from bot.knowledge import KnowledgeError
from bot.settings import Settings
from bot.storage import Storage, StorageError

log = structlog.get_logger(__name__)

EXIT_OK = 0
EXIT_BAD_KNOWLEDGE = 2
EXIT_REFUSED = 3
EXIT_NO_DATABASE = 4

REFUSED_CODES = {401, 404}
"""Telegram's answers to a token that is revoked (401) or was never valid (404)."""

NO_UPDATES = b'{"ok":true,"result":[]}'


class DiscreetRequest(HTTPXRequest):
    """A connection that never logs what was received: an answer cut short holds people's words."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As in the parent class, which writes what it can't read into the log."""
        try:
            parsed: dict[str, Any] = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        return parsed


class PollingRequest(DiscreetRequest):
    """The connection for ``getUpdates``: keeps updates, notes contacts and a token that is refused.

    When a token is revoked, python-telegram-bot ends polling silently while the process lives on.
    Here ``on_refused`` is called, and the library gets an empty answer so that it can be stopped in
    order.
    """

    def __init__(
        self, heartbeat: Heartbeat, queue: DurableQueue, on_refused: Callable[[], None]
    ) -> None:
        super().__init__(connection_pool_size=1)
        self._heartbeat = heartbeat
        self._queue = queue
        self._on_refused = on_refused

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401
        """As in the parent class."""
        code, payload = await super().do_request(*args, **kwargs)
        if code in REFUSED_CODES:
            self._on_refused()
            return 200, NO_UPDATES
        if code == 200:
            self._heartbeat.beat()
            payload = readable(payload)
            await self._queue.keep(payload)
        return code, payload


def readable(payload: bytes) -> bytes:
    """Telegram's answer to ``getUpdates`` without what the library can't read.

    It would otherwise fetch the same updates again and again, and nobody would get an answer. Of an
    update that it can't read the number stays, so that Telegram hears that it was received.
    """
    try:
        answer = json.loads(payload)
        updates = answer["result"]
        unreadable = [item for item in updates if not _is_readable(item)]
        for item in unreadable:
            number = item["update_id"]
            log.error("an update can't be read; it is passed over", kinds=sorted(item))
            item.clear()
            item["update_id"] = number
    except (ValueError, LookupError, TypeError, AttributeError):
        return payload  # not an answer: the library finds that too, and fetches again
    return json.dumps(answer).encode() if unreadable else payload


def _is_readable(item: dict[str, Any]) -> bool:
    try:
        Update.de_json(item, None)
    except Exception:
        return False
    return True


def run_telegram(settings: Settings, token: str, make_engine: Callable[[], Engine]) -> int:
    """Run until a signal ends it. Returns the exit code.

    ``make_engine`` reads the knowledge; it is called at the start and again on SIGHUP. If the new
    knowledge is broken, the problems are logged and the last good one stays.
    """
    try:
        engine = make_engine()
    except KnowledgeError as error:
        for problem in error.problems:
            log.error("knowledge problem", problem=str(problem))
        return EXIT_BAD_KNOWLEDGE
    try:
        storage = Storage(settings.database())
    except StorageError as error:
        return _no_database(error)
    heartbeat = Heartbeat(settings.data_dir)
    refused = False

    def on_refused() -> None:
        nonlocal refused
        refused = True
        updater = application.updater
        if application.running and updater is not None and updater.running:
            application.stop_running()

    queue = DurableQueue(storage.inbox)
    polling = PollingRequest(heartbeat, queue, on_refused)
    application = _build(settings, token, polling, queue, storage, make_engine)
    application.bot_data[DESK] = Desk(engine, storage, settings)
    add_handlers(application)
    log.info("starting", knowledge=engine.knowledge.version, topics=len(engine.knowledge.topics))
    try:
        application.run_polling(
            allowed_updates=[
                Update.MESSAGE,
                Update.EDITED_MESSAGE,
                Update.CALLBACK_QUERY,
                Update.INLINE_QUERY,
                Update.GUEST_MESSAGE,
                Update.MY_CHAT_MEMBER,
            ],
            bootstrap_retries=-1,
            drop_pending_updates=False,
        )
    except InvalidToken:
        refused = True
    except StorageError as error:
        return _no_database(error)
    finally:
        heartbeat.stop()
    if refused:
        log.error("Telegram refused the token; get a new one from @BotFather and set it")
        return EXIT_REFUSED
    log.info("stopped")
    return EXIT_OK


def _no_database(error: StorageError) -> int:
    log.error("the database can't be used; see LDN_DATABASE_URL and LDN_DATA_DIR", error=str(error))
    return EXIT_NO_DATABASE


def _build(
    settings: Settings,
    token: str,
    polling: PollingRequest,
    queue: DurableQueue,
    storage: Storage,
    make_engine: Callable[[], Engine],
) -> App:
    notes: Notes | None = None

    async def set_up(application: App) -> None:
        nonlocal notes
        await storage.start()
        recovered = await queue.recover(application.bot)
        log.info("database ready", recovered=recovered)
        log.info("connected to Telegram", bot=application.bot.username)
        await set_commands(application.bot)
        notes = Notes(application.bot, application.bot_data[DESK])
        notes.start()
        _reload_on_hangup(application.bot_data[DESK], make_engine, notes)

    async def stop_sending(_: App) -> None:
        if notes is not None:
            await notes.stop()

    async def tear_down(application: App) -> None:
        await application.bot_data[DESK].noted()
        await storage.close()

    root = settings.telegram_api_url.rstrip("/")
    application: App = (
        Application.builder()
        .token(token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .request(DiscreetRequest())
        .get_updates_request(polling)
        .rate_limiter(Limiter())
        .job_queue(None)
        .update_queue(queue)
        .concurrent_updates(FairProcessor(queue, running=lambda: application.running))
        .post_init(set_up)
        .post_stop(stop_sending)
        .post_shutdown(tear_down)
        .build()
    )
    return application


def _reload_on_hangup(desk: Desk, make_engine: Callable[[], Engine], notes: Notes) -> None:
    """On SIGHUP load the knowledge anew, off the event loop; keep the old one if it is broken."""
    loop = asyncio.get_running_loop()
    running: set[asyncio.Task[None]] = set()

    async def reload() -> None:
        try:
            engine = await asyncio.to_thread(make_engine)
        except KnowledgeError as error:
            for problem in error.problems:
                log.error("knowledge problem", problem=str(problem))
            log.error("the new knowledge is broken; the last good one stays in use")
            return
        except Exception:
            log.exception("the knowledge could not be loaded anew; the last good one stays in use")
            return
        desk.engine = engine
        notes.knowledge_changed()
        log.info("knowledge loaded anew", knowledge=engine.knowledge.version)

    def on_hangup() -> None:
        task = loop.create_task(reload())
        running.add(task)
        task.add_done_callback(running.discard)

    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None:
        loop.add_signal_handler(hangup, on_hangup)
