"""A session by itself: state that is kept, results, output, errors and files."""

import codeact

with codeact.Session() as session:
    session.run("import math; r = 2")
    print(session.run("math.pi * r**2").result)

    observation = session.run("print('working'); 1 / 0")
    print(observation.status, repr(observation.stdout), observation.error.name if observation.error else None)

    observation = session.run("open('notes.txt', 'w').write('hello')")
    print([(change.path, change.change, change.size) for change in observation.files])
