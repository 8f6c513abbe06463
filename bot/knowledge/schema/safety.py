"""Safety vocabulary: opioids, emergencies, personal decisions."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bot.knowledge.schema.base import Record, Slug, Slugs, Term, Terms, Text, Texts, TopicId
from bot.knowledge.schema.claims import Claim


class WarningLevel(StrEnum):
    """Strength of the opioid warning, strongest first in :meth:`rank`."""

    FULL = "full"
    CAUTION = "caution"
    STANDARD = "standard"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for full."""
        return ("none", "standard", "caution", "full").index(self.value)


class Opioid(Record):
    """An opioid, or a substance that acts like one, with all names that give it away.

    ``ambiguous_brands`` are brands that are also a name or a place; they count beside a word of
    ``medicine_context``. ``ambiguous_slang`` are everyday words; they count within a few words of
    one of ``drug_use_context``. ``unconfirmed`` names serve detection only and are never shown.
    """

    id: Slug
    name: Text
    opioid_class: Literal[
        "full-agonist", "partial-agonist", "mixed", "opioid-like", "peripheral", "antagonist"
    ]
    warning: Literal["full", "caution", "none"]
    reason: Text
    topic: TopicId
    generic: Terms = ()
    brands: Terms = ()
    combinations: Terms = ()
    slang: Terms = ()
    misspellings: Terms = ()
    unconfirmed: Terms = ()
    ambiguous_brands: Terms = ()
    ambiguous_slang: Terms = ()
    languages: dict[str, Terms] = Field(default_factory=dict)
    sources: Slugs = ()

    @property
    def plain_names(self) -> Terms:
        """Every name that gives it away without context."""
        return (
            *self.generic,
            *self.brands,
            *self.combinations,
            *self.slang,
            *self.misspellings,
            *self.unconfirmed,
            *(term for terms in self.languages.values() for term in terms),
        )


class LookAlike(Record):
    """Words that must not trigger the opioid warning, and why."""

    terms: Annotated[Terms, Field(min_length=1)]
    reason: Text
    sources: Slugs = ()


OPIOID_MENTION = "opioid-mention"
LDN_MENTION = "ldn-mention"
QUESTION_MARK = "question-mark"
MADE_SETS = (OPIOID_MENTION, LDN_MENTION, QUESTION_MARK)
"""Sets that the program makes: an opioid with full warning, a name of low-dose naltrexone, the end
of a sentence with a question mark."""

_NUMBER_SIGN = re.compile(r"#(\d{1,9}\+)?")


def _well_formed(term: str) -> str:
    """A term whose signs can be read.

    Raises:
        ValueError: a ``#`` with something else than a number and ``+``, or a gap at an end.
    """
    pieces = term.split()
    for piece in pieces:
        if piece.startswith("#") and not _NUMBER_SIGN.fullmatch(piece):
            raise ValueError(f"{piece!r}: behind # may stand a number with a +, such as #5+")
    if "..." in {pieces[0], pieces[-1]}:
        raise ValueError(f"{term!r}: ... must stand between words")
    return term


RuleTerm = Annotated[Term, AfterValidator(_well_formed)]
WordSetTerms = dict[Slug, tuple[RuleTerm, ...]]
"""Named sets of terms. In a term, ``*`` at the end of a word stands for any ending, ``#`` for any
number, ``#5+`` for any from five on, and ``...`` for up to four words of the same sentence."""


class Rule(Record):
    """A detection rule: a match of every set named in ``near``, all within ``window`` words.

    Sets are defined in the same file under ``words``, but for :data:`MADE_SETS`. A match lies
    within one sentence; the matches of different sets may stand in different sentences and in any
    order, with ``in_order`` in the order of ``near`` and one behind the other.

    The first set of ``near`` holds what the rule is about. A match of it does not count if it is
    silenced; words in other sentences never silence anything.

    * ``unless``: sets that silence from right before it, in the same clause (negations: "no chest
      pain").
    * ``unless_asked``: sets that silence from anywhere before it in its sentence (openings of
      general questions: "can LDN cause").
    * ``unless_followed``: sets that silence from right behind it ("years ago").
    """

    id: Slug
    near: Annotated[Slugs, Field(min_length=1)]
    window: Annotated[int, Field(ge=1, le=60)] = 8
    in_order: bool = False
    unless: Slugs = ()
    unless_asked: Slugs = ()
    unless_followed: Slugs = ()


