"""Notices opioids, and what acts like them, in whatever way they are written.

The names and the look-alikes stand in ``knowledge/vocabulary/opioids.yaml``. Detection errs on the
side of warning: a missed opioid is worse than a warning too many. Whatever stands in other
sentences, a name that is there is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.knowledge.made_entities import ANY_OPIOID
from bot.knowledge.schema import Opioid, OpioidFile, WarningLevel
from bot.language.dictionary import common_words
from bot.language.function_words import foreign_function_words
from bot.language.phrases import PhraseIndex
from bot.language.text import fold, words
from bot.safety.reading import Reading

SHORTEST_INSIDE = 6
"""Shortest name looked for in a longer word ("tramaltropfen"), and then only at its beginning."""

SHORTEST_MISSPELT = 6
SHORTEST_JOINED = 5
SHORTEST_INFLECTED = 5
LONG_NAME = 9
"""From this length on two slips are tolerated instead of one, but in ``unconfirmed`` names."""

LONGEST_WORD = 40
"""Longer words are searched for names inside only."""

MOST_PIECES = 24
"""Longest run of pieces ("t r a m a d o l") that is read as one word."""

BESIDE_SLANG = 5
"""How near a word of drug use makes an everyday word a name of an opioid."""

AFTER_NEGATION = 3
"""How many words behind a negated name a word stands at most that takes the negation back."""

# fmt: off
_ENDINGS = (
    "s", "es", "e", "en", "er", "ene", "erna", "arna", "n", "na", "an", "a", "et", "t", "i", "ia",
    "in", "iin", "lla", "illa", "ista", "sta", "ta", "y", "u", "om",
    "em", "ow", "owi", "ie", "ami", "ul", "ului", "ot", "at", "nak", "nek", "val", "vel", "bol",
    "rol", "tol", "ban", "ben", "ra", "re", "i", "da", "de", "dan", "den", "la", "le", "yi", "lar",
    "а", "у", "ом", "ы", "е", "и", "ов", "ам", "ами", "ах", "ой", "ою", "ът",  # noqa: RUF001
    "та", "то", "ем", "η", "ης", "α", "ου", "ი", "ის", "ს", "ით", "ը", "ի", "ով",  # noqa: RUF001
)
_BEGINNINGS = (
    "ال", "وال", "بال", "لل", "و", "ب", "ل", "ف",
    "ה", "ב", "ו", "ל", "ש", "מ", "וה", "שה", "כש",  # noqa: RUF001
)
# fmt: on
"""Endings of plurals and cases in the languages that people write in, most of all after names.

``_BEGINNINGS`` are the article and small words that Arabic and Hebrew write on to a name.
"""

_WITHOUT_SPACES = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WITH_MARKS = r"\u0900-\u0dff"
_OTHER_WRITING = re.compile(f"[{_WITHOUT_SPACES}{_WITH_MARKS}]")
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean: names stand inside a run of letters.

In the scripts of India a word falls to pieces at its vowel signs, so they are looked for there too.
"""

_ROOTS = re.compile(
    r"tram(?!and|ont|ort|av|ar|ass|at|am|as[^i]|oi|oy|on|oj|ou)(?:a|o|ce|se|fo|su|ti|gi)|"
    r"[kc]ode(?:i|f)|codip|cod[ao][lm]|mor(?:ph|f)(?!olog|on|em|ism|oss|ossi|og|ea|eo|et|ij)|"
    r"fent[aiy]|oxyc|oxyn|ox[iy]co[dn]|oks[iy]ko|bupr|tapent|metad(?!at|e)|methad|"
    r"pethid|petid|meperi|nalbu|butorph|butorf|pentazo|hydroco[dn]|hydromor|dihydroco|"
    r"opi(?:oi|um|at)"
)
_LAST_ROOTS = re.compile(
    r"(?:tram|codein[ae]?|kodein|codin[ae]?|codona?|kodon|fentan[iy]l|norphine?|norfin[ae]?)$"
)
"""What names of opioids begin or end with; a word that nobody knows and that has one counts."""

SHORTEST_ROOTED = 6
_MARKED = re.compile(f"[{_WITH_MARKS}]")
_INNER_SPACE = re.compile(f"(?<=[{_WITHOUT_SPACES}])\\s+(?=[{_WITHOUT_SPACES}])")
_LENGTHENED = re.compile(r"(.)\1{2,}")
_LETTER_SIGNS = re.compile(r"[\d@$!|€]")
_INNER_SIGNS = re.compile(r"\w[._*+/~=-]+\w")
_OUTER_SIGNS = ".,!?;:()[]\"'"
_LOOKS_LIKE = (
    str.maketrans("013457@$!|€", "oleast" + "asile"),
    str.maketrans("013457@$!|€", "oieast" + "asiie"),
)
_LATIN_LOOK_ALIKES = str.maketrans("абвеіјкмнорстухѕαεικνορτυχ", "abbeijkmhopctyxsaeiknoptux")


