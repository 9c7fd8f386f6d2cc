"""Groups of what no intent and no article is for, to those who judge examples."""
