"""What redaction finds in the templates, and what it hides that nobody asked it to.

    python -m benchmarks.private_templates                                  # the open reporting part, every language
    python -m benchmarks.private_templates --language de --part tune --misses
    python -m benchmarks.private_templates --sealed FOLDER                  # once, at the end
    python -m benchmarks.private_templates --set judged_2026-11-29          # a set by itself, all of it

Recall: of the values, those of which every letter and digit is hidden, under whatever kind. Precision: of the masks,
those that touch a private value. --count says how many templates there are, and runs nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.private_templates.filling import cases
from benchmarks.private_templates.templates import LANGUAGES, OPEN, Part, read_templates


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--part", choices=("tune", "report"), default="report")
    parser.add_argument("--sealed", type=Path, metavar="FOLDER", help="judge by the sealed templates kept there")
    parser.add_argument("--set", metavar="NAME", help="all templates of a folder beside the open ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-template", type=int, default=10)
    parser.add_argument("--misses", action="store_true", help="what stayed readable, what was hidden for nothing")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--count", action="store_true")
    asked = parser.parse_args()
    part: Part | None = None if asked.set else "sealed" if asked.sealed else asked.part
    folder = OPEN / asked.set if asked.set else asked.sealed or OPEN
    results: dict[str, Any] = {}
    for language in asked.language or LANGUAGES:
        if asked.count:
            print_counts(language, folder)
        else:
            results[language] = judged(language, part, folder, asked.seed, asked.per_template, misses=asked.misses)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def judged(
    language: str, part: Part | None, folder: Path, seed: int, per_template: int, *, misses: bool
) -> dict[str, Any]:
    from benchmarks.private_templates.scoring import score

    total = score(cases(language, part, seed, per_template, folder))
    print(f"\n{language}, {part or folder.name}: {per_template} of each template, seed {seed}")
    print(f"  {'':20}{'values':>7}{'recall':>8}{'masks':>7}{'precision':>11}{'F':>7}{'right kind':>12}")
    for kind, tally in sorted(total.kinds.items()):
        row = tally.row()
        shares = f"{_number(row['precision']):>11}{_number(row['f']):>7}{_number(row['right_kind']):>12}"
        print(f"  {kind:20}{tally.values:>7}{_number(row['recall']):>8}{tally.masks:>7}{shares}")
    print(f"  {'by place':20}")
    for slot, tally in sorted(total.slots.items()):
        print(f"  {slot:20}{tally.values:>7}{_number(tally.recall):>8}")
    print("  innocent talk by topic: turns, touched, words masked")
    for topic, row in total.by_topic().items():
        print(f"  {topic:20}{row['turns']:>7}{_number(row['touched']):>8}{_number(row['words_masked']):>8}")
    for name, value in total.summary().items():
        print(f"  {name.replace('_', ' '):34}{_number(value):>7}")
    if misses:
        print("\n".join(total.misses))
    return {
        "part": part or folder.name,
        "summary": total.summary(),
        "kinds": {str(kind): tally.row() for kind, tally in sorted(total.kinds.items())},
        "slots": {slot: tally.row() for slot, tally in sorted(total.slots.items())},
        "innocent": total.by_topic(),
    }


def print_counts(language: str, folder: Path) -> None:
    templates = read_templates(language, folder)
    parts = Counter((one.part, "innocent" if one.innocent else "private") for one in templates)
    print(language, ", ".join(f"{part} {what}: {count}" for (part, what), count in sorted(parts.items())))
    topics = Counter((one.innocent, one.topic, one.part) for one in templates)
    for innocent, topic in sorted({(one.innocent, one.topic) for one in templates}):
        found = ", ".join(f"{part} {topics[innocent, topic, part]}" for part in ("tune", "report", "sealed"))
        print(f"  {'innocent' if innocent else 'private':10}{topic:12}{found}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