@dataclass(frozen=True, slots=True)
class OpioidMention:
    """An opioid at words ``start`` to ``end`` (exclusive).

    ``negated`` if said not to be taken; ``implied`` is the warning of a rule that found it where no
    name stands.
    """

    opioid: Opioid
    start: int
    end: int
    negated: bool = False
    implied: WarningLevel | None = None

    @property
    def level(self) -> WarningLevel:
        """The warning that this mention calls for."""
        level = self.implied or WarningLevel(self.opioid.warning)
        if self.negated and level is WarningLevel.FULL:
            return WarningLevel.CAUTION
        return level


_TITLES = frozenset(
    {"dr", "doctor", "mr", "mrs", "ms", "miss", "prof", "professor", "nurse", "sir"}
)
_RELATIVES = frozenset(
    words(
        "daughter son wife husband partner friend sister brother dog cat kid boy girl niece nephew "
        "grandson granddaughter cousin boyfriend girlfriend colleague named called"
    )
)
_DOING = frozenset(
    words("has had takes wants needs suffers started uses says said is was and who thinks got")
)
"""A word between somebody and what they do is a name: "my daughter Codie has"."""

_COPULAS = frozenset(words("is are isnt arent was does would ist est es e er ar onko"))
_ASKED_ABOUT = frozenset(words("ldn naltrexone naltrexon naltrexona it itself thing"))
_BESIDE_ASKED = frozenset(
    words("this that the low dose lowdose really actually technically also even still just a")
)
_LINKS = frozenset(
    words(
        "an a as kind sort type form of some like considered count counted counts classed "
        "classified called actually really technically also another mild weak strong "
        "true basically just "
        "is not ein eine un une een et en"
    )
)


