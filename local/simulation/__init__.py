"""Whole calls in virtual time: the real audio worker over in-memory media and storage, for tests and benchmarks."""
