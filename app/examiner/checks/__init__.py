"""The checks of an examination, one file each, in the order of `docs/verification.md`.

Each takes the opened evidence and the question and returns one `Check` with its result, code and the digests of what
it looked at. None of them raises for what the evidence says, and none decides the verdict.
"""
