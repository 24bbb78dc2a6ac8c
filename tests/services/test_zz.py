from tests.support.spine import *
from caseapp.queries.ledger_check import verify
from caseapp.services.ledger_anchor import anchor
from caseapp.services.ledger_rebuild import differences, rebuild
from caseapp.services.case_approve import sign

def test_x(house):
    r=house.register(); print(r)
    house.later(days=3)
    print(house.take(r.id,"file"))
    house.later(days=3)
    house.take(r.id,"suspend")
    house.later(days=3)
    house.take(r.id,"resume")
    house.take(r.id,"extend",{"n":5})
    o=house.take(r.id,"decide")
    with house.context(HEAD) as ctx: sign(ctx,o.approval,verdict="signed",opinion="同意",seen_version=None)
    with house.context(LEADER) as ctx: print(sign(ctx,o.approval,verdict="signed",opinion="同意",seen_version=None))
    with house.context() as ctx:
        print(list(differences(ctx)))
        print(verify(ctx)); print(anchor(ctx)); print(verify(ctx)); print(anchor(ctx)); print(rebuild(ctx))
    for p in house.anchors.iterdir(): print(p, p.read_text())
