"""A chat with the bot in the terminal: ``python -m tests.bot_api --port 9010``.

Start the bot against the address that is printed, then type messages. ``:1`` taps button 1 of the
last message with buttons, ``?words`` is an inline query, an empty line or Ctrl-D ends.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import asyncio
import io
import sys

from tests.bot_api.actions import buttons
from tests.bot_api.server import TOKEN, BotApiServer
from tests.bot_api.state import Chat, Json, Query


class Terminal:
    """Shows one private chat."""

    def __init__(self, server: BotApiServer) -> None:
        """Open a chat between a person and the bot."""
        self.server = server
        self.person = server.user("Person", username="person")
        self.chat: Chat = server.private_chat(self.person)
        self.last: Json | None = None

    def show(self, message: Json, mark: str = "bot") -> None:
        """Print a message and number its buttons."""
        print(f"{mark}> {message.get('text', message.get('caption', '[file]'))}")
        for number, button in enumerate(buttons(message), 1):
            self.last = message
            print(f"   [{number}] {button['text']} {button.get('url', '')}")

    async def show_messages(self) -> None:
        """Print new messages for ever."""
        while True:
            self.show(await self.server.next_message(self.chat, within=1e9))

    async def show_edits(self) -> None:
        """Print edited messages for ever."""
        while True:
            self.show(await self.server.next_edit(self.chat, within=1e9), "bot (edited)")

    async def show_notice(self, query: Query) -> None:
        """Print the notice that answers a tap."""
        answer = await self.server.callback_answer(query, within=60)
        if answer.get("text"):
            print(f"({answer['text']})")

    async def show_results(self, query: Query) -> None:
        """Print the results of an inline query."""
        answer = await self.server.inline_answer(query, within=60)
        for result in answer["results"]:
            print(f" - {result.get('title')}: {result.get('description', '')}")

    async def obey(self, line: str) -> None:
        """Do what a line of input says."""
        if line.startswith(":") and line[1:].isdigit():
            choices = buttons(self.last or {})
            number = int(line[1:])
            if not 1 <= number <= len(choices) or self.last is None:
                print("There is no such button.")
            elif "callback_data" not in choices[number - 1]:
                print("This button opens something in the user's client.")
            else:
                data = choices[number - 1]["callback_data"]
                await self.show_notice(self.server.tap(self.person, self.last, data=data))
        elif line.startswith("?"):
            await self.show_results(self.server.inline_query(self.person, line[1:].strip()))
        else:
            self.server.say(self.chat, self.person, line)


async def read_line() -> str:
    """Return the next line of input without its end; empty at the end of input."""
    line: str = await asyncio.to_thread(sys.stdin.readline)
    return line.strip()


async def run(port: int, token: str, username: str) -> None:
    """Serve until the input ends."""
    async with BotApiServer(port=port, token=token, username=username) as server:
        print(f"Bot API: {server.url}\nToken:   {server.token}\nBot:     @{username}")
        terminal = Terminal(server)
        async with asyncio.TaskGroup() as tasks:
            shown = [
                tasks.create_task(terminal.show_messages()),
                tasks.create_task(terminal.show_edits()),
            ]
            while line := await read_line():
                try:
                    await terminal.obey(line)
                except AssertionError as error:
                    print(error)
            for task in shown:
                task.cancel()
        for problem in server.violations:
            print(f"VIOLATION {problem}")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=9010)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--username", default="ldn_test_bot")
    options = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    asyncio.run(run(options.port, options.token, options.username))


if __name__ == "__main__":
    main()
