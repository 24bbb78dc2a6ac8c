"""The demonstration year: believable, deterministic cases of Nantong, made through the same services as users.

load.py            plays all cases together in the order of time
plan.py            which cases there are: where, when, which story
stories.py         every story, how often it is told, when it may begin; the stories themselves are in stories_*.py
showcase.py        the newest cases, which stop where somebody has to act
passages.py        stretches that many stories share; forms.py what is filled in on the way
actor.py           drives the services for one case: who acts, and when; clock.py office hours
matter.py          what a case is about; violations.py, goods_and_parties.py, texts.py, words.py its parts
people.py          accounts and organs
"""
