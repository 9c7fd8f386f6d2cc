"""Rules over figures and moments, and the alerts that they raise: once for as long as a condition lasts.

A rule is a tenant's; an alert names the rule, a figure, days and teams, and of a moment the call and the second. It
holds no word of a call and no person's name, so that nothing of it has to be found when somebody is erased.
"""
