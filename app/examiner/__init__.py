"""The examiner: what a stranger runs. Evidence, anchors and a time in; a report out.

Nothing here opens a file, a connection or a clock, and nothing here trusts the registry: a fact counts when its
asserter's signature holds over the exact bytes and a path of signed statements leads from that key to an anchor which
the verifier chose. A report never raises for a bad certificate. Not performed is not passed, old is not fresh, and
unknown is not invalid.
"""
