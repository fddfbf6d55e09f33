"""Who is acting and what they may do: actors, the scopes that acts need, and the checks of a machine's sign-in.

Pure: keys, presented text and a time in, an actor or a coded refusal out. No HTTP, no SQL; the store of clients,
used assertions and tokens is `app/storage/sessions.py`, the acts that join both are `app/registry/sign_in.py`.
"""
