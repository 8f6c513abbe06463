"""Methods that answer callback, inline and guest queries."""

from __future__ import annotations

import re

from tests.bot_api import markup
from tests.bot_api.errors import ApiError, bad_request
from tests.bot_api.formatting import utf16_length
from tests.bot_api.journal import Call
from tests.bot_api.registry import method
from tests.bot_api.state import Json, State


@method("answerCallbackQuery")
async def answer_callback_query(state: State, call: Call) -> object:
    """Answer a tap on a button, once; the notice has at most 200 characters."""
    params = call.params
    if utf16_length(params.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if "url" in params and not params["url"].startswith(("https://t.me/", "tg://")):
        raise bad_request("URL_INVALID")
    state.answer_query(params["callback_query_id"], "callback", params)
    return True


@method("answerInlineQuery")
async def answer_inline_query(state: State, call: Call) -> object:
    """Answer an inline query, once, with at most 50 results.

    The stored answer's results carry ``_message``: the message each of them would become.
    """
    params = call.params
    results: list[Json] = params["results"]
    if len(results) > 50:
        raise bad_request("too many inline query results specified")
    if len(params.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    if "button" in params:
        _check_results_button(call, params["button"])
    seen: set[str] = set()
    checked = []
    for result in results:
        if result["id"] in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result["id"])
        checked.append(_check_result(call, result))
    state.answer_query(params["inline_query_id"], "inline", {**params, "results": checked})
    return True


@method("answerGuestQuery")
async def answer_guest_query(state: State, call: Call) -> object:
    """Answer a message in a chat of which the bot is no member; the answer stands there then."""
    params = call.params
    result = _check_result(call, params["result"])
    query = state.answer_query(params["guest_query_id"], "guest", {**params, "result": result})
    chat = state.chats[query.update["chat"]["id"]]
    content = {**result["_message"], "guest_bot_caller_user": query.user.as_dict()}
    inline_id = f"guest-{state.number('inline messages')}"
    state.inline_messages[inline_id] = state.new_message(chat, state.bot, content)
    state.pulse.fire()
    return {"inline_message_id": inline_id}


def _check_results_button(call: Call, button: Json) -> None:
    if ("web_app" in button) == ("start_parameter" in button):
        raise bad_request(
            "can't parse inline query results button: InlineQueryResultsButton must have exactly "
            "one optional field"
        )
    if not button["text"].strip():
        call.violate("an inline results button without a text")
    parameter = button.get("start_parameter", "a")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", parameter):
        raise bad_request("START_PARAM_INVALID")


def _check_result(call: Call, result: Json) -> Json:
    """Check one result as the server does; return it with its future message."""
    if not 1 <= len(result["id"].encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    if "title" in result and not result["title"].strip():
        call.violate(f"inline result {result['id']} has an empty title")
    for name in ("url", "thumbnail_url", "photo_url"):
        if name in result and markup.url_problem(result[name]):
            raise bad_request(f"inline query result {name} is invalid")
    message: Json = {}
    try:
        content = result.get("input_message_content")
        if content is not None and "message_text" in content:
            message = markup.message_text(call, content, "message_text", inline=True)
        elif content is not None:
            call.violate("only text is emulated as the content of an inline result")
        elif result["type"] in {"photo", "document"}:
            message = markup.caption(call, result)
        else:
            call.violate(f"inline results of type {result['type']} are not emulated")
        keyboard = markup.inline_keyboard(call, result.get("reply_markup"))
    except ApiError as error:
        raise _inside_result(error) from error
    if keyboard is not None:
        message["reply_markup"] = keyboard
    return {**result, "_message": message}


def _inside_result(error: ApiError) -> ApiError:
    """Put the server's words in front of an error inside a result."""
    inner = error.description.removeprefix("Bad Request: ")
    if inner.startswith(("can't parse entities", "can't parse inline keyboard button")):
        return bad_request(f"can't parse inline query result: C{inner[1:]}")
    return error
