"""The HTTP door: JSON in and out, problem documents, sign-in of machines, health. It decides nothing.

A route parses what was presented into vocabulary, calls one act, and shows its result. What all routes share stands
beside them: strict bodies (`bodies`, `fields`), refusals (`problems`), who is calling (`dependencies`), pages of lists
(`pagination`), ETags (`conditional`), retries (`idempotency`), limits (`limits`), what wraps them (`middleware`).
"""
