"""Notices medicine-like names that nobody here knows, so that they never meet with silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.language.dictionary import common_words
from bot.language.function_words import function_words
from bot.language.text import fold, words

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

_UNITS = frozenset(words("mg mcg ug µg мг мкг mgs milligram milligrams milligramm milligrammes"))
"""Behind a number, behind a name: "Gobbidona 10 mg"."""

_FORMS = frozenset(
    words(
        # English
        "tablet tablets tabs pill pills capsule capsules caplets caps patch patches syrup linctus "
        "lozenge lozenges suppository suppositories inhaler ampoule ampoules "
        # German, Dutch, Nordic languages, Finnish
        "tablette tabletten pille pillen kapsel kapseln pflaster tropfen zäpfchen hustensaft "
        "spritze ampulle ampullen pleister pleisters druppels tabletter tabletten pille piller "
        "kapsler kapslar plaster plåster plasteret dråper dråber droppar hostesaft hostmedicin "
        "stikpille stikkpille tabletti tabletteja tabletit kapseli laastari laastaria tipat "
        # French, Spanish, Italian, Portuguese, Romanian
        "comprimé comprimés gélule gélules cachet cachets gouttes sirop pommade suppositoire "
        "comprimido comprimidos pastilla pastillas cápsula cápsulas parche parches gotas jarabe "
        "ampolla ampollas compressa compresse pastiglia pastiglie cerotto cerotti gocce sciroppo "
        "fiale supposte adesivo adesivos xarope pastile comprimate plasture "
        # Polish, Czech, Hungarian, Turkish, Indonesian, Vietnamese, Swahili
        "tabletka tabletki tabletkę tabletek plastry plastra krople kropli syrop czopki tableta "
        "tablety náplast náplasti kapky tabletta tablettát tapasz tapaszt csepp cseppek hap "
        "tableti kapsül damla şurup obat kapsul sirup koyo thuốc viên vidonge "
        # Russian, Ukrainian, Bulgarian, Greek
        "таблетка таблетки таблеток таблетку пластырь пластыри капли сироп свечи укол уколы "
        "капсулы пластир краплі сиропу капсули лепенка χάπι χάπια σιρόπι σταγόνες αυτοκόλλητο"
    )
)
"""Right before or behind a name: "plaster Melodyn"."""

_TAKING = frozenset(
    words(
        "taking take takes took taken prescribed prescribes using tried swallowed popped "
        "nehme nehmen nimmt nahm genommen bekomme bekommt bekommen einnehme einnehmen schlucke "
        "verschrieben verordnet täglich prends prend prenons prendre pris prescrit prescrits "
        "avale tomo toma tomar tomando tomé tomado receta recetó recetado recetaron recetaran "
        "prendo prende prendere preso assumo assumere prescritto uso usar tomei receitou receitado "
        "neem neemt nemen slik slikt slikken gebruik gebruikt gebruiken voorgeschreven kreeg "
        "tar tatt tok bruker fått fikk skrevet tager taget får bruger tog äter ätit använder "
        "utskrivet otan ottaa otin käytän käyttää syön söin määrättiin "
        "biorę bierze brać zażywam stosuję beru bere brát užívám szedek szedem szed szedtem "
        "kaptam vettem iau iei luat içtim minum pakai "
        "alıyorum aldım kullanıyorum içiyorum "  # noqa: RUF001 - Turkish
        "uống nimemeza natumia pijem uzimam koristim принимаю принимает пью пьёт пил пила колю "
        "приймаю пью п'ю приемам пия παίρνω πήρα"
    )
)
"""A medicine often stands right behind these."""

_MEDICAL = frozenset(
    words(
        "medicine medicines medication medications meds prescription prescribed pharmacy "
        "pharmacist painkiller painkillers pain dose doctor apotheke medikament medikamente "
        "rezept schmerzen "
        "schmerzmittel médicament médicaments pharmacie ordonnance douleur médecin medicamento "
        "medicamentos farmacia receta dolor médico farmaco farmaci farmacista dolore ricetta "
        "farmácia dor remédio medicijn medicijnen apotheek pijn pijnstiller medisin medisiner "
        "apotek apotheket smerter smertestillende medicin mediciner läkemedel värk apteekki lääke "
        "lääkkeet lääkettä kipu särky ldn naltrexone naltrexon naltrexona naltreksoni"
    )
)
"""Words of a message that is about medicines."""

_NO_MEDICINE_BEHIND = frozenset(
    words(
        "in at from near to by of the dr doctor prof professor mr mrs ms miss nurse sir saint st "
        "called named im is am my daughter son wife husband mum mom dad friend sister brother dog "
        "cat uncle aunt dear hi hello thanks love for like since until during via per "
        "à de du des en chez par pour depuis bei aus nach von seit frau herr doktor mein meine "
        "desde para di da dal nel per em no na van uit bij voor fra til hos på från av för doctora "
        "señor señora señorita monsieur madame signor signora senhor senhora mevrouw meneer"
    )
)
"""A capital word behind these is rather a person or a place."""

_NOUN_ENDINGS = re.compile(
    r"(ung|ungen|heit|keit|schaft|tion|tionen|mittel|mitteln|arzt|arztin|schmerz|schmerzen|krankheit|"
    r"therapie|behandlung|senker|blocker|hemmer|saft|tropfen|pflaster|tablette|tabletten|hormon|"
    r"hormone|vitamine?|praxis|klinik|werte?|probleme?|storung|storungen|tag|tage|abend|morgen|"
    r"entzundung|syndrom|zeit|wochen?|jahren?|monaten?|chen|lein|medikamente?|praparate?)$"
)
"""German writes every noun with a capital; these endings belong to no brand."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_LIST_SIGNS = re.compile(
    r"[,;+/&\n]| (?:and|plus|with|n|und|mit|et|avec|y|con|e|ed|com|en|met|og|med|och|ja|cu|ve|dan|"
    r"i|a) ",
    re.IGNORECASE,
)
_AGAINST = frozenset(words("for gegen bei pour contre para por per contro voor tegen mot til mod"))
"""Behind a medicine, before what it is for."""
_SENTENCE_ENDS = ".!?:;…\n"


