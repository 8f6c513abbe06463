"""Composes replies from topics: warnings first, then the answer, then the reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.knowledge import KnowledgeBase
from bot.knowledge.schema import (
    Claim,
    Contact,
    Design,
    Direction,
    Emergency,
    LanguageFile,
    PopularClaim,
    Status,
    Study,
    Topic,
    WarningLevel,
)
from bot.replies import certainty
from bot.replies.citations import Citations
from bot.replies.contacts import contact_lines
from bot.replies.glossary import Glossary
from bot.replies.model import (
    Answer,
    CertaintyLine,
    Choice,
    Notice,
    NoticeKind,
    Reply,
    ReplyKind,
    Statement,
    StudyRow,
)

CLARIFY_LEAD = "I am not sure what you mean. Is it one of these?"
DECLINE_LEAD = (
    "I don't have an answer to that. I know what is published on low-dose naltrexone (LDN): "
    "conditions, studies, side effects, other medicines, general dosing facts, access."
)
UNCOVERED_LEAD = "I have nothing on {names} in connection with low-dose naltrexone (LDN)."
NEAREST = " The nearest that I know:"
UNREADABLE_LANGUAGE = (
    "I can't read the language of this message, so I can't tell whether it names an opioid. "
    "Opioids and LDN together are dangerous: naltrexone blocks opioids and can set off sudden, "
    "severe withdrawal."
)
ASK_IN = (
    "Please ask in English, Danish, Dutch, Finnish, French, German, Italian, Norwegian, "
    "Portuguese, Spanish or Swedish, or ask a pharmacist."
)
UNREADABLE_LEAD = "I could not find any words in that message. Please type your question."

HEADINGS = {
    NoticeKind.EMERGENCY: "Get help now",
    NoticeKind.CONTACTS: "Numbers to call",
    NoticeKind.OPIOID: "LDN and opioids",
    NoticeKind.UNKNOWN_MEDICINE: "A medicine I don't know",
    NoticeKind.LANGUAGE: "A language I can't read",
    NoticeKind.REFER: "A decision for your prescriber",
    NoticeKind.REMINDER: "Please keep in mind",
}

MOST_RELATED = 6

DESIGN_LABELS = {
    Design.PARALLEL_RCT: "randomised trial",
    Design.CROSSOVER_RCT: "randomised crossover trial",
    Design.FACTORIAL_RCT: "randomised factorial trial",
    Design.PLACEBO_CONTROLLED_NOT_RANDOMISED: "placebo-controlled, not randomised",
    Design.CONTROLLED_NOT_RANDOMISED: "comparison, not randomised",
    Design.SINGLE_ARM_TRIAL: "trial without control group",
    Design.COHORT: "cohort",
    Design.REGISTER_STUDY: "prescription register study",
    Design.CHART_REVIEW: "chart review",
    Design.CASE_SERIES: "case series",
    Design.CASE_REPORT: "case report",
    Design.SURVEY: "survey",
    Design.META_ANALYSIS: "meta-analysis",
    Design.SYSTEMATIC_REVIEW: "systematic review",
    Design.NARRATIVE_REVIEW: "review",
    Design.LABORATORY: "laboratory study",
    Design.PHARMACOLOGY: "study of the drug in the body",
    Design.UNKNOWN: "design unknown",
}

_FINDING_LABELS = {
    Direction.FAVOURS_LDN: "better than the comparison",
    Direction.FAVOURS_COMPARATOR: "worse than the comparison",
    Direction.NO_DIFFERENCE: "no difference from the comparison",
    Direction.MIXED: "mixed results",
    Direction.UNCONTROLLED_IMPROVEMENT: "improved, but without a control group",
    Direction.UNCONTROLLED_NO_IMPROVEMENT: "no improvement (no control group)",
    Direction.NOT_REPORTED: "no result on this question",
}

_STATUS_LABELS = {
    Status.RECRUITING: "recruiting, no results yet",
    Status.PLANNED: "planned, no results yet",
    Status.WITHDRAWN: "never started",
    Status.TERMINATED: "stopped early, no result read",
    Status.UNKNOWN: "no result found",
    Status.NOT_FOUND: "could not be found",
}

_VERDICTS = {
    "agrees": "This fits the source",
    "differs": "Not quite",
    "contradicted": "Wrong",
    "unverifiable": "Cannot be confirmed",
    "opinion": "An opinion",
}


class Composer:
    """Builds replies from the knowledge base. All methods are pure."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._glossary = Glossary(knowledge)

    def answer(
        self,
        topics: Sequence[Topic],
        *,
        options: Iterable[Topic] = (),
        kind: ReplyKind = ReplyKind.ANSWER,
        warning: WarningLevel = WarningLevel.STANDARD,
        emergency: Emergency | None = None,
        contacts: Sequence[Contact] = (),
        refer: bool = False,
        unknown_medicines: tuple[str, ...] = (),
        unreadable: bool = False,
        confidence: float,
        language: str,
    ) -> Reply:
        """A reply that answers ``topics``, best first, under the notices that it calls for.

        ``options`` are topics that may have been meant instead.
        """
        citations = Citations(self._knowledge)
        lines = self._lines(language)
        notices = self._notices(
            citations,
            lines,
            warning,
            emergency,
            refer,
            unknown_medicines,
            contacts,
            unreadable=unreadable,
        )
        if lines and emergency is None:
            notices = (*notices, _language_line(lines, lines.answered_in_english))
        answers = tuple(
            self._answer(topic, citations, facts_only=emergency is not None) for topic in topics
        )
        return Reply(
            kind=kind,
            opioid_warning=warning,
            language=language,
            confidence=confidence,
            knowledge_version=self._knowledge.version,
            notices=notices,
            answers=answers,
            options=tuple(Choice(topic.id, topic.title) for topic in options),
            reminders=self._reminders(citations, lines, warning),
            sources=citations.sources,
            unknown_medicines=unknown_medicines,
            refer=refer,
        )

    def offer(
        self,
        options: Iterable[Topic],
        *,
        kind: ReplyKind,
        warning: WarningLevel,
        refer: bool = False,
        unknown_medicines: tuple[str, ...] = (),
        unreadable: bool = False,
        uncovered: Sequence[str] = (),
        confidence: float,
        language: str,
        readable: bool = True,
    ) -> Reply:
        """A reply that asks back (``clarify``) or refuses (``decline``), with topics to open."""
        citations = Citations(self._knowledge)
        lines = self._lines(language)
        notices = self._notices(
            citations, lines, warning, None, refer, unknown_medicines, unreadable=unreadable
        )
        if lines:
            said = lines.asks_back if kind is ReplyKind.CLARIFY else lines.refused
            notices = (*notices, _language_line(lines, said))
        choices = tuple(Choice(topic.id, topic.title) for topic in options)
        return Reply(
            kind=kind,
            opioid_warning=warning,
            language=language,
            confidence=confidence,
            knowledge_version=self._knowledge.version,
            notices=notices,
            lead=_lead(kind, uncovered, readable=readable, nearest=bool(choices)),
            options=choices,
            reminders=self._reminders(citations, lines, warning),
            sources=citations.sources,
            unknown_medicines=unknown_medicines,
            refer=refer,
        )

    def courtesy(
        self,
        topic: Topic,
        said: str,
        *,
        warning: WarningLevel = WarningLevel.NONE,
        refer: bool = False,
        unknown_medicines: tuple[str, ...] = (),
        unreadable: bool = False,
        confidence: float,
        language: str,
    ) -> Reply:
        """A reply of one line to small talk that asks nothing, under the notices it calls for."""
        citations = Citations(self._knowledge)
        lines = self._lines(language)
        notices = self._notices(
            citations, lines, warning, None, refer, unknown_medicines, unreadable=unreadable
        )
        return Reply(
            kind=ReplyKind.SMALLTALK,
            opioid_warning=warning,
            language=language,
            confidence=confidence,
            knowledge_version=self._knowledge.version,
            notices=notices,
            lead=said,
            reminders=self._reminders(citations, lines, warning),
            sources=citations.sources,
            unknown_medicines=unknown_medicines,
            refer=refer,
            courtesy=topic.id,
        )

    # -- parts

    def _lines(self, language: str) -> LanguageFile | None:
        """The lines in the person's language; ``None`` for English."""
        return self._knowledge.languages.get(language)

    def _notices(
        self,
        citations: Citations,
        lines: LanguageFile | None,
        warning: WarningLevel,
        emergency: Emergency | None,
        refer: bool,
        unknown_medicines: Sequence[str],
        contacts: Sequence[Contact] = (),
        *,
        unreadable: bool = False,
    ) -> tuple[Notice, ...]:
        texts = self._knowledge.notices
        notices = []
        if emergency:
            said = lines.emergencies[emergency.id] if lines else None
            kind = NoticeKind.EMERGENCY
            notices.append(_notice(kind, (emergency.first_line,), citations, said))
        if contacts:
            numbers = self._contact_lines(contacts, emergency, citations)
            kind = NoticeKind.CONTACTS
            notices.append(Notice(kind, HEADINGS[kind], numbers))
        if warning is WarningLevel.FULL:
            said = lines.opioid_full if lines else None
            notices.append(_notice(NoticeKind.OPIOID, texts.opioid_full, citations, said))
        if unreadable and emergency is None:
            sources = dict.fromkeys(s for claim in texts.opioid_caution for s in claim.sources)
            statement = citations.cite(UNREADABLE_LANGUAGE, tuple(sources))
            kind = NoticeKind.OPIOID if warning is WarningLevel.CAUTION else NoticeKind.LANGUAGE
            notices.append(Notice(kind, HEADINGS[kind], (statement, Statement(ASK_IN))))
        if unknown_medicines:
            names = ", ".join(f"“{name}”" for name in unknown_medicines)
            statements = tuple(
                citations.cite(claim.text.replace("{names}", names), claim.sources)
                for claim in texts.unknown_medicine
            )
            kind = NoticeKind.UNKNOWN_MEDICINE
            notices.append(Notice(kind, HEADINGS[kind], statements))
        elif warning is WarningLevel.CAUTION and not unreadable:
            said = lines.opioid_caution if lines else None
            notices.append(_notice(NoticeKind.OPIOID, texts.opioid_caution, citations, said))
        if refer:
            said = lines.refer if lines else None
            notices.append(_notice(NoticeKind.REFER, texts.refer, citations, said))
        return tuple(notices)

    def _reminders(
        self, citations: Citations, lines: LanguageFile | None, warning: WarningLevel
    ) -> tuple[Notice, ...]:
        if warning is not WarningLevel.STANDARD:
            return ()
        standard = self._knowledge.notices.opioid_standard
        said = lines.opioid_standard if lines else None
        return (_notice(NoticeKind.REMINDER, standard, citations, said),)

    def _contact_lines(
        self, contacts: Sequence[Contact], emergency: Emergency | None, citations: Citations
    ) -> tuple[Statement, ...]:
        known = self._knowledge.contacts
        topic_id = emergency.topic if emergency else ""
        crisis, poison = topic_id in known.crisis_topics, topic_id in known.poison_topics
        return tuple(
            citations.cite(*line)
            for contact in contacts
            for line in contact_lines(contact, crisis=crisis, poison=poison)
        )

    def _answer(self, topic: Topic, citations: Citations, *, facts_only: bool) -> Answer:
        """The answer of one topic; ``facts_only`` leaves out studies, claims and limits.

        It also leaves out how sure the answer is: "Disputed" below a call for help would be read
        as doubt about that call.
        """
        studies = self._knowledge.studies_of(topic)
        table = () if facts_only or topic.kind == "study" else studies
        short = citations.statement(topic.short)
        quoted = tuple(
            citations.cite(
                f"A published review rates {rating.outcome} as {rating.rating} certainty.",
                (rating.source,),
            )
            for rating in topic.ratings
        )
        if topic.kind == "condition":
            line: CertaintyLine | None = certainty.condition_certainty(studies, quoted)
        elif topic.kind == "study":
            line = certainty.study_certainty(studies[0])
        else:
            line = certainty.stated_certainty(topic)
        related = (self._knowledge.topic(topic_id) for topic_id in topic.related[:MOST_RELATED])
        return Answer(
            topic_id=topic.id,
            title=topic.title,
            short=short,
            certainty=None if facts_only else line,
            points=citations.statements(topic.points),
            studies=tuple(map(_row, table)),
            caveats=() if facts_only else citations.statements(topic.caveats),
            popular_claims=()
            if facts_only
            else tuple(_verdict(claim, citations) for claim in topic.popular_claims),
            words=citations.statements(
                () if facts_only or topic.is_word else self._glossary.explained(topic.claims())
            ),
            related=tuple(Choice(found.id, found.title) for found in related if found),
            reviewed=topic.reviewed,
        )


