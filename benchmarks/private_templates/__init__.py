"""What redaction is judged on in English, German and Spanish: templates written without sight of its rules.

A third of them is sealed: kept outside the repository and read once. ``python -m benchmarks.private_templates``.
"""

from benchmarks.private_templates.filling import Case, Span, SpokenTurn, cases

__all__ = ["Case", "Span", "SpokenTurn", "cases"]
