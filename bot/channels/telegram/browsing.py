"""Commands and buttons to look around with: topics by kind, studies, sources, medicines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.channels.telegram import pictures
from bot.channels.telegram.answering import (
    answer_message,
    answer_tap,
    in_private,
    shows_typing,
    subjects_of,
)
from bot.channels.telegram.buttons import (
    OLD_BUTTON,
    Row,
    Verb,
    action_pattern,
    argument_of,
    encode,
    encode_action,
    label,
    rows_of,
    topic_rows,
)
from bot.channels.telegram.conversation import PRIVATE, argument, show
from bot.channels.telegram.desk import App, desk_of
from bot.channels.telegram.sending import Page, confirm
from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import Topic
from bot.language.text import words
from bot.rendering import render_telegram
from bot.rendering.document import source_line
from bot.rendering.telegram import packed
from bot.replies import Choice, Question, Reply, ReplyKind
from bot.replies.excerpts import Part, excerpt

PER_PAGE = 8
"""Buttons on a page of a list, besides those that turn it."""

KINDS_TEXT = "What would you like to read about?"
NO_SUCH_KIND = "I have no list of that name. What would you like to read about?"
CHECK_TEXT = (
    "Type /check and the name of a medicine, for example <code>/check effexor</code>. Or tap one:"
)
STUDIES_TEXT = "Type /studies and a topic, for example <code>/studies crohn</code>. Or tap a study:"
NO_TOPIC = "There is no page on this in my knowledge. Please type your question."

WORDS = "words"
"""A kind of its own for browsing: the words of the glossary would hide the other topics."""

KINDS: Mapping[str, str] = {
    "condition": "Conditions",
    "side-effect": "Side effects",
    "interaction": "Other medicines",
    "contraindication": "Who should take care",
    "dosing": "Taking it",
    "safety": "Safety",
    "mechanism": "How it may work",
    "evidence": "The evidence",
    "study": "Studies",
    "access": "Getting it",
    "about": "About LDN",
    WORDS: "Words explained",
}
"""Lists of topics, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a longer list."""

    items: Sequence[Choice]
    number: int
    last: int


def add_handlers(application: App) -> None:
    """Register the commands and the buttons."""
    for name, handler in {
        "topics": topics,
        "studies": studies,
        "interactions": check,
        "check": check,
        "sideeffects": side_effects,
        "sources": sources,
        "evidence": evidence,
    }.items():
        application.add_handler(CommandHandler(name, handler, PRIVATE))
    application.add_handler(CallbackQueryHandler(turn, action_pattern(Verb.KINDS)))
    application.add_handler(CallbackQueryHandler(show_studies, action_pattern(Verb.STUDIES)))


# -- commands


@shows_typing
async def topics(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/topics``: the kinds of topics; ``/topics <kind>``: the topics of one kind."""
    wanted = argument(update).casefold()
    knowledge = desk_of(context).engine.knowledge
    kind = next((k for k, name in KINDS.items() if wanted in {k, name.casefold()}), None)
    if kind is not None:
        page = kind_page(knowledge, kind, 0)
    else:
        page = kinds_page(knowledge, NO_SUCH_KIND if wanted else KINDS_TEXT)
    await answer_message(update, context, page)


