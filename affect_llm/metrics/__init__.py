"""Pure functions of labels and numbers, one idea per file.

Every function refuses inputs that make no sense with a `DataError`, and returns None where its
value is not defined (nothing to count); it never returns 0 for that.
"""
