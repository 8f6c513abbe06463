"""`ldn-bot evaluate`."""

import json
from pathlib import Path

from tests.cli.processes import Inside

ROWS = [
    {"id": "1", "q": "does ldn help fibromyalgia", "kind": "answer", "style": "clean",
     "topics": ["condition.fibromyalgia"]},
    {"id": "2", "q": "does ldn help fibromyalgia", "kind": "answer", "style": "clean",
     "topics": ["side-effect.insomnia"]},
    {"id": "3", "q": "can i take ldn with tramadol", "kind": "answer", "style": "clean",
     "topics": ["interaction.opioids-overview"], "opioid_warning": "full"},
]  # fmt: skip


def test_hits_and_confusions_are_counted(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in ROWS))
    done = inside("evaluate", str(file), "--wrong", "--baselines")
    assert done.exit_code == 0
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert any(line.startswith("answer: right topic first") and "/ 3 " in line for line in lines)
    assert "opioid: full warning 1 / 1 100.0%" in lines
    assert "1 side-effect.insomnia condition.fibromyalgia" in lines
    assert "2 answer: 'does ldn help fibromyalgia'" in lines
    assert any(line.startswith("BM25 ") for line in lines)


def test_a_bad_line_is_named(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(ROWS[0]) + '\n{"id": "2", "q": "x", "kind": "guess"}\n')
    done = inside("evaluate", str(file))
    assert done.exit_code == 2
    assert "questions.jsonl:2: kind:" in done.stderr