def _notice(
    kind: NoticeKind, claims: Sequence[Claim], citations: Citations, said: str | None = None
) -> Notice:
    """A notice; ``said`` is the same in the person's language, on the same sources."""
    sources = tuple(dict.fromkeys(source for claim in claims for source in claim.sources))
    first = (citations.cite(said, sources),) if said else ()
    return Notice(kind, HEADINGS[kind], (*first, *citations.statements(claims)))


def _language_line(lines: LanguageFile, said: str) -> Notice:
    return Notice(NoticeKind.LANGUAGE, lines.name, (Statement(said),))


def _lead(kind: ReplyKind, uncovered: Sequence[str], *, readable: bool, nearest: bool) -> str:
    if not readable:
        return UNREADABLE_LEAD
    if kind is ReplyKind.CLARIFY and not uncovered:
        return CLARIFY_LEAD
    lead = DECLINE_LEAD
    if uncovered:
        lead = UNCOVERED_LEAD.format(names=" and ".join(uncovered))
    return lead + (NEAREST if nearest else "")


def finding_label(direction: Direction | None, status: Status) -> str:
    """What a study found, in a few words; where it stands if it has no result."""
    if direction in {None, Direction.NOT_REPORTED} and status in _STATUS_LABELS:
        return _STATUS_LABELS[status]
    return _FINDING_LABELS[direction or Direction.NOT_REPORTED]


def _row(study: Study) -> StudyRow:
    return StudyRow(
        topic_id=study.topic_id,
        name=study.title,
        design=DESIGN_LABELS[study.design],
        people=study.participants.count,
        finding=finding_label(certainty.overall_direction(study), study.status),
    )


def _verdict(claim: PopularClaim, citations: Citations) -> Statement:
    text = f"“{claim.claim}” — {_VERDICTS[claim.verdict]}: {claim.finding}"
    return citations.cite(text, claim.sources)
