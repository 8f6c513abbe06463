"""Notices medicine-like names that nobody here knows, so that they never meet with silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.language.text import words

SHORTEST = 5
LONGEST = 30

_ENDINGS = re.compile(
    r"(mab|nib|pril|sartan|statin|olol|azole|azine|idine|amine|apine|epine|etine|oxine|idone|"
    r"odone|afil|gliptin|gliflozin|tide|triptan|setron|cillin|mycin|floxacin|cycline|vir|vudine|"
    r"dronate|lukast|pam|lam|zolam|barbital|caine|curium|terol|sone|olone|profen|oxacin|amide|"
    r"imide|urea|parin|xaban|gatran|grel|prazole|tidine|dipine|azosin|thiazide|semide|lactone|"
    r"fibrate|formin|glitazone|phylline|tropium|oxetine|pramine|triptyline|azepam|bital|codone|"
    r"orphan|orphine|adol|fentanil|alone|trexone|oxone)$"
)
"""Common endings of international non-proprietary names (WHO stem book principle)."""


class UnknownMedicineFinder:
    """Finds names that look like a medicine and are neither English nor in the vocabulary.

    Args:
        known: all words of the vocabulary and of English.
        joining: words behind which a medicine usually stands ("with", "taking", "plus").
    """

    def __init__(self, known: Iterable[str], joining: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._joining = frozenset(word for entry in joining for word in words(entry))

    def find(self, typed: Sequence[str], repaired: Sequence[str]) -> tuple[str, ...]:
        """Words of ``typed`` that look like an unknown medicine.

        ``repaired`` are the words after spelling repair: a word that could be repaired is known.
        """
        fixed = set(repaired)
        found: list[str] = []
        for position, token in enumerate(typed):
            if not SHORTEST <= len(token) <= LONGEST or not token.isalpha():
                continue
            if token in self._known or token not in fixed:
                continue
            before = typed[max(0, position - 2) : position]
            after = typed[position + 1 : position + 3]
            joined = bool(self._joining & set(before))
            dosed = any(word in {"mg", "mcg", "tablets", "pills", "capsules"} for word in after)
            if joined or dosed or _ENDINGS.search(token):
                found.append(token)
        return tuple(dict.fromkeys(found))
