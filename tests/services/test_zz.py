import time
from tests.factories.cases import Course
def test_x(course: Course) -> None:
    t=time.time()
    c = course.closed()
    print(time.time()-t)
    t=time.time(); e=course.everything(); print(time.time()-t, {k:len(v) for k,v in e.items()})
    print(course.ledger(c)); print(course.image(c).main.state, course.image(c).number)
    print(course.rows("outbox","topic"), course.rows("notification","kind","user_id"))
