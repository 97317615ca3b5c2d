"""Prompt to completion: the interface, the table of reasoners, how one is asked, and a fake.

tokens  what a model reads and writes, whoever runs it: its tokenizer, chat and grammar
local   models in this process
omni    models in this process that look at the clip and listen to it themselves
served  models that another program runs
http    requests to a model server, for whoever needs one

`tokens` and `http` know of no other room; `local` and `served` stand on them and know nothing of
each other; `omni` stands on `local`.
"""
