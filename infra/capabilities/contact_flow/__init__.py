"""Contact flows that start guidance, and the rules that a flow must keep."""
