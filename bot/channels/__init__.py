"""Where people ask: the terminal and Telegram."""
