"""Playbooks as their authors work on them: drafts, what they would have done, and what was published when."""
