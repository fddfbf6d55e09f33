"""Status lists: a position for each purpose of each version, published together so that nobody is singled out.

W3C Bitstring Status List v1.0. Pure: positions, bytes and a time in; bytes, facts or an exception out. A list is a
second witness of a standing event and never the only one. Who draws positions, signs and publishes is not decided here.
"""
