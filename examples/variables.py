"""Variables of a session, looked at from outside: none of the session's code runs for it."""

import codeact

with codeact.Session() as session:
    session.run("import math\nprices = {'apple': 1.2, 'pear': 2.5}\nword = 'x' * 1000\ndef area(r): return math.pi * r**2")

    found = session.variables()
    for one in found.variables:
        print(one.name, one.type, one.shape, one.preview[:30], sep=" | ")
    print(found.more, "more")
