"""The strict base64 of `app.keys.encoding`, under the name by which credentials and their readers use it.

It lives with the keys because thumbprints and public keys are written in it too, and keys know nothing of credentials.
"""

from __future__ import annotations

from app.keys.encoding import MalformedBase64, b64, b64_decode, b64u, b64u_decode

__all__ = ["MalformedBase64", "b64", "b64_decode", "b64u", "b64u_decode"]
