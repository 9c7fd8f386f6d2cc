"""The part of Amazon Connect's API that says who works at an instance."""
