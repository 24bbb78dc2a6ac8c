"""The demonstration year: a believable, deterministic year of cases in Nantong, made through the same services as
users.

plan.py            which cases there are: where, when, which story
stories*.py        what happens in each kind of case, step by step
actor.py           drives the services for one case: who acts, when, with which form
matter.py          what a case is about: parties, rights, goods, money, and the sentences that tell it
violations.py      acts, provisions and how they are punished
people.py          accounts and organs
load.py            plays all cases together in the order of time
"""
