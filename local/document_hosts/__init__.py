"""Services in which others keep documents, as their documentation says they behave."""
