#!/usr/bin/env bash
# The adapter that is shipped with this version, from nothing: in two hours on two cores, and so with less than `codeact_agent.sh` takes:
# short examples only, most of them of everyday work and mathematics, and no runs of the agent's own.
#
#   runs/first_agent.sh [FOLDER]
#
# Every stage goes on where it stopped, and is skipped if it is done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${1:-first-agent}
JOBS=${JOBS:-2} CODEACT=${CODEACT:-codeact}
questions=examples/first_questions.jsonl
runs=()

generate() { # generate NAME OPTIONS...
  local name=$1
  shift
  runs+=("$out/$name")
  [ -e "$out/$name.done" ] || "$CODEACT" data generate --out "$out/$name" --jobs "$JOBS" "$@"
  touch "$out/$name.done"
}

mkdir -p "$out"
generate everyday --count 2600 --task-seed 1 --domain everyday --model oracle
generate mathematics --count 1800 --task-seed 1 --domain mathematics --model oracle
generate slips --count 1600 --task-seed 2 --domain everyday,mathematics --model slipped:oracle
generate composition --count 700 --task-seed 3 --domain composition --model oracle
generate composition-slips --count 350 --task-seed 4 --domain composition --model slipped:oracle
generate others --count 1000 --task-seed 1 --domain tables,information,programming --model oracle
generate others-slips --count 450 --task-seed 2 --domain tables,information,programming --model slipped:oracle
talk=everyday/greeting,everyday/thanks,everyday/who-are-you,everyday/small-talk
generate talk --count 200 --task-seed 6 --family "$talk" --model oracle

[ -e "$out/train.jsonl" ] || "$CODEACT" data filter "${runs[@]}" --max-chars 1400 --out "$out/train.jsonl" --questions "$questions"
"$CODEACT" data stats "$out/train.jsonl"
"$CODEACT" data leaks "$out/train.jsonl" --questions "$questions"
"$CODEACT" train sft --config runs/smol_lora_first.toml --data "$out/train.jsonl" --out "$out/smol"
"$CODEACT" train export "$out/smol/result" --output "$out/adapter.gguf"
echo "the adapter: $out/adapter.gguf; try it: codeact --model local:base+$out/adapter.gguf 'What is 18% of 2350?'"
