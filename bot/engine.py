"""The one door: every channel asks :meth:`Engine.reply` and renders what comes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.knowledge import KnowledgeBase
from bot.knowledge.made_entities import LDN
from bot.knowledge.schema import Contact, Emergency, EntityKind, Topic, WarningLevel
from bot.language import Understander, Understanding
from bot.language.dictionary import english_words
from bot.language.phrases import PhraseIndex
from bot.language.smalltalk import SmallTalkFinder
from bot.language.text import words
from bot.matching import Baselines, Decision, Matcher, NameSearch, Outcome, SentenceVectors
from bot.replies import Choice, Composer, Question, Reply, ReplyKind
from bot.replies.courtesies import Courtesies
from bot.safety import Findings, SafetyAssessor, SafetyNet

FEWEST_EXAMPLES = 100
"""Examples of emergencies from which something can be learned."""

EMERGENCY_CONTEXT = "safety.emergency-signs"

NEAR_SHARE = 0.10
"""Share among all candidates that a topic needs to be found by a search that nothing answers."""

FEWEST_WORDS_OF_A_LANGUAGE = 3
"""Words from which a text that is still being typed tells its language."""


class Engine:
    """Answers questions from one knowledge base.

    Pure: no I/O, no clock, no state between calls; the same question gives the same reply.
    """

    def __init__(self, knowledge: KnowledgeBase, model: SentenceVectors | None = None) -> None:
        """``model`` is optional: without it, matching rests on words and their vectors."""
        self.knowledge = knowledge
        self._understander = Understander(knowledge)
        tokens = self._understander.tokens
        self._matcher = Matcher(knowledge, tokens, model)
        net: SafetyNet | None = None
        if model and knowledge.vocabulary.emergency_examples.count >= FEWEST_EXAMPLES:
            net = SafetyNet(knowledge, model, tokens)
        self._safety = SafetyAssessor(knowledge, net)
        self._names = NameSearch(knowledge, self._matcher.index)
        self._composer = Composer(knowledge)
        self._smalltalk = SmallTalkFinder(knowledge.vocabulary.smalltalk)
        self._courtesies = Courtesies(knowledge.vocabulary.smalltalk)
        self._countries: PhraseIndex[str] = PhraseIndex()
        for contact in knowledge.contacts.contacts:
            for name in contact.names:
                self._countries.add(name, contact.id)
        self._opioid_subjects = {
            opioid.id: WarningLevel(opioid.warning)
            for opioid in knowledge.vocabulary.opioids.opioids
        }

    def reply(self, question: Question) -> Reply:
        """Answer one message. Any text is accepted, also an empty or a very long one."""
        message = self._understander.read(question.text)
        findings = self._safety.assess(message)
        if question.chat_language and message.language == "en":
            message = replace(message, language=question.chat_language)
        if not message.whole.typed:
            return self._refusal(message, findings, readable=False)
        previous = self._previous(question)
        if (
            previous
            and not findings.emergency
            and self._talked_about(previous) is WarningLevel.FULL
        ):
            # "too late, i took both and can't stop shaking" is only clear behind its question.
            joined = self._understander.read(f"{previous.title}. {question.text}")
            danger = self._safety.assess(joined).emergency
            if danger and WarningLevel(danger.warning) is WarningLevel.FULL:
                findings = replace(findings, emergency=danger)
        if findings.emergency:
            return self._emergency(message, findings, previous)
        if not (findings.opioids or findings.refer or message.whole.mentions):
            talk = self._smalltalk.find(words(message.text)) or self._smalltalk.find(
                message.whole.tokens
            )
            if talk:
                return self._small_talk(message, talk)
        return self._matched(message, findings, previous)

    def open(self, topic_id: str, warning: WarningLevel = WarningLevel.NONE) -> Reply | None:
        """The reply for a topic opened by its id (a tap, a link); ``None`` if there is no such.

        ``warning`` is what the question called for that led here; a topic may call for more.
        """
        topic = self.knowledge.topic(topic_id)
        if topic is None:
            return None
        return self._composer.answer(
            (topic,),
            kind=ReplyKind.SMALLTALK if topic.is_about_bot else ReplyKind.ANSWER,
            warning=max(warning, self._warning((topic,), Findings()), key=lambda level: level.rank),
            confidence=1.0,
            language="en",
        )

    def search(self, text: str, limit: int) -> tuple[Reply, ...]:
        """Replies to choose from while a text is still being typed, best first, at most ``limit``.

        Each answers one topic, under the notices that the whole text calls for. An emergency gives
        one reply, its own; a text that leads nowhere gives none.
        """
        message = self._understander.read(text)
        findings = self._safety.assess(message)
        if findings.emergency:
            return (self._emergency(message, findings, None),)
        # A name or two are no sentence: "crohn" is German only by its spelling.
        sentence = len(words(text)) >= FEWEST_WORDS_OF_A_LANGUAGE
        return tuple(
            self._composer.answer(
                (topic,),
                kind=ReplyKind.SMALLTALK if topic.is_about_bot else ReplyKind.ANSWER,
                warning=self._warning((topic,), findings),
                refer=findings.refer,
                unknown_medicines=findings.unknown_medicines,
                confidence=1.0,  # as with a tap: it is the person who chooses
                language=message.language if sentence else "en",
            )
            for topic in self._found(message, findings)[:limit]
        )

    def others(self, text: str, shown: str | None, limit: int) -> tuple[Choice, ...]:
        """Topics that may have been meant by a question, when its answer was not it, best first.

        ``shown`` is the topic that was answered; ``None`` if the question was refused or asked
        back. Then topics that were offered already are left out, and far ones are not named.
        """
        decision = self._matcher.match(self._understander.read(text))
        near = [*decision.topics, *decision.options]
        if decision.outcome is not Outcome.DECLINE:
            near += [candidate.topic for candidate in decision.candidates]
        left_out = {shown} if shown else {topic.id for topic in decision.options}
        found = {topic.id: Choice(topic.id, topic.title) for topic in near}
        return tuple(choice for key, choice in found.items() if key not in left_out)[:limit]

    def understand(self, text: str) -> Understanding:
        """What a message says, without an answer to it."""
        return self._understander.read(text)

    def explain(self, question: Question) -> tuple[Understanding, Findings, Decision]:
        """What was understood, what must come first and which topics came into question."""
        message = self._understander.read(question.text)
        decision = self._matcher.match(message, self._previous(question))
        return message, self._safety.assess(message), decision

    def baselines(self) -> Baselines:
        """Simple ways to find a topic in the same knowledge, for comparison."""
        return Baselines(self._matcher)

    def nearest_phrasing(self, message: Understanding, topic: Topic) -> str:
        """The example phrasing of ``topic`` that is nearest to a message, for explanations."""
        return self._matcher.nearest_phrasing(message.whole, topic)

    # -- kinds of reply

    def _emergency(
        self, message: Understanding, findings: Findings, previous: Topic | None
    ) -> Reply:
        emergency = findings.emergency
        assert emergency is not None  # noqa: S101 - the caller has looked
        ids = dict.fromkeys((emergency.topic, EMERGENCY_CONTEXT))
        topics = [topic for topic_id in ids if (topic := self.knowledge.topic(topic_id))]
        return self._composer.answer(
            topics[:1],
            kind=ReplyKind.EMERGENCY,
            warning=max(
                WarningLevel(emergency.warning),
                self._warning(topics[:1], findings),
                self._talked_about(previous),
                key=lambda level: level.rank,
            ),
            emergency=emergency,
            contacts=self._contacts_for(message, emergency),
            refer=findings.refer,
            unknown_medicines=findings.unknown_medicines,
            unreadable=findings.unreadable,
            confidence=1.0,
            language=message.language,
        )

    def _small_talk(self, message: Understanding, topic_id: str) -> Reply:
        topic = self.knowledge.topic(topic_id)
        said = self._courtesy(message, topic_id)
        if topic and said:
            return self._composer.courtesy(topic, said, confidence=1.0, language=message.language)
        return self._composer.answer(
            (topic,) if topic else (),
            kind=ReplyKind.SMALLTALK,
            warning=WarningLevel.NONE,
            confidence=1.0,
            language=message.language,
        )

    def _matched(self, message: Understanding, findings: Findings, previous: Topic | None) -> Reply:
        # A medicine nobody knows is a subject of its own: neither the one talked about before nor
        # one that reads alike is what was asked about.
        unknown = bool(findings.unknown_medicines)
        decision = self._matcher.match(message, None if unknown else previous)
        if not self._says_anything(message):
            decision = replace(decision, outcome=Outcome.DECLINE, topics=(), options=())
        carried = self._carried(message, previous)
        named = [m.entity for m in message.whole.mentions if m.entity.id != LDN]
        guessed = (unknown or bool(named)) and not any(entity.covered for entity in named)
        if guessed and any(t.kind == "interaction" or t.is_about_bot for t in decision.topics):
            decision = replace(decision, outcome=Outcome.DECLINE)
        if decision.outcome is Outcome.DECLINE:
            # What is not understood may well be on the opioid of the question before.
            carried = self._talked_about(previous)
            return self._refusal(message, findings, decision, carried=carried)
        if all(mention.negated for mention in findings.opioids):
            # Nobody takes an opioid: one that comes along with the real answer only frightens.
            further = (t for t in decision.topics[1:] if self._level_of(t) is not WarningLevel.FULL)
            decision = replace(decision, topics=(*decision.topics[:1], *further))
        if decision.outcome is Outcome.CLARIFY:
            levels = (findings.warning, carried, WarningLevel.STANDARD)
            return self._composer.offer(
                decision.options,
                kind=ReplyKind.CLARIFY,
                warning=max(levels, key=lambda level: level.rank),
                refer=findings.refer,
                unknown_medicines=findings.unknown_medicines,
                unreadable=findings.unreadable,
                uncovered=decision.uncovered,
                confidence=decision.confidence,
                language=message.language,
            )
        warning = max(
            self._warning(decision.topics, findings), carried, key=lambda level: level.rank
        )
        said = self._courtesy(message, decision.topics[0].id)
        if said and len(decision.topics) == 1:
            return self._composer.courtesy(
                decision.topics[0],
                said,
                warning=warning,
                refer=findings.refer,
                unknown_medicines=findings.unknown_medicines,
                unreadable=findings.unreadable,
                confidence=decision.confidence,
                language=message.language,
            )
        return self._composer.answer(
            decision.topics,
            options=[topic for topic in decision.options if topic not in decision.topics],
            kind=ReplyKind.SMALLTALK
            if all(topic.is_about_bot for topic in decision.topics)
            else ReplyKind.ANSWER,
            warning=warning,
            refer=findings.refer,
            unknown_medicines=findings.unknown_medicines,
            unreadable=findings.unreadable,
            confidence=decision.confidence,
            language=message.language,
        )

    def _refusal(
        self,
        message: Understanding,
        findings: Findings,
        decision: Decision | None = None,
        *,
        carried: WarningLevel = WarningLevel.NONE,
        readable: bool = True,
    ) -> Reply:
        return self._composer.offer(
            decision.options if decision else (),
            kind=ReplyKind.DECLINE,
            warning=max(findings.warning, carried, key=lambda level: level.rank),
            refer=findings.refer,
            unknown_medicines=findings.unknown_medicines,
            unreadable=findings.unreadable,
            uncovered=decision.uncovered if decision else (),
            confidence=decision.confidence if decision else 0.0,
            language=message.language,
            readable=readable,
        )

    def _found(self, message: Understanding, findings: Findings) -> tuple[Topic, ...]:
        """The topics that a search finds.

        That the text is on LDN goes without saying: a name is enough, also a half of one.
        """
        typed = words(message.text)
        if not typed:
            return ()
        if not findings.opioids and not message.whole.mentions:
            talk = self._smalltalk.find(message.whole.tokens)
            about = self.knowledge.topic(talk) if talk else None
            if about:
                return (about,)
        titled = self._names.titled(typed)
        named = self._names.find(typed)
        decision = self._matcher.match(message)
        near = [*decision.topics, *decision.options]
        unknown = findings.unknown_medicines and not message.whole.entity_ids
        if unknown or not self._says_anything(message):
            near = []
        elif decision.outcome is Outcome.DECLINE:
            known = bool(message.whole.entity_ids)  # "crohn tramadol" is no riddle
            likely = [one.topic for one in decision.candidates if one.share >= NEAR_SHARE]
            near = [topic for topic in likely if known or topic in near]
        # Where nothing known is named, the word is perhaps not at its end yet.
        rest = (*near, *named) if message.whole.mentions else (*named, *near)
        found = {topic.id: topic for topic in (*titled, *rest)}
        return tuple(found.values())

    # -- helpers

    def _courtesy(self, message: Understanding, topic_id: str) -> str | None:
        """A line instead of the page on the bot, for a message that asks nothing."""
        asks = "?" in message.text
        typed = self._courtesies.line(words(message.text), topic_id, asks=asks)
        return typed or self._courtesies.line(message.whole.tokens, topic_id, asks=asks)

    def _says_anything(self, message: Understanding) -> bool:
        """Whether a message has a word, a name or a number; "qwertz uiop" has none.

        Letters without a word follow nothing up, and whatever is near to them is so by chance.
        """
        whole, english = message.whole, english_words()
        if whole.mentions or self._matcher.index.known_share((*whole.typed, *whole.tokens)):
            return True
        return any(token in english or any(map(str.isdigit, token)) for token in whole.tokens)

    def _contacts_for(self, message: Understanding, emergency: Emergency) -> tuple[Contact, ...]:
        """Countries that the message names, else those where its language is spoken.

        Else the international directory, where a crisis line is wanted: the first line of every
        emergency has the common emergency numbers already.
        """
        tokens = message.whole.typed
        named = {hit.value for hit in self._countries.find(tokens)}
        known = self.knowledge.contacts
        contacts = known.contacts
        found = tuple(c for c in contacts if c.id in named)
        if not found and message.language != "en":
            found = tuple(c for c in contacts if message.language in c.languages)
        if not found and emergency.topic in known.crisis_topics:
            return (known.anywhere,)
        return found

    def _previous(self, question: Question) -> Topic | None:
        if question.previous_topic:
            return self.knowledge.topic(question.previous_topic)
        previous: Topic | None = None
        for text in question.context:
            decision = self._matcher.match(self._understander.read(text), previous)
            if decision.outcome is Outcome.ANSWER:
                previous = decision.topics[0]
            elif decision.outcome is Outcome.CLARIFY and decision.options:
                previous = decision.options[0]
        return previous

    def _carried(self, message: Understanding, previous: Topic | None) -> WarningLevel:
        """The warning of the opioid that was talked about before, unless something else is named.

        More is carried over here than for matching: "surely I can, just two a week?" leans on
        nothing that words show, and "just half a tablet?" names no other subject.
        """
        named = {
            mention.entity.kind for mention in message.whole.mentions if mention.entity.id != LDN
        }
        if named - {EntityKind.CONCEPT} or (named and message.whole.names_ldn):
            return WarningLevel.NONE
        return self._talked_about(previous)

    def _talked_about(self, topic: Topic | None) -> WarningLevel:
        """The warning for an opioid that a topic is on by its subject or its title."""
        if topic is None or topic.kind not in {"interaction", "contraindication", "safety"}:
            return WarningLevel.NONE
        said = self._safety.assess(self._understander.read(topic.title)).warning
        return max(said, self._level_of(topic), key=lambda level: level.rank)

    def _about_opioid(self, subjects: Iterable[str]) -> WarningLevel:
        levels = (self._opioid_subjects.get(subject, WarningLevel.NONE) for subject in subjects)
        return max(levels, key=lambda level: level.rank, default=WarningLevel.NONE)

    def _warning(self, topics: Iterable[Topic], findings: Findings) -> WarningLevel:
        """The strongest of: what the message mentions, what the topics are about, standard."""
        levels = [findings.warning]
        for topic in topics:
            levels.append(self._level_of(topic))
            if not topic.is_about_bot:
                levels.append(WarningLevel.STANDARD)
        return max(levels, key=lambda level: level.rank)

    def _level_of(self, topic: Topic) -> WarningLevel:
        """The warning that a topic calls for by what it is about."""
        if topic.kind in {"interaction", "contraindication", "safety"}:
            return self._about_opioid(topic.subjects[:1])
        return WarningLevel.NONE
