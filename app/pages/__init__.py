"""Door: server-rendered pages, English and Japanese equal; no scripts, no cookies, nothing from elsewhere.

The answer comes first and in words; shape and colour repeat it. A page says nothing that the verification report
does not say: it renders the report, adds labels from `words.toml`, and never decides anything itself.
"""
