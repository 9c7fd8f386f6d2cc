"""How likely a lead buys, with the reasons in points that add up."""
