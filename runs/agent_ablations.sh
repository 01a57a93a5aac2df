#!/usr/bin/env bash
# What each part of the recipe is worth: the first adapter of runs/codeact_agent.sh, trained again with one part left out, and measured alike.
#
#   runs/agent_ablations.sh [FOLDER of codeact_agent.sh]
#
# - whole: the same examples (for the rejection-sampling round, compare it with FOLDER/second)
# - no-self-debug: no run with a mended mistake
# - half-the-data: every second example, as many steps
# Each is scored on the splits and, with a mistake as its first action, on the first of them. It goes on where it stopped. COUNT: tasks of each split.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${1:-codeact-agent}
COUNT=${COUNT:-210} CODEACT=${CODEACT:-codeact} CONFIG=${CONFIG:-runs/smol_lora_short.toml}
questions=examples/first_questions.jsonl

arm() { # arm NAME DATA
  local folder="$out/ablations/$1"
  "$CODEACT" train sft --config "$CONFIG" --data "$2" --out "$folder/sft"
  for split in test unseen-phrasing unseen-tools; do
    measure "$folder/$split" "local:base+$folder/sft/result/adapter.gguf" --option "split=$split"
  done
  measure "$folder/slipped" "slipped:local:base+$folder/sft/result/adapter.gguf" --option split=test --suite-seed 1
}

measure() { # measure FOLDER MODEL OPTIONS...
  "$CODEACT" bench instruct --model "$2" --format code --max-turns 6 --max-tokens 400 --jobs 1 --no-baselines --out "$1" --option "count=$COUNT" "${@:3}"
}

mkdir -p "$out/ablations"
plain="$out/ablations/no-self-debug.jsonl" half="$out/ablations/half.jsonl"
[ -e "$plain" ] || "$CODEACT" data filter "$out/experts" "$out/experts-more" "$out/talk" --self-debug 0 --out "$plain" --questions "$questions"
[ -e "$half" ] || awk 'NR % 2' "$out/first.jsonl" >"$half"

arm whole "$out/first.jsonl"
arm no-self-debug "$plain"
arm half-the-data "$half"
