"""The knowledge base in forms for other programs."""

from bot.exports.bibliography import bibtex, csl, ris
from bot.exports.tables import claims_table, studies_csv
from bot.exports.whole import everything, json_schema

__all__ = ["bibtex", "claims_table", "csl", "everything", "json_schema", "ris", "studies_csv"]
