"""The demonstration: plainly fictional bodies and organisations who live through fifteen months by the acts of anyone.

Nothing here writes a row or a signature of its own. The database's clock is moved by its owner between the acts, from
the past to exactly now; every certificate is decided on its own day by a person with a key of their own.
"""