@shows_typing
async def studies(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/studies <topic>``: its studies; without a topic those of the last one, or all."""
    reply = await _asked_or_last(update, context)
    astray = reply is not None and reply.kind is ReplyKind.SMALLTALK  # "nonsense" asks for no page
    if reply is None or astray or (not argument(update) and not _has_studies(reply)):
        page = kind_page(desk_of(context).engine.knowledge, "study", 0)
        await answer_message(update, context, replace(page, texts=(STUDIES_TEXT,)))
    elif reply.kind is ReplyKind.ANSWER and _has_studies(reply):
        page = studies_page(reply, 0)
        await answer_message(update, context, page, topics=subjects_of(reply))
    else:
        await show(update, context, reply)


@shows_typing
async def check(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/check <medicine>``, ``/interactions <medicine>``: LDN and that medicine."""
    medicine = argument(update)
    if medicine:
        # It leans on nothing: an unknown name must not be taken for the medicine asked before.
        reply = await desk_of(context).reply(Question(f"Can I take LDN with {medicine}?"))
        await show(update, context, reply, quoting=True)
        return
    page = kind_page(desk_of(context).engine.knowledge, "interaction", 0)
    await answer_message(update, context, replace(page, texts=(CHECK_TEXT,)))


@shows_typing
async def side_effects(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/sideeffects <what>``: whether LDN causes that; without it, all known side effects."""
    complaint = argument(update)
    if complaint:
        reply = await desk_of(context).reply(Question(f"Does LDN cause {complaint}?"))
        await show(update, context, reply, quoting=True)
        return
    page = kind_page(desk_of(context).engine.knowledge, "side-effect", 0)
    await answer_message(update, context, page)


@shows_typing
async def sources(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/sources <topic>``: its sources in full; without a topic those of the last one."""
    reply = await _asked_or_last(update, context)
    if reply is None:
        await open_topic(update, context, "about.sources")
    elif reply.kind is ReplyKind.ANSWER:
        await answer_message(update, context, sources_page(reply), topics=subjects_of(reply))
    else:
        await show(update, context, reply)


@shows_typing
async def evidence(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """``/evidence <topic>``: how sure its answer is; without a topic, how sure all of it is."""
    text = argument(update)
    if not text:
        await open_topic(update, context, pictures.MAP)
        if update.effective_chat is not None and update.effective_chat.type == Chat.PRIVATE:
            await pictures.send(context, update.effective_chat.id, pictures.MAP)
        return
    reply = await desk_of(context).found(text)
    if reply.kind is ReplyKind.ANSWER:
        page = evidence_page(reply)
        await answer_message(update, context, page, topics=subjects_of(reply))
    else:
        await show(update, context, reply)


async def open_topic(update: Update, context: ContextTypes.DEFAULT_TYPE, topic_id: str) -> None:
    """Answer a command with a topic that most knowledge folders have."""
    reply = desk_of(context).engine.open(topic_id)
    if reply is None:
        await answer_message(update, context, Page((NO_TOPIC,)))
    else:
        await show(update, context, reply)


# -- buttons


@shows_typing
async def turn(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap in a list of topics: turns its pages, in place. The way in is a new message."""
    query = update.callback_query
    if query is None:
        return
    if not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    knowledge = desk_of(context).engine.knowledge
    kind, _, number = argument_of(query.data).partition(":")
    if kind in {"", "all"}:
        await confirm(query)
        await answer_tap(update, context, kinds_page(knowledge, KINDS_TEXT), replace=kind == "all")
    elif kind in KINDS and number.isdecimal():
        await confirm(query)
        await answer_tap(update, context, kind_page(knowledge, kind, int(number)), replace=True)
    else:
        await confirm(query, OLD_BUTTON)


@shows_typing
async def show_studies(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tap for the studies of a topic, or for another page of them."""
    query = update.callback_query
    if query is None:
        return
    topic_id, turned, number = argument_of(query.data).partition(":")
    reply = desk_of(context).engine.open(topic_id)
    known = reply is not None and _has_studies(reply) and (number.isdecimal() or not turned)
    if reply is None or not known or not in_private(query):
        await confirm(query, OLD_BUTTON)
        return
    await confirm(query)
    page = studies_page(reply, int(number or 0))
    await answer_tap(update, context, page, topics=subjects_of(reply), replace=bool(turned))


# -- pages


def kinds_page(knowledge: KnowledgeBase, text: str) -> Page:
    """The kinds of topics, with how many there are of each."""
    counts = {kind: len(_of_kind(knowledge, kind)) for kind in KINDS}
    buttons = rows_of(
        InlineKeyboardButton(
            f"{name} ({counts[kind]})", callback_data=encode_action(Verb.KINDS, f"{kind}:0")
        )
        for kind, name in KINDS.items()
        if counts[kind]
    )
    return Page((text,), InlineKeyboardMarkup(buttons))


def kind_page(knowledge: KnowledgeBase, kind: str, number: int) -> Page:
    """A page of the topics of a kind; a number too high is the last one."""
    sheet = _sheet(_of_kind(knowledge, kind), number)
    pages = f", page {sheet.number + 1} of {sheet.last + 1}" if sheet.last else ""
    back = InlineKeyboardButton("All kinds", callback_data=encode_action(Verb.KINDS, "all"))
    turning = _turning(Verb.KINDS, kind, sheet, back)
    text = f"<b>{escape(KINDS[kind])}</b>{pages}"
    return Page((text,), InlineKeyboardMarkup([*topic_rows(sheet.items), turning]))


def studies_page(reply: Reply, number: int) -> Page:
    """The studies of the topics that a reply answers, each with a button."""
    found = [Choice(row.topic_id, row.name) for answer in reply.answers for row in answer.studies]
    sheet = _sheet(list(dict.fromkeys(found)), number)
    topic = reply.answers[0]
    whole = InlineKeyboardButton(label(topic.title), callback_data=encode(topic.topic_id))
    turning = _turning(Verb.STUDIES, topic.topic_id, sheet, whole)
    texts = render_telegram(excerpt(reply, {Part.CERTAINTY, Part.STUDIES}))
    return Page(texts, InlineKeyboardMarkup([*topic_rows(sheet.items), turning]))


def evidence_page(reply: Reply) -> Page:
    """How sure the answers of a reply are, and why; the answers themselves behind buttons."""
    rows = _titles(reply)
    if _has_studies(reply):
        data = encode_action(Verb.STUDIES, reply.topics[0])
        rows.append([InlineKeyboardButton("Studies", callback_data=data)])
    texts = render_telegram(excerpt(reply, {Part.CERTAINTY, Part.CAVEATS}))
    return Page(texts, InlineKeyboardMarkup(rows))


def sources_page(reply: Reply) -> Page:
    """The sources of a reply in full, each with its link."""
    heading = " / ".join(escape(answer.title) for answer in reply.answers)
    lines = [f"<b>Sources: {heading}</b>"]
    for number, source in enumerate(reply.sources, start=1):
        text = escape(source_line(source), quote=False)
        link = escape(source.link) if source.link else None
        lines.append(f'<a href="{link}">[{number}]</a> {text}' if link else f"[{number}] {text}")
    return Page(packed(lines), InlineKeyboardMarkup(_titles(reply)))


def _titles(reply: Reply) -> list[Row]:
    return topic_rows(Choice(answer.topic_id, answer.title) for answer in reply.answers)


def _turning(verb: Verb, argument_: str, sheet: Sheet, middle: InlineKeyboardButton) -> Row:
    """The row that turns the pages of a list."""

    def to(name: str, number: int) -> InlineKeyboardButton:
        return InlineKeyboardButton(
            name, callback_data=encode_action(verb, f"{argument_}:{number}")
        )

    row = [middle]
    if sheet.number:
        row.insert(0, to("← Back", sheet.number - 1))
    if sheet.number < sheet.last:
        row.append(to("More →", sheet.number + 1))
    return row


def _sheet(items: Sequence[Choice], number: int) -> Sheet:
    last = max(0, (len(items) - 1) // PER_PAGE)
    number = min(number, last)
    return Sheet(items[number * PER_PAGE : (number + 1) * PER_PAGE], number, last)


def _of_kind(knowledge: KnowledgeBase, kind: str) -> list[Choice]:
    """The topics of a kind by title; an overview comes first."""
    found = [topic for topic in knowledge.topics.values() if _kind_of(topic) == kind]
    found.sort(key=lambda topic: (not topic.id.endswith("overview"), words(topic.title)))
    return [Choice(topic.id, topic.title) for topic in found]


def _kind_of(topic: Topic) -> str:
    return WORDS if topic.is_word else topic.kind


def _has_studies(reply: Reply) -> bool:
    return any(answer.studies for answer in reply.answers)


async def _asked_or_last(update: Update, context: ContextTypes.DEFAULT_TYPE) -> Reply | None:
    """The reply to what stands behind a command, else the one on the last topic, if any."""
    desk, text = desk_of(context), argument(update)
    if text:
        return await desk.found(text)
    chat = update.effective_chat
    last = await desk.last_topic(update, chat.id) if chat else None
    return desk.engine.open(last) if last else None
