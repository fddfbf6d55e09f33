"""The acts: what a registry of conformity assessment does, one file each, named as ISO/IEC 17000 and 17021-1 name them.

An act is a function of `Registry` and an `Actor`. It owns its transactions, returns small frozen results, and knows
nothing of HTTP. Rules live in the database; an act that breaks one raises an `AkashiError` with its code.
"""
