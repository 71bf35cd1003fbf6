"""Certificates: who has reached what, by a rule in a file; signed, so that anybody can check it.

rule.py     grading/completion.yml: which assignments with what percent make which award
reached.py  who has reached it, by the marks that stand in the gradebook and the ledger
keys.py     the academy's key, made once;  revoked.py  the list of what no longer counts
issue.py    the credentials, each a line of the ledger
paper.py    the certificate as a PDF;  medal.py  the badge as a picture
verify.py   whether a file is what it says
"""
