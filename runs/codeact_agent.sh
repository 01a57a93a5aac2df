#!/usr/bin/env bash
# The shipped agent, from nothing: tasks, runs, examples, a first adapter, its own runs, and the adapter that is shipped.
#
#   runs/codeact_agent.sh [FOLDER]
#
# Every stage goes on where it stopped, and is skipped if it is done; the time of each (of one that was stopped, of its last part) is in
# FOLDER/stages.txt. Sizes can be set:
#   TASKS (tasks for the experts), SLIPS (tasks that begin with a mistake), STUCK (tasks whose mistake is made twice),
#   MORE and MORE_SLIPS (as many more of several tools), TALK (greetings and the like, which need no code), OWN (tasks that the agent does itself), JOBS;
#   CONFIG is the training's: runs/smol_lora.toml (a night on two cores), or runs/smol_lora_short.toml (an hour, to try it)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source runs/generate.sh

out=${1:-codeact-agent}
TASKS=${TASKS:-2800} SLIPS=${SLIPS:-1000} STUCK=${STUCK:-400} MORE=${MORE:-800} MORE_SLIPS=${MORE_SLIPS:-400} TALK=${TALK:-260} OWN=${OWN:-700} JOBS=${JOBS:-2}
CODEACT=${CODEACT:-codeact} CONFIG=${CONFIG:-runs/smol_lora.toml}
questions=examples/first_questions.jsonl
mkdir -p "$out"

stage() { # stage NAME FILE COMMAND...: run unless FILE is there; note the time
  local name=$1 made=$2 start=$SECONDS
  shift 2
  if [ -e "$made" ]; then
    echo "== $name: done before"
    return
  fi
  echo "== $name"
  "$@"
  printf '%-28s %6d s\n' "$name" $((SECONDS - start)) | tee -a "$out/stages.txt"
}

train() { # train FOLDER DATA: an adapter; a run that was stopped goes on
  "$CODEACT" train sft --config "$CONFIG" --data "$2" --out "$1"
  "$CODEACT" train export "$1/result" --output "$1/adapter.gguf"
}

leaks() { # leaks EXAMPLES REPORT
  "$CODEACT" data leaks "$1" --questions "$questions" | tee "$2.part"
  mv "$2.part" "$2"
}

stage "experts" "$out/experts.done" generate "$out/experts" --count "$TASKS" --task-seed 1 --model oracle
stage "mistakes mended" "$out/slips.done" generate "$out/slips" --count "$SLIPS" --task-seed 2 --model slipped:oracle
stage "mistakes made twice" "$out/stuck.done" generate "$out/stuck" --count "$STUCK" --task-seed 7 --model slipped:slipped:oracle
stage "experts, several tools" "$out/experts-more.done" generate "$out/experts-more" --count "$MORE" --task-seed 3 --domain composition --model oracle
stage "mistakes, several tools" "$out/slips-more.done" generate "$out/slips-more" --count "$MORE_SLIPS" --task-seed 4 --domain composition \
  --model slipped:oracle
talk=everyday/greeting,everyday/thanks,everyday/who-are-you,everyday/small-talk
stage "plain conversation" "$out/talk.done" generate "$out/talk" --count "$TALK" --task-seed 6 --family "$talk" --model oracle
runs=("$out/experts" "$out/slips" "$out/stuck" "$out/experts-more" "$out/slips-more" "$out/talk")
stage "examples" "$out/first.jsonl" "$CODEACT" data filter "${runs[@]}" --out "$out/first.jsonl" --questions "$questions"
"$CODEACT" data stats "$out/first.jsonl"
stage "leak check" "$out/leaks.txt" leaks "$out/first.jsonl" "$out/leaks.txt"
stage "first adapter" "$out/first/adapter.gguf" train "$out/first" "$out/first.jsonl"

# Rejection sampling: the agent does tasks of training itself, several times each; what it gets right is learned beside the experts' runs.
stage "own runs" "$out/own.done" generate "$out/own" --count "$OWN" --task-seed 5 --repeats 2 --temperature 0.7 --seed 1 --max-turns 6 \
  --max-tokens 400 --model "local:base+$out/first/adapter.gguf"
stage "examples, with its own" "$out/second.jsonl" "$CODEACT" data filter "${runs[@]}" "$out/own" --out "$out/second.jsonl" --questions "$questions"
"$CODEACT" data stats "$out/second.jsonl"
stage "second leak check" "$out/second-leaks.txt" leaks "$out/second.jsonl" "$out/second-leaks.txt"
stage "second adapter" "$out/second/adapter.gguf" train "$out/second" "$out/second.jsonl"
echo "the adapter: $out/second/adapter.gguf; try it: codeact --model local:base+$out/second/adapter.gguf 'What is 18% of 2350?'"
