"""Machine: read, compose, secure and check signed documents; bytes, keys and a time in, bytes or an exception out.

Everything signed is an ES256 JWS over exact bytes. What comes from outside stays *unverified* until a check has
returned another type. No network, no clock, no database.
"""
