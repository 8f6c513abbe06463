"""``python -m bot`` is the same as ``ldn-bot``."""

from bot.cli import main

main()
