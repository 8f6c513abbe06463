"""Draws the picture of a conversation in the README: real answers in the look of a phone.

    python tools/conversation.py

The answers are those of the engine with the knowledge of this repository; their text and buttons
are what the bot sends to a private chat. Nothing is cut or rewritten: only the long quotes are
folded, as the app shows them until they are tapped. Needs Chromium (on Debian the package
``chromium``; ``--browser`` names another one) and looks best with the fonts Roboto and Noto Color
Emoji (``fonts-roboto-unhinted``, ``fonts-noto-color-emoji``). No network is used.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image, ImageChops
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.telegram.sending import Page, page_of
from bot.engine import Engine
from bot.knowledge import default_directory, load
from bot.matching.sentence_model import SentenceModel
from bot.pictures import picture_key
from bot.replies import Question

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "conversation.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 120

QUESTIONS = (
    ("9:41", ("does ldn help fibromyalgia?",)),
    ("9:44", ("can i take ldn with tramadol", "will it rain tomorrow?")),
    ("9:47", ("i took ldn on top of my oxycodone and now i'm vomiting and shaking",)),
)
"""The time that the clock of each phone shows, and what is asked there."""

BOT_NAME = "LDN Evidence Bot"
BOT_USERNAME = "ldn_evidence_bot"

WIDTH, HEIGHT, SCALE = 1230, 2600, 1.6
"""The browser's window; what the page leaves free below is cut off."""

COLOURS = 256
"""So many are enough for text on few grounds, and make the file much smaller."""

STYLE = """
* { box-sizing: border-box; margin: 0 }
body { display: flex; align-items: stretch; gap: 24px; padding: 24px; background: #eef1f4;
  font: 15px/1.32 Roboto, "Noto Sans", "Liberation Sans", "Noto Color Emoji", sans-serif;
  color: #000 }
.phone { flex: 1; min-width: 0; display: flex; flex-direction: column; overflow: hidden;
  border: 9px solid #1b1d21; border-radius: 40px; background: linear-gradient(#cfe0ea, #dbe6d3) }
.top { padding: 8px 20px 10px; background: #fff; border-bottom: 1px solid #d8dde1 }
.clock { font-weight: 600; font-size: 14px; padding-bottom: 8px }
.who { display: flex; align-items: center; gap: 10px }
.face { width: 38px; height: 38px; border-radius: 50%; background: #4a7f6b; color: #fff;
  font-weight: 600; font-size: 13px; display: grid; place-items: center }
.name { font-weight: 600; font-size: 16px } .what { color: #75808a; font-size: 13px }
.chat { flex: 1; padding: 12px 8px; display: flex; flex-direction: column; gap: 8px }
.bubble { padding: 7px 11px 6px; border-radius: 16px; background: #fff; width: 100%;
  box-shadow: 0 1px 1px #0000001f; white-space: pre-wrap; overflow-wrap: anywhere }
.asked { align-self: flex-end; width: auto; max-width: 86%; background: #e4f7d2 }
.time { float: right; margin: 4px 0 0 10px; font-size: 12px; color: #8a949c }
.asked .time { color: #5fa34e }
a { color: #1f79c4; text-decoration: none }
.reply, blockquote { border-left: 3px solid #3b8fd0; border-radius: 5px; background: #e9f3fb }
.reply { padding: 3px 8px; margin-bottom: 6px; font-size: 14px; white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis }
.reply b { display: block; color: #2678b5; font-weight: 600 }
blockquote { position: relative; padding: 4px 24px 4px 8px; font-size: 14px }
blockquote::before { content: "”"; position: absolute; right: 7px; top: -1px; font-size: 22px;
  font-weight: 700; color: #3b8fd0 }
.folded { max-height: calc(3 * 1.32em + 8px); overflow: hidden; padding-bottom: 0;
  border-bottom: 4px solid #e9f3fb }  /* a border: padding would show a part of the next line */
.folded::after { content: ""; position: absolute; right: 9px; bottom: 5px; width: 7px; height: 7px;
  border: solid #3b8fd0; border-width: 0 2px 2px 0; transform: rotate(45deg) }
.buttons { display: flex; flex-direction: column; gap: 4px; margin-top: -4px }
.row { display: flex; gap: 4px }
.row span { flex: 1; min-width: 0; padding: 8px 6px; border-radius: 10px; background: #5d7f8fb8;
  color: #fff; font-weight: 500; font-size: 14px; text-align: center; white-space: nowrap;
  overflow: hidden; text-overflow: ellipsis }
.bottom { display: flex; padding: 9px 20px 16px; background: #fff; color: #97a1a9 }
"""


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone shows: the time, and questions with the bot's answers."""

    clock: str
    exchanges: tuple[tuple[str, Page], ...]