class OpioidDetector:
    """Finds opioids in a message.

    Args:
        vocabulary: the names, look-alikes and context words.
        right_words: words that are right as they stand (English words, names of other medicines)
            and therefore no misspelt opioid.
        other_medicines: single-word names of other medicines; a misspelt word that is nearer to one
            of them is no opioid.
    """

    def __init__(
        self, vocabulary: OpioidFile, right_words: Iterable[str], other_medicines: Iterable[str]
    ) -> None:
        self._names: PhraseIndex[Opioid] = PhraseIndex()
        self._brands: PhraseIndex[Opioid] = PhraseIndex()
        self._slang: PhraseIndex[Opioid] = PhraseIndex()
        self._single: dict[str, Opioid] = {}
        self._joined: dict[str, Opioid] = {}
        for opioid in vocabulary.opioids:
            for name in opioid.plain_names:
                self._add(name, opioid)
            for name in opioid.ambiguous_brands:
                self._brands.add(name, opioid)
            for name in opioid.ambiguous_slang:
                self._slang.add(name, opioid)
        self._look_alikes: PhraseIndex[None] = PhraseIndex()
        look_alike_words = {word for term in vocabulary.ordinary_words for word in words(term)}
        self.kept_words = frozenset(
            look_alike_words
            | _word_set(term for entry in vocabulary.look_alikes for term in entry.terms)
        )
        """Words that no spelling repair may touch."""
        for look_alike in vocabulary.look_alikes:
            for term in look_alike.terms:
                self._look_alikes.add(term, None)
                if len(words(term)) == 1:
                    look_alike_words.update(words(term))
        self._look_alike_words = look_alike_words - self._single.keys()
        self._right_words = ({*right_words} - self._single.keys()) | look_alike_words
        other_medicines = frozenset(other_medicines)
        others = {*other_medicines} - self._single.keys() | look_alike_words
        self._others = sorted(word for word in others if len(word) >= SHORTEST_MISSPELT - 1)
        known = {
            word for o in vocabulary.opioids for name in _read_names(o) for word in words(name)
        }
        slips = {
            word
            for o in vocabulary.opioids
            for name in o.misspellings
            for word in words(name)
            if word not in known
        }
        self._inside_names = _by_beginning(self._single.keys() - slips)
        # Among equally near names one of the strongest warning comes first.
        ordered = sorted(self._single, key=lambda name: (-self._rank(name), name))
        self._two_slips = [
            name for name in ordered if len(name) >= LONG_NAME and name in known | slips
        ]
        two_slips = set(self._two_slips)
        self._one_slip = [
            name for name in ordered if len(name) >= SHORTEST_MISSPELT and name not in two_slips
        ]
        # "till i" is no name in two pieces; single letters alone ("t r a m a d o l") may be.
        self._ordinary = frozenset(word for word in self._right_words if len(word) > 2) | {"i", "a"}
        self._medicine_context = _word_set(vocabulary.medicine_context)
        self._drug_use_context = _word_set(vocabulary.drug_use_context)
        self._negations: PhraseIndex[None] = PhraseIndex()
        for phrase in vocabulary.negations:
            self._negations.add(phrase, None)
        self._negation_ends = _word_set(vocabulary.negation_ends)
        self._class_questions = [
            tuple(piece for part in term.split() for piece in (words(part) or (part,)))
            for term in vocabulary.class_questions
        ]
        self._class_words = {word for pattern in self._class_questions for word in pattern} & {
            word for word in self._single if self._single[word].id == ANY_OPIOID
        } | {"narcotic"}
        self._class_words |= {word for word in ("narcotics",) if word in self._single}
        self._other_medicines = frozenset(others)
        self._named_medicines = frozenset(
            word for word in {*other_medicines} - common_words() if len(word) >= SHORTEST_MISSPELT
        )
        self._asked_about = _ASKED_ABOUT | self._other_medicines
        self._other_writing, self._written = self._in_other_writing(vocabulary)
        self._any = next((o for o in vocabulary.opioids if o.id == ANY_OPIOID), None)
        self._everyday = foreign_function_words()
        self._recognise = lru_cache(maxsize=8192)(self._recognise_word)

    def _rank(self, name: str) -> int:
        return WarningLevel(self._single[name].warning).rank

    def _add(self, name: str, opioid: Opioid) -> None:
        self._names.add(name, opioid)
        parts = words(name)
        if len(parts) == 1:
            self._single.setdefault(parts[0], opioid)
        compact = "".join(parts)
        if len(compact) >= SHORTEST_JOINED and compact.isalpha():
            self._joined.setdefault(compact, opioid)

    @staticmethod
    def _in_other_writing(
        vocabulary: OpioidFile,
    ) -> tuple[re.Pattern[str] | None, dict[str, Opioid | None]]:
        """Names in scripts without spaces, longest first; a look-alike stands for nothing."""
        written: dict[str, Opioid | None] = {
            key: None
            for entry in vocabulary.look_alikes
            for term in entry.terms
            if _OTHER_WRITING.search(key := _compact(term))
        }
        for opioid in vocabulary.opioids:
            for name in opioid.plain_names:
                key = _compact(name)
                if _OTHER_WRITING.search(key):
                    written.setdefault(key, opioid)
        if not written:
            return None, written
        ordered = sorted(written, key=lambda name: (-len(name), name))
        return re.compile("|".join(map(re.escape, ordered))), written

    def find(self, reading: Reading, text: str = "") -> tuple[OpioidMention, ...]:
        """All mentions in order; ``text`` is what the reading was made of, for disguised names."""
        masked = self._masked(reading)
        found: dict[tuple[int, int, str], OpioidMention] = {}
        candidates = (
            *self._candidates(reading),
            *self._disguised(text),
            *self._among_letters(text, len(reading.tokens)),
        )
        for start, end, opioid in candidates:
            if start < len(masked) and masked[start] >= end:
                continue
            negated = self._is_negated(reading, start, end, opioid)
            found[start, end, opioid.id] = OpioidMention(opioid, start, end, negated)
        return tuple(sorted(found.values(), key=lambda mention: (mention.start, mention.end)))

    def _masked(self, reading: Reading) -> list[int]:
        """For each word: how far a look-alike that begins there or before it reaches.

        A look-alike inside a longer opioid name ("nurofen plus") masks nothing.
        """
        names: dict[int, int] = {}
        for hit in self._names.find(reading.tokens):
            names[hit.start] = max(names.get(hit.start, 0), hit.end)
        reach = [0] * len(reading.tokens)
        spans = [(hit.start, hit.end) for hit in self._look_alikes.find(reading.tokens)]
        for start, end in (*spans, *self._questions_on_class(reading)):
            if reading.sentences[start] == reading.sentences[end - 1] and not any(
                names.get(low, 0) >= end and names[low] - low > end - start
                for low in range(max(0, start - 5), start + 1)
                if low in names
            ):
                reach[start] = max(reach[start], end)
        for position in range(1, len(reach)):
            reach[position] = max(reach[position], reach[position - 1])
        return reach

    def _questions_on_class(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Spans like "is ibuprofen an opioid"."""
        tokens = reading.tokens
        if self._class_words.isdisjoint(tokens):
            return
        for start, token in enumerate(tokens):
            for pattern in self._class_questions:
                if pattern[0] not in {token, "_"}:
                    continue
                part = tokens[start : start + len(pattern)]
                if len(part) == len(pattern) and all(
                    word in self._other_medicines if expected == "_" else word == expected
                    for expected, word in zip(pattern, part, strict=True)
                ):
                    yield start, start + len(pattern)
            if token in self._class_words and (begin := self._asks_from(tokens, start)) is not None:
                yield begin, start + 1

    def _asks_from(self, tokens: Sequence[str], position: int) -> int | None:
        """Where a question begins whether something is of the class named at ``position``."""
        place = position - 1
        while place >= 0 and tokens[place] in _LINKS:
            place -= 1
        subject = place
        while place >= 0 and (tokens[place] in self._asked_about or tokens[place] in _BESIDE_ASKED):
            place -= 1
        about = self._asked_about.intersection(tokens[place + 1 : subject + 1])
        asked = place >= 0 and bool(about) and tokens[place] in _COPULAS
        return place if asked and subject < position - 1 else None

    def _candidates(self, reading: Reading) -> Iterator[tuple[int, int, Opioid]]:
        tokens = reading.tokens
        for hit in self._names.find(tokens):
            yield hit.start, hit.end, hit.value
        present = set(tokens)
        if present & self._medicine_context or not self._named_medicines.isdisjoint(present):
            yield from ((hit.start, hit.end, hit.value) for hit in self._brands.find(tokens))
        if present & self._drug_use_context:
            for hit in self._slang.find(tokens):
                near = tokens[max(0, hit.start - BESIDE_SLANG) : hit.start]
                near += tokens[hit.end : hit.end + BESIDE_SLANG]
                if self._drug_use_context & set(near):
                    yield hit.start, hit.end, hit.value
        for position, token in enumerate(tokens):
            opioid = self._recognise(token)
            if opioid and not (token not in self._single and self.is_person(tokens, position)):
                yield position, position + 1, opioid
        yield from self._in_pieces(tokens)

    @staticmethod
    def is_person(tokens: Sequence[str], position: int) -> bool:
        """Whether the word is somebody's name by the words around it: "Dr Fenton"."""
        before = tokens[position - 1] if position else ""
        after = tokens[position + 1] if position + 1 < len(tokens) else ""
        return before in _TITLES or (before in _RELATIVES and after in _DOING)

    def _among_letters(self, text: str, count: int) -> Iterator[tuple[int, int, Opioid]]:
        """Names in scripts that write without spaces."""
        if self._other_writing is None or not _OTHER_WRITING.search(text):
            return
        lowered = _compact(text)
        for match in self._other_writing.finditer(lowered):
            opioid = self._written[match.group()]
            before = lowered[match.start() - 1 : match.start()]
            if opioid and not (_MARKED.match(match.group()) and before and _MARKED.match(before)):
                start = min(len(words(lowered[: match.start()])), max(0, count - 1))
                yield start, start + 1, opioid

    def _recognise_word(self, token: str) -> Opioid | None:
        """An opioid written as one word: inflected, inside a longer word, or with a slip."""
        if token in self._single:
            return self._single[token]
        if token in self._right_words:
            return None
        plain = self._latin(token)
        if plain != token and plain in self._single:
            return self._single[plain]
        for ending in _ENDINGS:
            stem = plain.removesuffix(ending)
            if stem != plain and len(stem) >= SHORTEST_INFLECTED and stem in self._single:
                return self._single[stem]
        for beginning in _BEGINNINGS:
            if token.startswith(beginning) and len(token) > len(beginning) + 3:
                rest = token.removeprefix(beginning)
                if rest in self._single:
                    return self._single[rest]
        return (
            self._inside(plain)
            or self._misspelt(plain)
            or self._lengthened(plain)
            or self._rooted(plain)
        )

    def _rooted(self, token: str) -> Opioid | None:
        """An unknown name that is made like those of opioids ("Nufapotram", "Tramofal")."""
        if not SHORTEST_ROOTED <= len(token) <= LONGEST_WORD or self._any is None:
            return None
        if not (_ROOTS.match(token) or _LAST_ROOTS.search(token)):
            return None
        near = process.extractOne(token, self._others, scorer=OSA.distance, score_cutoff=1)
        return None if near or token in self._everyday else self._any

    @staticmethod
    def _latin(token: str) -> str:
        """A word of Latin letters with look-alikes from other alphabets mixed in, mended."""
        if token.isascii() or not any("a" <= char <= "z" for char in token):
            return token
        return token.translate(_LATIN_LOOK_ALIKES)

    def _lengthened(self, token: str) -> Opioid | None:
        if not _LENGTHENED.search(token):
            return None
        short = _LENGTHENED.sub(r"\1", token), _LENGTHENED.sub(r"\1\1", token)
        return next((found for form in short if (found := self._recognise(form))), None)

    def _inside(self, token: str) -> Opioid | None:
        longest_name = ""
        for start in range(len(token)):
            for name in self._inside_names.get(token[start : start + SHORTEST_INSIDE], ()):
                if start and len(name) == SHORTEST_INSIDE:
                    continue
                if len(name) > len(longest_name) and token.startswith(name, start):
                    longest_name = name
        return self._single.get(longest_name)

    def _misspelt(self, token: str) -> Opioid | None:
        if not SHORTEST_MISSPELT - 1 <= len(token) <= LONGEST_WORD:
            return None
        matches = [
            match
            for names, slips in ((self._one_slip, 1), (self._two_slips, 2))
            if (match := process.extractOne(token, names, scorer=OSA.distance, score_cutoff=slips))
        ]
        if not matches:
            return None
        name, distance, _ = min(matches, key=lambda match: (match[1], -self._rank(match[0])))
        nearer = process.extractOne(
            token, self._others, scorer=OSA.distance, score_cutoff=distance - 1
        )
        return None if nearer else self._single[name]

    def _in_pieces(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, Opioid]]:
        """Names taken apart: "t r a m a d o l", "oxy codone", "tramad0l"."""
        for start in range(len(tokens)):
            joined = tokens[start]
            short = len(joined) <= 2
            for end in range(start + 2, min(len(tokens), start + MOST_PIECES) + 1):
                joined += tokens[end - 1]
                short = short and len(tokens[end - 1]) <= 2
                if len(joined) > 30 or (end - start > 3 and not short):
                    break
                if self._ordinary.issuperset(tokens[start:end]):
                    continue
                for table in _LOOKS_LIKE:
                    opioid = self._joined.get(joined.translate(table))
                    if opioid:
                        yield start, end, opioid

    def _disguised(self, text: str) -> Iterator[tuple[int, int, Opioid]]:
        """Names with signs for letters or between them: "0xy", "tr@madol", "mor.phine"."""
        position = 0
        for chunk in text.split():
            core = chunk.strip(_OUTER_SIGNS)
            signs = _LETTER_SIGNS.search(core)
            count = len(words(chunk))
            if (signs or _INNER_SIGNS.search(core)) and any(map(str.isalpha, core)):
                for table in _LOOKS_LIKE:
                    letters = "".join(filter(str.isalpha, fold(core).translate(table)))
                    opioid = self._single.get(letters) or self._inside(letters)
                    if not opioid and signs and len(letters) >= SHORTEST_MISSPELT:
                        opioid = self._recognise(letters)
                    if opioid and letters not in self._right_words:
                        yield position, position + count, opioid
            position += count

    def _is_negated(self, reading: Reading, start: int, end: int, opioid: Opioid) -> bool:
        sentence = reading.sentences[min(start, len(reading.sentences) - 1)]
        low = start
        while low > 0 and start - low < 8 and reading.sentences[low - 1] == sentence:
            low -= 1
        before = reading.tokens[low:start]
        general = opioid.id == ANY_OPIOID
        if not any(
            hit.end == len(before) and (general or hit.end - hit.start > 1)
            for hit in self._negations.find(before)
        ):
            return False
        clause = reading.clauses[end - 1]
        behind = range(end, min(len(reading.tokens), end + AFTER_NEGATION))
        return not any(
            reading.tokens[position] in self._negation_ends
            for position in behind
            if reading.clauses[position] == clause
        )


def _read_names(opioid: Opioid) -> Iterator[str]:
    """Names that were read in a source."""
    yield from (*opioid.generic, *opioid.brands, *opioid.combinations, *opioid.slang)
    for names in opioid.languages.values():
        yield from names


def _by_beginning(names: Iterable[str]) -> dict[str, list[str]]:
    """Names that are long enough to be looked for inside words, by their first letters."""
    result: dict[str, list[str]] = {}
    for name in names:
        if len(name) >= SHORTEST_INSIDE:
            result.setdefault(name[:SHORTEST_INSIDE], []).append(name)
    return result


def _compact(text: str) -> str:
    """Lower case, without the spaces between letters of scripts that have none."""
    return _INNER_SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def _word_set(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(word for term in terms for word in words(term))
