"""Conversations of the past, imported from what a customer kept of them: recordings and transcripts."""