class ImpliedOpioid(Record):
    """A way to speak of an opioid without naming it, and the warning that it calls for."""

    id: Slug
    opioid: Slug
    warning: Literal["full", "caution"]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class OpioidFile(Record):
    """``vocabulary/opioids.yaml``.

    A name right behind one of ``negations`` ("i don't take any ...") lowers the warning to caution,
    unless one of ``negation_ends`` follows ("for three days"); a negation of one word ("no") counts
    only before the general words for opioids. ``class_questions`` are look-alikes in which ``_``
    stands for the name of another medicine ("is _ an opioid"). ``ordinary_words`` are words of
    other languages that look like a misspelt name. ``implied`` are rules on ``words``, see
    :class:`Rule`.
    """

    reviewed: dt.date
    opioids: Annotated[tuple[Opioid, ...], Field(min_length=1)]
    look_alikes: tuple[LookAlike, ...]
    medicine_context: Terms
    drug_use_context: Terms
    negations: Terms
    negation_ends: Terms = ()
    class_questions: Terms = ()
    ordinary_words: Terms = ()
    words: WordSetTerms = Field(default_factory=dict)
    other_meanings: tuple[RuleTerm, ...] = ()
    implied: tuple[ImpliedOpioid, ...] = ()


class Emergency(Record):
    """An emergency: what to say first and which rules recognise it.

    ``first_line`` is the first thing the person reads; ``topic`` holds the facts; ``warning`` is
    the notice on opioids that goes with it, also where the message names none.
    """

    id: Slug
    topic: TopicId
    warning: Literal["full", "none"] = "none"
    first_line: Claim
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class EmergencyFile(Record):
    """``vocabulary/emergencies.yaml``; emergencies stand in order of precedence.

    ``other_meanings`` are phrases that mean something else than their words say ("dying to try"):
    nothing inside one counts. ``clause_starts`` are words that begin a new clause ("but"), across
    which no negation reaches. ``spellings`` are short or wrong forms of single words; they hold for
    all detection rules.
    """

    reviewed: dt.date
    words: WordSetTerms
    other_meanings: tuple[RuleTerm, ...] = ()
    clause_starts: Terms = ()
    spellings: dict[str, str] = Field(default_factory=dict)
    emergencies: Annotated[tuple[Emergency, ...], Field(min_length=1)]


class EmergencyExampleFile(Record):
    """``vocabulary/emergency_examples.yaml``: messages as people write them.

    ``emergencies`` by emergency id; ``none`` only sound like one (past, asked in general, said
    figuratively, from a book).
    """

    reviewed: dt.date
    emergencies: Annotated[dict[Slug, Texts], Field(min_length=1)]
    none: Annotated[Texts, Field(min_length=1)]

    @property
    def count(self) -> int:
        """Number of examples of emergencies."""
        return sum(map(len, self.emergencies.values()))


class DecisionExampleFile(Record):
    """``vocabulary/decision_examples.yaml``: messages as people write them.

    ``decisions`` want to be told what the person should do; ``none`` ask for facts, or only sound
    like it.
    """

    reviewed: dt.date
    decisions: Annotated[Texts, Field(min_length=1)]
    none: Annotated[Texts, Field(min_length=1)]


class DecisionFile(Record):
    """``vocabulary/decisions.yaml``: requests for a personal medical decision."""

    reviewed: dt.date
    words: WordSetTerms
    other_meanings: tuple[RuleTerm, ...] = ()
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
