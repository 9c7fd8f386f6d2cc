"""What one GraphQL request may ask of the API: deployed with it, and kept by its emulation.

https://docs.aws.amazon.com/appsync/latest/devguide/configuration-limits.html
"""

from __future__ import annotations

RESOLVER_COUNT_LIMIT = 50
"""Further resolvers of a request do not run. The panel asks for a handful; a publisher sends 20 messages at once."""
QUERY_DEPTH_LIMIT = 10
"""Levels of fields, leaves included. The panel's deepest request has 4."""
