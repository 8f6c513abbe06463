"""``ldn-bot ask --batch``: one JSON line for each line, in order, as they come."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.asking import BadLineError, read_line
from bot.engine import Engine
from bot.rendering import render_json
from bot.replies import Question
from tests.cli.processes import Cli, Inside

QUESTIONS = ("does ldn help fibromyalgia", "can i take tramadol", "hello", "weather?")


def line(**fields: object) -> str:
    return json.dumps(fields) + "\n"


def parsed(text: str) -> list[dict[str, Any]]:
    return [json.loads(entry) for entry in text.splitlines()]


def test_file_in_order_with_the_contract_s_fields(
    inside: Inside, tmp_path: Path, small_engine: Engine
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(line(id=f"q{n}", text=text) for n, text in enumerate(QUESTIONS)))

    done = inside("ask", "--batch", str(file), "--json")

    assert done.exit_code == 0
    answers = parsed(done.stdout)
    assert [answer["id"] for answer in answers] == ["q0", "q1", "q2", "q3"]
    for answer, text in zip(answers, QUESTIONS, strict=True):
        assert answer.pop("ms") >= 0
        del answer["id"]
        assert answer == render_json(small_engine.reply(Question(text)))


def test_standard_input_needs_no_json_option(inside: Inside) -> None:
    done = inside("ask", "--batch", "-", stdin=line(id=7, text="ldn") + line(text="ldn").strip())

    assert [answer["id"] for answer in parsed(done.stdout)] == [7, None]


def test_bad_lines_are_told_and_the_run_goes_on(inside: Inside) -> None:
    lines = [
        line(id="a", text="ldn").encode(),
        b"\n",
        b"  \r\n",
        b"{nonsense\n",
        b'{"id": "b"}\n',
        b'{"id": "c", "text": 5}\n',
        b'{"id": "d", "text": null}\n',
        b'{"id": "e", "text": "x", "context": "y"}\n',
        b'{"id": "f", "text": "x", "context": ["y", 5]}\n',
        b'{"id": ["g"], "text": "x"}\n',
        b'{"id": NaN, "text": "x"}\n',
        b'["text"]\n',
        b'{"text": "\xff"}\n',
        b"[" * 100_000 + b"\n",
        b'{"id": 1e999, "text": "x"}\n',
        b'{"id": ' + b"9" * 5000 + b', "text": "x"}\n',
        line(id="z", text="ldn").encode(),
    ]

    done = inside("ask", "--batch", "-", stdin=b"".join(lines))

    answers = parsed(done.stdout)
    errors = [answer["error"] for answer in answers[1:-1]]
    assert done.exit_code == 1
    assert (answers[0]["id"], answers[-1]["id"]) == ("a", "z")
    assert [answer["id"] for answer in answers[1:-1]] == [
        *(None, None, None, "b", "c", "d", "e", "f", None, None, None, None, None, None, None)
    ]
    assert [error.split(":")[0] for error in errors] == [f"line {n}" for n in range(2, 17)]
    assert errors[:2] == ["line 2: is blank", "line 3: is blank"]
    errors = errors[2:]
    assert errors[0].startswith("line 4: is not JSON: Expecting property name")
    assert errors[1:4] == [f"line {n}: 'text' must be a string" for n in (5, 6, 7)]
    assert errors[4:6] == [f"line {n}: 'context' must be a list of strings" for n in (8, 9)]
    assert errors[8] == "line 12: must be an object with 'text'"
    assert errors[9] == "line 13: is not UTF-8 (byte 11)"


def test_no_lines(inside: Inside) -> None:
    done = inside("ask", "--batch", "-")

    assert (done.exit_code, done.output) == (0, "")


def test_text_may_be_empty_long_or_broken(inside: Inside) -> None:
    texts = ["", "\x00", "ldn \ud800", "word " * 100_000, "\u202e\u200b", "\U0001f48a?"]

    done = inside("ask", "--batch", "-", stdin="".join(line(id=t[:9], text=t) for t in texts))

    answers = parsed(done.stdout)
    assert done.exit_code == 0
    assert [answer["id"] for answer in answers] == [text[:9] for text in texts]
    assert all(answer["text"] for answer in answers)


def test_byte_order_mark_and_unknown_fields_do_no_harm(inside: Inside) -> None:
    done = inside("ask", "--batch", "-", stdin="\ufeff" + line(id="a", text="ldn", note="x"))

    assert done.exit_code == 0
    assert parsed(done.stdout)[0]["id"] == "a"


def test_context_is_used(inside: Inside) -> None:
    follow_up = "and what did the studies say"
    done = inside(
        "ask",
        "--batch",
        "-",
        stdin=line(text=follow_up, context=["vivid dreams on ldn"])
        + line(text=follow_up, context=["hello", "does ldn help fibromyalgia"])
        + line(text=follow_up, context=[])
        + line(text=follow_up, context=None),
    )

    dreams, fibro, nothing, null = parsed(done.stdout)
    assert any("fibromyalgia" in topic for topic in fibro["topics"] + fibro["options"])
    assert fibro["topics"] != dreams["topics"] or fibro["options"] != dreams["options"]
    assert nothing["topics"] == null["topics"]


def test_each_answer_comes_before_the_next_question_is_sent(cli: Cli) -> None:
    process = cli.start("ask", "--batch", "-", "--json")
    assert process.stdin
    assert process.stdout

    for number, text in enumerate(QUESTIONS):
        process.stdin.write(line(id=number, text=text))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == number
    _, errors = process.communicate()

    assert (process.returncode, errors) == (0, "")


def test_exit_code_of_the_process_and_clean_output(cli: Cli) -> None:
    done = cli.run("ask", "--batch", "-", "--json", stdin=b'{"id": "\\udc00", "text": "x"}\n\xff\n')

    assert done.returncode == 1
    assert [answer["id"] for answer in parsed(done.stdout)] == ["\udc00", None]
    assert done.stderr == ""


def test_reader_that_leaves_early(cli: Cli) -> None:
    process = cli.start("ask", "--batch", "-")
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(line(text="ldn"))
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()

    process.stdin.write(line(text="ldn"))
    process.stdin.flush()
    errors = process.stderr.read()

    assert process.wait() == 1
    assert errors == ""
    process.stdin.close()
    process.stderr.close()


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_any_bytes_are_a_question_or_a_bad_line(raw: bytes) -> None:
    with contextlib.suppress(BadLineError):
        assert isinstance(read_line(raw)[1], Question)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@settings(max_examples=300)
@given(st.fixed_dictionaries({}, optional={"id": JSON, "text": JSON, "context": JSON}))
def test_any_object_is_a_question_or_a_bad_line(data: dict[str, Any]) -> None:
    try:
        question_id, question = read_line(json.dumps(data).encode())
    except BadLineError as error:
        json.dumps({"id": error.question_id}, allow_nan=False)
    else:
        assert question_id == data.get("id")
        assert question.text == data["text"]
        assert list(question.context) == (data.get("context") or [])


@pytest.mark.parametrize("value", [True, False])
def test_a_truth_value_is_no_id(value: bool) -> None:
    with pytest.raises(BadLineError, match="'id' must be"):
        read_line(json.dumps({"id": value, "text": "x"}).encode())
