"""Names of opioids in other scripts, names that nobody knows, languages that can't be read."""

from __future__ import annotations

import pytest

from bot.engine import Engine
from bot.knowledge.schema import WarningLevel
from bot.replies import NoticeKind, Question, Reply


def ask(engine: Engine, text: str) -> Reply:
    return engine.reply(Question(text))


@pytest.mark.parametrize(
    "text",
    [
        "ผมดื่มน้ำกระท่อมทุกเย็น กิน LDN อันตรายไหม",
        "今日トラムセットを飲んでしまいました",
        "手术后开了泰勒宁 LDN要停吗",
        "আমি ট্রামাডল খাই",
        "зараз я на Еднок щодня",
        "после омнопона можно LDN?",
        "آخذ الترامادول يوميا",
        "Depridolt szedek évek óta, LDN-t szeretnék",
        "biorę Palexię, a LDN?",
        "Nufapotram habis operasi",
    ],
)
def test_a_name_is_found_in_any_script_and_case(engine: Engine, text: str) -> None:
    assert ask(engine, text).opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize(
    "text",
    [
        "meine Liste: Ramipril, Vendal, Pantoprazol",
        "täglich Compensan aus der Apotheke, reicht das als Info?",
        "mam na sobie plaster Melodyn",
        "pill says M523 on it, took 2, ldn due at ten",
        "my boyfriend drinks 4x100 most evenings, is LDN safe for him",
    ],
)
def test_an_ambiguous_name_counts_in_its_place(engine: Engine, text: str) -> None:
    assert ask(engine, text).opioid_warning is WarningLevel.FULL


@pytest.mark.parametrize(
    "text",
    [
        "my daughter Codie has fibro",
        "my GP Dr Fenton knows nothing of this",
        "is ldn an opioid? simple opioid question",
        "Is LDN itself an opioid?",
        "Pyralgina na ból zęba",
        "Ketonal forte i LDN można?",
        "オピオイド拮抗薬ですか",
    ],
)
def test_people_other_medicines_and_questions_are_no_opioid(engine: Engine, text: str) -> None:
    findings = engine.explain(Question(text))[1]
    assert not findings.opioids


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("je prends Zentrovax le soir", "zentrovax"),
        ("Zentrovax 10 mg por dolor y LDN?", "zentrovax"),
        ("meine Liste: Ramipril, Zentrovax, Pantoprazol", "zentrovax"),
        ("jeg bruker Zentrovax plaster", "zentrovax"),
        ("Takonex for lumbago and LDN", "takonex"),
    ],
)
def test_an_unknown_name_is_told_in_any_language(engine: Engine, text: str, name: str) -> None:
    reply = ask(engine, text)
    assert reply.unknown_medicines == (name,)
    assert reply.opioid_warning is WarningLevel.CAUTION
    assert NoticeKind.UNKNOWN_MEDICINE in [notice.kind for notice in reply.notices]


@pytest.mark.parametrize(
    "text",
    [
        "Algoflexet vettem be, jöhet az LDN?",
        "カロナールは大丈夫ですか、LDN服用中",
        "можно ли мне это вечером?",
        "czy mogę to brać razem wieczorem",
        "saya masih minum itu setiap malam",
    ],
)
def test_a_language_that_cannot_be_read_brings_caution(engine: Engine, text: str) -> None:
    reply = ask(engine, text)
    assert reply.opioid_warning is WarningLevel.CAUTION
    said = [statement for notice in reply.notices for statement in notice.statements]
    assert "can't read the language" in said[0].text
    assert said[0].citations
    assert any("Please ask in English" in statement.text for statement in said)


@pytest.mark.parametrize(
    "text",
    [
        "does ldn help fibromyalgia?",
        "hilft ldn bei fibromyalgie?",
        "wat abot takin it wiv me tabelts",
        "kan jeg drikke vin med ldn",
        "auttaako ldn fibromyalgiaan",
        "Ask Maria in Pforzheim about LDN",
    ],
)
def test_an_ordinary_question_stays_without_caution(engine: Engine, text: str) -> None:
    assert engine.explain(Question(text))[1].warning is WarningLevel.NONE
