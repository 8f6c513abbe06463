"""Plain text, Markdown, BBCode, HTML and JSON: order, escaping, sources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from bot.engine import Engine
from bot.knowledge.schema import Level, SourceType
from bot.rendering import (
    render_bbcode,
    render_html,
    render_json,
    render_markdown,
    render_telegram,
    render_text,
)
from bot.rendering.document import document
from bot.rendering.telegram import plain_text
from bot.replies import Reply
from tests.rendering.examples import SIGNS, answer, full_reply, reply, source, statement
from tests.rendering.strategies import every_text, replies

ZERO_WIDTH = "\u200b"


def telegram(built: Reply) -> str:
    return "\n\n".join(map(plain_text, render_telegram(built)))


def json_text(built: Reply) -> str:
    return str(render_json(built)["text"])


FORMS: list[Callable[[Reply], str]] = [
    render_text,
    render_markdown,
    render_bbcode,
    render_html,
    telegram,
    json_text,
]


def squeezed(text: str) -> str:
    return "".join(text.split())


class Page(HTMLParser):
    """The text of a fragment; fails if its tags don't pair."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


OUR_TAGS = {
    *("article", "section", "footer", "h2", "h3", "p", "strong", "ul", "ol", "li", "a"),
}


# All forms alike


@pytest.mark.parametrize("form", FORMS)
def test_blocks_stand_in_the_order_of_importance(form: Callable[[Reply], str]) -> None:
    built = full_reply("words")
    text = form(built)
    headings = [
        "Get help now",
        "Low certainty",
        "What is known",
        "Studies at a glance",
        "Claims that go around",
        "Limits",
        "Please keep in mind",
        "Sources",
        "Information, not medical advice. Last reviewed 20 November 2026",
    ]
    places = [text.replace("\\", "").index(heading) for heading in headings]
    assert places == sorted(places)


@pytest.mark.parametrize("form", FORMS)
def test_warnings_come_before_everything(
    form: Callable[[Reply], str], small_engine: Engine
) -> None:
    built = small_engine.open("interaction.tramadol")
    assert built is not None
    text = form(built)
    assert text.index("Do not combine LDN with an opioid") < text.index("No. Tramadol is an opioid")


@pytest.mark.parametrize("form", FORMS)
def test_numbers_point_to_the_sources_listed(form: Callable[[Reply], str]) -> None:
    built = reply(
        answer(short=statement("One.", 1), points=(statement("Two.", 1, 2),)),
        sources=(source(title="First"), source(title="Second", authors=("Stone E",))),
    )
    text = form(built).replace("\\", "").replace("(", "[").replace(")", "]")
    assert "One. [1]" in text
    assert "Two. [1, 2]" in text
    listed = text.partition("Sources")[2]
    if form is render_html:
        assert listed.index("First") < listed.index("Second")
    else:
        assert listed.index("[1] Berg A") < listed.index("[2] Stone E")


@pytest.mark.parametrize("form", FORMS)
def test_every_text_is_there(form: Callable[[Reply], str]) -> None:
    built = full_reply("words")
    shown = form(built)
    assert shown.count("words") >= len(every_text(built)) - 5  # certainty labels, headings


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_reply_is_empty(form: Callable[[Reply], str]) -> None:
    assert "None" not in form(reply())


@pytest.mark.parametrize("form", FORMS)
def test_how_a_source_was_read_is_said(form: Callable[[Reply], str]) -> None:
    built = reply(
        answer(),
        sources=(
            source(level=Level.SECONDARY),
            source(level=Level.ABSTRACT, retracted=True),
            source(type=SourceType.PROJECT, level=Level.FULL_TEXT, doi=None),
        ),
    )
    text = form(built)
    assert "second-hand report" in text
    assert "RETRACTED. " in text
    assert "our own statement" in text


# The layout itself


@given(replies())
def test_lines_are_lines_and_no_block_is_empty(built: Reply) -> None:
    for block in document(built):
        assert block.lines or block.heading
        for line in block.lines:
            assert line.text == " ".join(line.text.split())
            assert not line.link or re.fullmatch(r"https?://[^\s<>\"\[\]]+", line.link)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Berg A, Dahl B. A title. A journal. 2020 (abstract read)"),
        (
            {"title": "Does it help?"},
            "Berg A, Dahl B. Does it help? A journal. 2020 (abstract read)",
        ),
        ({"title": "Ends.", "publication": None}, "Berg A, Dahl B. Ends. 2020 (abstract read)"),
        ({"publication": "J 2020; 4"}, "Berg A, Dahl B. A title. J 2020; 4 (abstract read)"),
        (
            {"authors": ("A A", "B B", "C C", "D D"), "year": None},
            "A A, B B, C C et al. A title. A journal (abstract read)",
        ),
        ({"authors": ()}, "A title. A journal. 2020 (abstract read)"),
    ],
)
def test_a_source_in_a_line(changes: dict[str, object], text: str) -> None:
    built = reply(answer(), sources=(source(**changes),))
    assert f"[1] {text} https://doi.org/" in render_text(built)


