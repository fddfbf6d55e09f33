"""The words and rules of conformity assessment: identifiers, periods, standing, scope, accreditation, names.

Pure vocabulary. Nothing here reads a clock, a file outside this package, a database or a network; the standard
library, its zone data (`tzdata`) and `app.errors` are all it knows. The registry's acts, the database's tests and the
examiner that a stranger runs share these rules, so that none of them can be more lenient than another.
"""
