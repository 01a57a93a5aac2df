#!/usr/bin/env bash
# What each part of the recipe is worth: an adapter trained again with one part left out or added, from as many steps, and measured alike.
#
#   runs/agent_ablations.sh [FOLDER of codeact_agent.sh]
#
# - whole: the examples
# - no-self-debug: no run with a mended mistake
# - half-the-data: every second example
# - own-runs: the examples, and runs of the agent after `whole` that were right (rejection sampling)
# Each is scored on the splits and, with a mistake as its first action, on the first of them. It goes on where it stopped. Sizes can be set:
# COUNT (tasks of each split), SPLITS (those, with blanks between), OWN (tasks for the agent's own runs), CONFIG (of the training), JOBS; and
# what is learned: EXAMPLES (a file), EXPERTS and MENDED (folders of runs, with blanks between, of which EXAMPLES was made), FAMILIES (with
# commas between; empty: all).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source runs/generate.sh

out=${1:-codeact-agent}
COUNT=${COUNT:-210} OWN=${OWN:-700} JOBS=${JOBS:-2} CODEACT=${CODEACT:-codeact} CONFIG=${CONFIG:-runs/smol_lora_short.toml}
EXAMPLES=${EXAMPLES:-$out/first.jsonl} FAMILIES=${FAMILIES:-}
read -ra experts <<<"${EXPERTS:-$out/experts $out/experts-more $out/talk}"
read -ra mended <<<"${MENDED:-$out/slips $out/stuck $out/slips-more}"
read -ra splits <<<"${SPLITS:-test unseen-phrasing unseen-tools}"
questions=examples/first_questions.jsonl

arm() { # arm NAME DATA
  local folder="$out/ablations/$1"
  "$CODEACT" train sft --config "$CONFIG" --data "$2" --out "$folder/sft"
  for split in "${splits[@]}"; do
    choose "$split"
    measure "$folder/$split" "local:base+$folder/sft/result/adapter.gguf" --option "split=$split" "${asked[@]}"
  done
  choose
  measure "$folder/slipped" "slipped:local:base+$folder/sft/result/adapter.gguf" --option split=test --suite-seed 1 "${asked[@]}"
}

measure() { # measure FOLDER MODEL OPTIONS...
  "$CODEACT" bench instruct --model "$2" --format code --max-turns 6 --max-tokens 400 --jobs 1 --no-baselines --out "$1" --option "count=$COUNT" "${@:3}"
}

mkdir -p "$out/ablations"
plain="$out/ablations/no-self-debug.jsonl" half="$out/ablations/half.jsonl" own="$out/ablations/own"
[ -e "$plain" ] || "$CODEACT" data filter "${experts[@]}" --self-debug 0 --out "$plain" --questions "$questions"
[ -e "$half" ] || awk 'NR % 2' "$EXAMPLES" >"$half"

arm whole "$EXAMPLES"
arm no-self-debug "$plain"
arm half-the-data "$half"
generate "$own" "${learned[@]}" --count "$OWN" --task-seed 5 --repeats 2 --temperature 0.7 --seed 1 --max-turns 6 --max-tokens 400 \
  --model "local:base+$out/ablations/whole/sft/result/adapter.gguf"
[ -e "$own.jsonl" ] || "$CODEACT" data filter "${experts[@]}" "${mended[@]}" "$own" --out "$own.jsonl" --questions "$questions"
arm own-runs "$own.jsonl"
