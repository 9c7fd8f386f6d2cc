"""What one GraphQL request may ask for at most; AppSync and the embedded stack refuse more."""

RESOLVER_COUNT_LIMIT = 50
"""Fields with a resolver, aliases counted one by one: each is an invocation of serve_agent."""
QUERY_DEPTH_LIMIT = 10
"""Levels of selections."""
