#!/usr/bin/env bash
# The scores of the shipped agent's card: `local` and the model without our adapter, greedy, the first answer counts, at most 6 turns.
#
#   runs/agent_scores.sh [FOLDER]      COUNT: tasks of each split; MODELS: who, with blanks between
#
# Every suite has a folder of results with a report; a run that was stopped goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${1:-agent-scores}
COUNT=${COUNT:-210} MODELS=${MODELS:-local local:base} CODEACT=${CODEACT:-codeact}
models=()
for name in $MODELS; do models+=(--model "$name"); done

score() { # score NAME SUITE OPTIONS...
  local name=$1 suite=$2
  shift 2
  "$CODEACT" bench "$suite" "${models[@]}" --format code --max-turns 6 --max-tokens 400 --jobs 1 --no-baselines --out "$out/$name" "$@"
}

score first-questions examples/suites/first_questions
for split in test unseen-phrasing unseen-tools; do
  score "$split" instruct --option "split=$split" --option "count=$COUNT"
done
score m3 m3

# A mistake is put into the agent's mouth as its first action: how often does it still come to the right answer?
slipped=()
for name in $MODELS; do slipped+=(--model "slipped:$name"); done
"$CODEACT" bench instruct "${slipped[@]}" --format code --max-turns 6 --max-tokens 400 --jobs 1 --no-baselines --out "$out/slipped" \
  --option split=test --option "count=$COUNT" --suite-seed 1
