"""The HTTP side: reads calls, checks them, lets them act, answers."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from aiohttp import web

# Imported for their handlers.
from tests.bot_api import methods_bot, methods_messages, methods_queries, methods_updates
from tests.bot_api.errors import ApiError
from tests.bot_api.faults import PROXY_PAGE, REASONS, Fault, FaultPlan, FloodLimits
from tests.bot_api.journal import Call
from tests.bot_api.registry import HANDLERS
from tests.bot_api.state import State, User
from tests.bot_api.validation import Schema, Upload
from tests.bot_api.waiting import WatchedWorld
from tests.bot_api.webhook import deliver_updates

__all__ = ["BotApiServer", "methods_bot", "methods_messages", "methods_queries", "methods_updates"]

TOKEN: Final = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
MAX_BODY: Final = 60 << 20


class BotApiServer(WatchedWorld):
    """An emulated Telegram with one bot; see the package's documentation."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "ldn_test_bot",
        first_name: str = "LDN test bot",
        port: int = 0,
        strict: bool = True,
        patience: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare the server; ``start`` it, or use it as an async context manager.

        ``strict=False`` only records violations in place of answering them with 400;
        ``patience`` is how long the waiting methods wait; ``clock`` dates messages.
        """
        bot = User(int(token.partition(":")[0]), first_name, username=username, is_bot=True)
        super().__init__(State(bot, clock), patience)
        self.token = token
        self.strict = strict
        self.schema = Schema()
        self.faults = FaultPlan()
        self.token_revoked = False
        """Set it to answer every call with 401, as after a revocation of the token."""
        self._port = port
        self._runner: web.AppRunner | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._connections: set[asyncio.Transport] = set()

    @property
    def url(self) -> str:
        """Return the server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """Return what python-telegram-bot calls the base URL."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """Return what python-telegram-bot calls the base file URL."""
        return f"{self.url}/file/bot"

    @property
    def flood_limits(self) -> FloodLimits:
        """Return the sending limits: set ``flood_limits.enabled`` to have them enforced."""
        return self.state.flood

    def fail(self, method: str | None, fault: Fault, *, times: int = 1) -> None:
        """Let the next calls of a method fail (None: of any method but getUpdates)."""
        self.faults.add(method, fault, times)

    async def start(self) -> None:
        """Listen; after a ``stop`` on the same port, with all that was known before."""
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_get("/file/bot{token}/{path:.+}", self._serve_file)
        app.router.add_route("*", "/bot{token}/{method}", self._serve_call)
        app.router.add_route("*", "/{rest:.*}", self._serve_nothing)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self._delivery = asyncio.create_task(deliver_updates(self.state))

    async def stop(self) -> None:
        """Go away at once: open connections break, nothing that is known gets lost."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        for site in list(runner.sites):
            await site.stop()
        for transport in list(self._connections):
            transport.abort()
        if self._delivery is not None:
            self._delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._delivery
        await runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    async def _serve_nothing(self, request: web.Request) -> web.Response:
        return _answer(ApiError(404, "Not Found").body(), 404)

    async def _serve_file(self, request: web.Request) -> web.Response:
        error = self._token_error(request.match_info["token"])
        if error is not None:
            return _answer(error.body(), error.code)
        path = request.match_info["path"]
        for stored in self.state.files.values():
            if stored.path == path:
                return web.Response(body=stored.content, content_type=stored.mime_type)
        return _answer(ApiError(404, "Not Found").body(), 404)

    async def _serve_call(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.match_info["method"], strict=self.strict)
        self.journal.append(call)
        transport = request.transport
        if transport is not None:
            self._connections.add(transport)
        started = time.perf_counter()
        try:
            return await self._answer_call(request, call)
        finally:
            call.seconds = time.perf_counter() - started
            if transport is not None:
                self._connections.discard(transport)
            self.state.pulse.fire()

    async def _answer_call(self, request: web.Request, call: Call) -> web.StreamResponse:
        with contextlib.suppress(ApiError):
            call.method = self.schema.method(call.method)
        call.raw, call.files = await _read_params(request)
        fault = self.faults.next_for(call.method)
        if fault is not None:
            call.fault = fault.kind
            if not fault.after_effect:
                return await self._break(request, call, fault)
        body, status = await self._run(request.match_info["token"], call)
        if fault is not None:
            return await self._break(request, call, fault)
        call.response, call.status = body, status
        return _answer(body, status)

    async def _run(self, token: str, call: Call) -> tuple[dict[str, Any], int]:
        try:
            result = await self._result(token, call)
        except ApiError as error:
            return error.body(), error.code
        return {"ok": True, "result": result}, 200

    async def _result(self, token: str, call: Call) -> object:
        if (error := self._token_error(token)) is not None:
            raise error
        if call.method not in self.schema.methods:
            call.violations.append("unknown method")
            raise ApiError(404, "Not Found: method not found")
        if self.state.logged_out:
            raise ApiError(400, "Bad Request: Logged out")
        call.params = self.schema.check(call.method, call.raw, call.files, call.violations)
        if call.violations and self.strict:
            raise ApiError(400, f"Bad Request: strict emulator: {call.violations[0]}")
        handler = HANDLERS.get(call.method)
        if handler is None:
            call.violations.append("the emulator has no behaviour for this method")
            raise ApiError(501, f"Not Implemented: {call.method} is not emulated")
        return await handler(self.state, call)

    def _token_error(self, token: str) -> ApiError | None:
        if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
            return ApiError(404, "Not Found")
        if token != self.token or self.token_revoked:
            return ApiError(401, "Unauthorized")
        return None

    async def _break(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        """Do to a call what the fault says."""
        match fault.kind:
            case "error":
                assert fault.error is not None
                call.response, call.status = fault.error.body(), fault.error.code
                return _answer(fault.error.body(), fault.error.code)
            case "page":
                reason = f"{fault.status} {REASONS.get(fault.status, 'Error')}"
                page = PROXY_PAGE.format(status=reason)
                call.response, call.status = page, fault.status
                return web.Response(text=page, status=fault.status, content_type="text/html")
            case "garbage":
                call.response, call.status = '{"ok":true,"result":{"mess', 200
                return web.Response(text=call.response, content_type="application/json")
            case "drop":
                if request.transport is not None:
                    request.transport.abort()
                return web.Response()
            case "hang":
                self.state.pulse.fire()
                await asyncio.Event().wait()
                return web.Response()


def _answer(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(
        text=json.dumps(body, ensure_ascii=False), status=status, content_type="application/json"
    )


async def _read_params(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Read parameters from the query string and from a form, multipart or JSON body."""
    raw: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        with contextlib.suppress(ValueError):
            body = await request.json()
            if isinstance(body, dict):
                raw.update(body)
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                content = await asyncio.to_thread(value.file.read)
                files[name] = Upload(value.filename, value.content_type, content)
            else:
                raw[name] = value if isinstance(value, str) else bytes(value).decode()
    return raw, files