# Plain text


def test_plain_text_has_addresses() -> None:
    text = render_text(full_reply("words"))
    assert "https://doi.org/10.1000/x_y%281%29%3C7%3E3" in text
    assert text.startswith("!! Get help now\n")


@given(replies())
def test_plain_text_is_complete(built: Reply) -> None:
    shown = squeezed(render_text(built))
    assert all(squeezed(text) in shown for text in every_text(built))


# Markdown, judged by a CommonMark parser

markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_markdown_shows_signs_as_they_were_written() -> None:
    shown = Page(markdown.render(render_markdown(full_reply(SIGNS))))
    assert shown.text.count(SIGNS) >= 15
    assert shown.links == ["https://doi.org/10.1000/x_y%281%29%3C7%3E3"]


@pytest.mark.parametrize("text", ["1. one", "1) one", "- one", "+ one", "= one", "# one", "> one"])
def test_markdown_makes_no_list_of_a_sentence(text: str) -> None:
    html = markdown.render(render_markdown(reply(answer(short=statement(text)))))
    assert f"<p>{text.replace('>', '&gt;')}</p>" in html


@given(replies())
def test_markdown_says_what_was_written(built: Reply) -> None:
    page = Page(markdown.render(render_markdown(built)).replace("<br />", ""))
    shown = squeezed(page.text.replace("\ufffd", "\0"))
    assert page.tags <= {"p", "h2", "strong", "em", "blockquote", "ul", "ol", "li", "a"}
    for text in every_text(built):
        assert squeezed(text) in shown


# BBCode


def test_bbcode_opens_only_our_tags() -> None:
    text = render_bbcode(full_reply(SIGNS))
    tags = re.findall(r"\[(?!\u200b)/?([^\]=]*)", text)
    assert set(tags) <= {"b", "i", "quote", "list", "*", "url"}
    assert text.replace(ZERO_WIDTH, "").count(SIGNS) >= 15
    assert "[url=https://doi.org/10.1000/x_y%281%29%3C7%3E3]link[/url]" in text


@given(replies())
def test_bbcode_tags_pair(built: Reply) -> None:
    text = render_bbcode(built)
    for tag in ("b", "i", "quote", "list", "url"):
        opened = len(re.findall(rf"\[{tag}[\]=]", text))
        assert opened == text.count(f"[/{tag}]")
    assert set(re.findall(r"\[(?!\u200b)/?([^\]=]*)", text)) <= {
        *("b", "i", "quote", "list", "*", "url"),
    }


# HTML


def test_html_shows_signs_as_they_were_written() -> None:
    page = Page(render_html(full_reply(SIGNS)))
    assert page.text.count(SIGNS) >= 15
    assert page.tags <= OUR_TAGS
    assert page.links == ["https://doi.org/10.1000/x_y%281%29%3C7%3E3"]


def test_html_marks_emergencies_for_screen_readers() -> None:
    assert '<section class="alert" role="alert"><h2>Get help now</h2>' in render_html(full_reply())


@given(replies())
def test_html_pairs_and_is_complete(built: Reply) -> None:
    page = Page(render_html(built))
    assert page.tags <= OUR_TAGS
    # A page can't hold the null character; everything else arrives.
    shown = squeezed(page.text)
    assert all(squeezed(text) in shown for text in every_text(built))


# JSON


def test_json_is_the_contract(small_engine: Engine) -> None:
    built = small_engine.open("condition.fibromyalgia")
    assert built is not None
    data = json.loads(json.dumps(render_json(built)))
    assert data["kind"] == "answer"
    assert data["topics"] == ["condition.fibromyalgia"]
    assert data["opioid_warning"] == "standard"
    assert data["refer"] is False
    assert data["sources"][0]["id"] == "example-trial"
    assert data["sources"][0]["level"] == "full-text"
    assert data["text"] == render_text(built)


@given(replies())
def test_json_can_always_be_written(built: Reply) -> None:
    assert json.loads(json.dumps(render_json(built)))["kind"] == built.kind.value


# What is shipped


def test_every_topic_that_is_shipped_renders_in_every_form(engine: Engine) -> None:
    for topic_id in engine.knowledge.topics:
        built = engine.open(topic_id)
        assert built is not None
        assert Page(render_html(built)).tags <= OUR_TAGS, topic_id
        shown = squeezed(Page(markdown.render(render_markdown(built))).text)
        assert all(squeezed(text) in shown for text in every_text(built)), topic_id
        assert render_text(built), topic_id
        assert render_bbcode(built), topic_id
