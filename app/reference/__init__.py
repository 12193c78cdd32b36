"""Reference data: Parties, their groups, and the targets, as CSV files and a pure loader.

The files are facts, one thing a row, in six languages. A period runs from `from` up to and with
`to`; an empty end means "as far as known", and `as_of` then says for which day the source speaks.
"""
