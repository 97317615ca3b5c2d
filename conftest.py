"""Random cases of the tests are the same in every run; `make fuzz` draws new ones.

It stands here and not in `tests/`, where it would put that folder on the path and `tests/datasets`
before the library of that name.
"""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("fuzz", derandomize=False, print_blob=True)
settings.load_profile("repeatable")
