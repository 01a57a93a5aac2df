"""The program that holds a stage: run as root or as an ordinary user, it takes names of attacks and answers with verdicts."""

import sys
from pathlib import Path

from sandbox.attacks import calls, exhaustion, files, kernel, network, processes, rollback, stage, twins, wire

GROUPS = (files, network, processes, kernel, exhaustion, wire, rollback, twins, calls)

if __name__ == "__main__":
    stage.serve(sys.argv[1], Path(sys.argv[2]))