class UnknownMedicineFinder:
    """Finds names that look like a medicine and are neither English nor in the vocabulary.

    Args:
        known: all words of the vocabulary and of English.
        joining: words behind which a medicine usually stands ("with", "taking", "plus").
        medicines: words of the names of medicines that are known.
        names: words of all names that are known.
        foreign: words of the other languages that the bot reads.
    """

    def __init__(
        self,
        known: Iterable[str],
        joining: Iterable[str],
        medicines: Iterable[str] = (),
        names: Iterable[str] = (),
        foreign: Iterable[str] = (),
    ) -> None:
        self._foreign = frozenset(foreign) | _FORMS | _UNITS | _TAKING | _MEDICAL
        self._known = frozenset(known) | _FORMS | _UNITS | _MEDICAL | (_TAKING - {"pris"})
        self._joining = frozenset(word for entry in joining for word in words(entry))
        self._medicines = frozenset(medicines) | _SUBJECT
        self._names = frozenset(names)

    def find(
        self,
        typed: Sequence[str],
        repaired: Mapping[str, str],
        text: str = "",
        language: str = "en",
    ) -> tuple[str, ...]:
        """Words of ``typed`` that look like an unknown medicine.

        ``repaired`` has the words that spelling repair changed, with what it made of them: a
        repaired word is known, unless its place says that it is a medicine and the repair made no
        medicine of it. ``text`` is what was typed: its capitals and commas count.
        """
        capitals = self._capitals(text)
        listed = self._listed(text)
        medical = not _MEDICAL.isdisjoint(typed) or not _TAKING.isdisjoint(typed)
        found: list[str] = []
        for position, token in enumerate(typed):
            if not SHORTEST <= len(token) <= LONGEST or not token.isalpha():
                continue
            if token in self._known or (language != "en" and token in self._foreign):
                continue
            made = repaired.get(token, token)
            if made != token and (made in self._names or token not in capitals):
                continue
            capital = medical and token in capitals
            if language == "de":
                capital = capital and not _NOUN_ENDINGS.search(token)
            if (
                token in listed
                or self._dosed(typed, position, capital=capital)
                or self._taken(typed, position, language, capital=capital)
                or (made == token and token.isascii() and _ENDINGS.search(token))
                or (capital and language != "de" and made == token)
                or (medical and made == token and self._has_use(typed, position))
            ):
                found.append(token)
        return tuple(dict.fromkeys(found))

    @staticmethod
    def _has_use(typed: Sequence[str], position: int) -> bool:
        """Whether a message begins with the word and what it is for: "Takudex para el lumbago"."""
        return position == 0 and len(typed) > 1 and typed[1] in _AGAINST

    @staticmethod
    def _dosed(typed: Sequence[str], position: int, *, capital: bool) -> bool:
        """Whether a dose or a form stands beside a word: "Gobbidona 10 mg", "plaster Melodyn"."""
        after = typed[position + 1 : position + 4]
        if any(word in _UNITS for word in after[:2]):
            return True
        if after and after[0] in _FORMS:
            return True
        if len(after) > 1 and after[0][0].isdigit() and (capital or after[1] in _FORMS):
            return True
        return position > 0 and capital and typed[position - 1] in _FORMS

    def _taken(self, typed: Sequence[str], position: int, language: str, *, capital: bool) -> bool:
        before = typed[max(0, position - 2) : position]
        if language == "en":
            return not self._joining.isdisjoint(before)
        return capital and not (_TAKING | self._joining).isdisjoint(before)

    @staticmethod
    def _capitals(text: str) -> frozenset[str]:
        """Words with a capital inside a sentence that rather name a medicine than anyone."""
        if text.isupper() or text == text.lower():
            return frozenset()
        found: set[str] = set()
        before: re.Match[str] | None = None
        for match in _TOKEN.finditer(text):
            word = match.group()
            begins = before is None or any(
                sign in _SENTENCE_ENDS for sign in text[before.end() : match.start()]
            )
            if (
                word[0].isupper()
                and len(word) >= SHORTEST
                and not (begins and word[1:].islower())
                and (before is None or fold(before.group()) not in _NO_MEDICINE_BEHIND)
                and not (before and before.group()[0].isupper() and not before.group().isupper())
            ):
                found.add(fold(word))
            before = match
        return frozenset(found)

    def _listed(self, text: str) -> frozenset[str]:
        """Single words beside a known medicine in a list: "Ramipril, Vendal, Pantoprazol"."""
        pieces = [words(piece) for piece in _LIST_SIGNS.split(text)]
        found: set[str] = set()
        for first, second in pairwise(pieces):
            for one, other in ((first, second), (second, first)):
                names = [word for word in one if word.isalpha() and word not in _UNITS]
                if (
                    0 < len(names) <= 2
                    and self._medicines.isdisjoint(names)
                    and any(word in self._medicines for word in (*other[:2], *other[-2:]))
                ):
                    found.update(names)
        return frozenset(found)


