"""Machine: whose keys a verifier trusts (anchors), and whether a chain of X.509 certificates leads to them.

X.509 says who holds a key; only an accreditation body's key binding says what the key may sign. Both are required and
neither replaces the other. No network, no clock: anchors, certificates and an instant in, a key or a refusal out.
"""
