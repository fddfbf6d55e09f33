"""Machine: the append-only log as a Merkle tree, its tiles, signed checkpoints, cosignatures and proofs.

RFC 6962 hashing, laid out and signed as C2SP says (tlog-tiles, signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof, tlog-policy), so that anybody's tools can walk our log. Bytes in, bytes or a refusal out: no network, no
files, no clock, no database. What comes from outside is `presented_` until a function here has checked it.
"""
