#!/usr/bin/env bash
# The paper's question at this scale: the same small model, taught the same tasks in code, JSON or text; which way of acting serves it best?
#
#   runs/format_experiment.sh [FOLDER]
#
# Three adapters learn from the runs of the same tasks, each in one format, with the same budget of tokens; each does the same new tasks in
# its own format, and success and turns are compared task by task. It goes on where it stopped. Sizes can be set: TASKS and SLIPS (tasks to
# learn from), COUNT (tasks to measure on, of each split), SPLITS (those, with blanks between; m3 is all of it), CONFIG (of the training),
# SEED (of the training), JOBS; and what is learned: DOMAINS, or FAMILIES of them, with commas between. The split unseen-tools is of the
# domains in any case, since its families are others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source runs/generate.sh

out=${1:-format-experiment}
TASKS=${TASKS:-1200} SLIPS=${SLIPS:-500} COUNT=${COUNT:-210} SEED=${SEED:-0} JOBS=${JOBS:-2}
CODEACT=${CODEACT:-codeact} CONFIG=${CONFIG:-runs/smol_lora_short.toml}
DOMAINS=${DOMAINS:-composition,information,embodied} FAMILIES=${FAMILIES:-} questions=examples/first_questions.jsonl
read -ra splits <<<"${SPLITS:-test unseen-phrasing unseen-tools m3}"
mkdir -p "$out"
choose

measure() { # measure NAME FORMAT SUITE OPTIONS...
  "$CODEACT" bench "$3" --model "local:base+$out/$2/sft/result/adapter.gguf" --format "$2" --max-turns 6 --max-tokens 400 --jobs 1 --no-baselines \
    --out "$out/$2/$1" "${@:4}"
}

for format in code json text; do
  folder="$out/$format"
  mkdir -p "$folder"
  generate "$folder/experts" "${learned[@]}" --format "$format" --count "$TASKS" --task-seed 11 --model oracle
  generate "$folder/slips" "${learned[@]}" --format "$format" --count "$SLIPS" --task-seed 12 --model slipped:oracle
  [ -e "$folder/train.jsonl" ] || "$CODEACT" data filter "$folder/experts" "$folder/slips" --out "$folder/train.jsonl" --questions "$questions"
  "$CODEACT" data stats "$folder/train.jsonl"
  "$CODEACT" data leaks "$folder/train.jsonl" --questions "$questions"
  "$CODEACT" train sft --config "$CONFIG" --data "$folder/train.jsonl" --out "$folder/sft" --seed "$SEED"
  for split in "${splits[@]}"; do
    if [ "$split" = m3 ]; then
      measure m3 "$format" m3
    else
      choose "$split"
      measure "$split" "$format" instruct --option "split=$split" --option "count=$COUNT" "${asked[@]}"
    fi
  done
done

for other in json text; do
  for split in "${splits[@]}"; do
    "$CODEACT" bench --compare "$out/$other/$split" "$out/code/$split" | tee "$out/$split-$other-to-code.txt"
  done
done
