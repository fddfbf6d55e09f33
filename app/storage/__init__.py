"""Storage: the only place that speaks SQL and the only place that starts a database.

Nothing here decides anything: acts ask, rules live in the schema and in `conformity`. Nothing beneath an act commits.
"""
