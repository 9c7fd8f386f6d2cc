"""Reads ``learning`` of tenant.yaml.

learning:
  consent: attribute:may_learn     # or always, or never
  updates: review                  # auto, review or off
  reviewers: 2
  silent_sample: 500
"""

from __future__ import annotations

import re

from sotto.tenants.learning import LearnFrom, LearningSettings, Updates
from sotto.tenants.reading.places import YamlPlace

_CONSENT = re.compile(r"always|never|attribute:[A-Za-z0-9_.-]+")
_FIELDS = ("consent", "values", "updates", "reviewers", "silent_sample")


def read_learning(place: YamlPlace) -> LearningSettings:
    """What is wrong is noted, and nothing is learned then."""
    fields = place.fields(_FIELDS, needed=("consent",))
    written = (fields["consent"].text() or "") if "consent" in fields else ""
    if "consent" in fields and not _CONSENT.fullmatch(written):
        fields["consent"].wrong(
            f"unknown consent to learn '{written}'; write attribute:NAME (learn if NAME is yes), always or never"
        )
        written = "never"
    kind, _, attribute = (written or "never").partition(":")
    if "values" in fields and not attribute:
        fields["values"].wrong(f"consent '{kind}' looks at no value; write consent: attribute:NAME, or take it out")
    known = LearningSettings()
    return LearningSettings(
        consent=LearnFrom(kind),
        attribute=attribute,
        values=fields["values"].words() if "values" in fields else known.values,
        updates=Updates(fields["updates"].one_of(tuple(Updates), "choice", "off"))
        if "updates" in fields
        else known.updates,
        reviewers=int(fields["reviewers"].number(1, 2, 1)) if "reviewers" in fields else known.reviewers,
        silent_sample=int(fields["silent_sample"].number(0, 100_000, 0)) if "silent_sample" in fields else 0,
    )