class UnreadableLanguage:
    """Tells a message in a language that the bot can't read.

    Args:
        known: words of English and of the vocabulary.
        readable: words of the other languages that the bot reads.
        other: small words of languages that it doesn't read.
    """

    FEWEST = 3
    """So many words in a language that can't be read make a message unreadable."""

    def __init__(self, known: Iterable[str], readable: Iterable[str], other: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._readable = frozenset(readable)
        small = _OTHER_SMALL_WORDS | frozenset(other)
        self._other = small - self._readable - common_words() - function_words("en")

    def covers(
        self, typed: Sequence[str], repaired: Mapping[str, str], language: str, text: str
    ) -> bool:
        """Whether most words of a message belong to no language that can be read."""
        strange = odd = clear = 0
        accented = {fold(word) for word in _TOKEN.findall(text) if not word.isascii()}
        for token in typed:
            if not token.isalpha() or token in _SUBJECT:
                continue
            if not _LATIN.match(token):
                strange += max(1, len(token) // 3) if _NO_SPACES.search(token) else 1
            elif token in self._other:
                strange += 1
            elif token in self._known or token in self._readable:
                clear += 1
            elif len(token) > 1 and (token in accented or repaired.get(token, token) == token):
                odd += 1
        if language == "en":
            strange += odd
        return strange >= self.FEWEST and strange > clear


_LATIN = re.compile(r"[a-z]")
_SUBJECT = frozenset({"ldn", "naltrexone", "naltrexon", "naltrexona"})
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_OTHER_SMALL_WORDS = frozenset(
    words(
        # Hindi, Urdu, Punjabi, Bengali in Latin letters
        "hain hai mein mera mere meri kya nahi nahin aur lekin karta karti raha rahi rahe sakta "
        "sakti sakte lete leta leti kuch bhi liye saath roz abhi mujhe dawai dawa goli khata khati "
        "ami khai khete parbo korte amar ache shathe "
        # Tagalog, Swahili, Hausa, Yoruba, Malay
        "ang mga ako naman hindi pwede umiinom gamot kasama yung niya siya ito inumin "
        "naweza nina dawa pamoja kwa yangu kila siku ninatumia shan magani ina "
        "saya boleh dengan makan sambil ubat untuk juga tak sedang bisa "
        # Serbian, Croatian, Bosnian, Slovenian, Albanian
        "mogu uzimam uzimati pijem smijem smem lek lijek uz sam zajedno koristim ali jemljem lahko "
        "zdravilo jeg nuk mund marr ilac une dhe bashke "
        # Estonian, Latvian, Lithuanian, Icelandic
        "votan koos voin mulle vai var lietoju kopa zales galiu vartoju vaistus kartu esu ekki "
        "mer lyf saman ma tek "
        # Arabic, Persian in Latin letters; Azerbaijani, Uzbek
        "momken ana bakhod akhod maa dawa mikonam mishe man ham baham masraf qebul ede bilerem "
        "dermani ichaman mumkin dori birga"
    )
)
