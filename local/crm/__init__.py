"""Systems of record, as their documentation says they behave: one server for all, because their paths differ."""
