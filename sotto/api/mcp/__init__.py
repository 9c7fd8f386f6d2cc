"""The same use cases for agents of others, by the Model Context Protocol."""
