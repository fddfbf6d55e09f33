"""Door: operators and offline verifiers at a shell.

Each command is a module of its own name with `add_arguments(parser)` and `run(arguments) -> int`, imported only when it
is called: `akashi verify` starts without a web framework and without SQLAlchemy. Exit codes stand in `main`.
"""
