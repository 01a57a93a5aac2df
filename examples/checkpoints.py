"""Checkpoints: a crash loses nothing, and the past can be gone back to."""

import codeact

with codeact.Session() as session:
    session.run("total = 1")
    mark = session.checkpoint()
    session.run("total = 2; open('note.txt', 'w').write('two')")

    crashed = session.run("total = 3; import os; os.abort()")
    print(crashed.status, crashed.restored, session.run("total").result)

    session.rollback(mark)
    print(session.run("import os; total, os.listdir()").result)
