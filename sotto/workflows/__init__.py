"""Durable workflows: what is done about a conversation after it, over days, with people where people decide.

A definition (YAML, ``shipped/``) is steps in an order. The interpreter is pure: from a definition and the results that
are stored it says what comes next. A run is one item, written after each step, before the next one begins; so whoever
dies is followed by whoever reads the item. A state machine of three states waits, and holds ids alone.
"""