def main() -> int:
    """Write the picture; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, default=PICTURE)
    parser.add_argument("--browser", help="the command of a Chromium")
    options = parser.parse_args()
    browser = next(filter(None, map(shutil.which, [options.browser or "", *BROWSERS])), None)
    if browser is None:
        print("no Chromium found; on Debian: apt install chromium", file=sys.stderr)
        return 1
    engine = Engine(load(default_directory()), SentenceModel())
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        page.write_text(document(phones(engine)), encoding="utf-8")
        photograph(browser, page, shot)
        save(shot, options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1000:.0f} kB")
    return 0


def phones(engine: Engine) -> list[Phone]:
    """The questions with the answers that the private chat shows."""
    return [
        Phone(clock, tuple((text, answer(engine, text)) for text in questions))
        for clock, questions in QUESTIONS
    ]


def answer(engine: Engine, question: str) -> Page:
    """What the bot sends to a private chat that asks this."""
    reply = engine.reply(Question(question))
    drawable = bool(reply.topics) and picture_key(engine.knowledge, reply.topics[0]) is not None
    return page_of(reply, BOT_USERNAME, picture=drawable)


def document(shown: Sequence[Phone]) -> str:
    """A web page with the phones beside each other."""
    drawn = "".join(map(_phone, shown))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<style>{STYLE}</style><body>{drawn}</body></html>"
    )


def photograph(browser: str, page: Path, picture: Path) -> None:
    """Take a screenshot of a page.

    Raises:
        subprocess.SubprocessError: the browser failed or took too long.
    """
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",  # it can't have one where this runs as root; the page is our own
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--force-device-scale-factor={SCALE}",
                f"--window-size={WIDTH},{HEIGHT}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )


def save(shot: Path, picture: Path) -> None:
    """Cut off what is empty below the phones, and save with few colours."""
    with Image.open(shot) as opened:
        image = opened.convert("RGB")
    ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
    box = ImageChops.difference(image, ground).getbbox()
    if box is None:
        raise ValueError("the browser drew nothing")
    margin = box[0]
    cropped = image.crop((0, 0, image.width, box[3] + margin))
    few = cropped.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def _phone(phone: Phone) -> str:
    head = (
        f'<div class="top"><div class="clock">{phone.clock}</div><div class="who">'
        f'<div class="face">LDN</div><div><div class="name">{BOT_NAME}</div>'
        '<div class="what">bot</div></div></div></div>'
    )
    time = f'<span class="time">{phone.clock}</span>'
    body = "".join(
        bubble for question, page in phone.exchanges for bubble in _bubbles(question, page, time)
    )
    return (
        f'<div class="phone">{head}<div class="chat">{body}</div>'
        '<div class="bottom">Message</div></div>'
    )


def _bubbles(question: str, page: Page, time: str) -> Iterator[str]:
    yield f'<div class="bubble asked">{escape(question)}{time}</div>'
    last = len(page.texts) - 1
    for position, text in enumerate(page.texts):
        quoted = position in {0, last}  # as in sending.send_page
        reply = f'<div class="reply"><b>You</b>{escape(question)}</div>' if quoted else ""
        yield f'<div class="bubble">{reply}{_as_shown(text)}{time}</div>'
    if page.buttons:
        yield _keyboard(page.buttons)


def _as_shown(html: str) -> str:
    """Telegram's HTML for a browser: the line break that ends a quote is no empty line."""
    return html.replace("</blockquote>\n", "</blockquote>").replace(
        "<blockquote expandable>", '<blockquote class="folded">'
    )


def _keyboard(buttons: InlineKeyboardMarkup) -> str:
    rows = ("".join(map(_button, row)) for row in buttons.inline_keyboard)
    drawn = "".join(f'<div class="row">{row}</div>' for row in rows)
    return f'<div class="buttons">{drawn}</div>'


def _button(button: InlineKeyboardButton) -> str:
    return f"<span>{escape(button.text)}</span>"


if __name__ == "__main__":
    sys.exit(main())
