"""Prompt to completion: the interface, the table of reasoners, how one is asked, and a fake.

local   models in this process
served  models that another program runs
omni    models that look at the clip and listen to it themselves
http    requests to a model server, for whoever needs one
"""
