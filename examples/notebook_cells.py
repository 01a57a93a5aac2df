"""The cells of a notebook, run by IPython itself; a script stands for the model, and what the cells show is left out."""

from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

SCRIPT = """\
I group the rows.
<execute>
means = df.groupby('kind').price.mean()
means
</execute>
---
<solution>Tea costs **2.5** on average.</solution>
"""
CELLS = [
    "%load_ext codeact",
    "import pandas\ndf = pandas.DataFrame({'kind': ['tea', 'tea', 'nut'], 'price': [2.0, 3.0, 9.0]})",
    "%%agent --model script:talk.txt --push df --pull means\nWhat does tea cost on average? Keep the means in `means`.",
    "state, answer, tea = _agent.state, _agent.answer, means['tea']",
    "%unload_ext codeact",
]

Path("talk.txt").write_text(SCRIPT, encoding="utf-8")
shell = InteractiveShell()
for cell in CELLS:
    with capture_output():
        shell.run_cell(cell)

for name in ("state", "answer", "tea"):
    print(name, "=", shell.user_ns[name])
