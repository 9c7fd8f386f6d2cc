"""Under which licences the installed packages come: all of ALLOWED, or named in EXCEPTIONS with the reason.

python -m tests.supply_chain.licences
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions

ALLOWED = re.compile(
    r"(?:MIT(?:-0|-CMU| License| No Attribution License \(MIT-0\))?"
    r"|Apache(?:[ -]2\.0)?(?: Software)?(?: License)?(?:,? Version)?(?: 2\.0)?(?: WITH LLVM-exception)?"
    r"|(?:[23]-Clause )?(?:0?BSD|New BSD|Modified BSD)(?:-[023]-Clause| License)?|ISC(?: License \(ISCL\))?"
    r"|PSF-2\.0|Python Software Foundation License|The Unlicense(?: \(Unlicense\))?|Unlicense|Zlib|CC0-1\.0|BSL-1\.0"
    r"|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|CNRI-Python|HPND)"
)
EXCEPTIONS = {
    "python-stdnum": "LGPL-2.1 or later: used unchanged as a library of its own, which anybody may replace",
}
OURS = {"sotto"}
_CLASSIFIER = "License :: "
MOST_CHARACTERS = 120
"""A longer licence field holds the text of one; its first line names it."""


def licence_of(package: Distribution) -> str:
    """As the package's metadata says: the SPDX expression, else its classifiers, else its licence field; empty where
    it says nothing."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [each for each in said.get_all("Classifier") or () if each.startswith(_CLASSIFIER)]
    named = [each.rpartition(" :: ")[2] for each in classifiers if each != "License :: OSI Approved"]
    return "; ".join(named) or str(said.get("License") or "").strip().split("\n", 1)[0][:MOST_CHARACTERS]


def is_allowed(licence: str) -> bool:
    """Every part that is joined by AND; of parts joined by OR one is enough."""
    parts = re.split(r" AND |; ", licence)
    return all(any(ALLOWED.fullmatch(_bare(choice)) for choice in part.split(" OR ")) for part in parts)


def _bare(choice: str) -> str:
    """Without the parentheses that an expression puts around its choices."""
    named = choice.strip().strip('"')
    begins, ends = named.startswith("("), named.count(")") > named.count("(")
    return named[1:].removesuffix(")") if begins else named.removesuffix(")") if ends else named


def problems(packages: Iterable[Distribution]) -> list[str]:
    """One line a package that nobody has allowed."""
    found = []
    for package in packages:
        name = str(package.metadata["Name"]).lower()
        licence = licence_of(package)
        if name not in OURS and name not in EXCEPTIONS and not is_allowed(licence):
            found.append(f"{name} {package.version}: {licence or 'says nothing of its licence'}")
    return sorted(set(found))


def main() -> int:
    found = problems(distributions())
    for problem in found:
        print(f"licence: {problem}", file=sys.stderr)
    if not found:
        print(f"licences: all allowed, {len(EXCEPTIONS)} by exception")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
