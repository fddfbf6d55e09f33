"""Where keys are kept and what they sign: ES256 (ECDSA on P-256 with SHA-256, RFC 7518 §3.4) and nothing else.

A key is known by its thumbprint. Private keys leave this package only encrypted, and no `repr` shows one.
"""
