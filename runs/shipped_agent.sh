#!/usr/bin/env bash
# The adapter that is shipped with this version, from nothing, in eight rounds: less than `codeact_agent.sh` takes, and no
# runs of the agent's own. The second and third round begin with the adapter of the one before (`--start`), the fourth with the mean of the
# first and the third, the fifth with the mean of that and the fourth, the seventh (a sixth was made and not kept) with the mean of that and
# the fifth, the eighth with the seventh, the ninth with the eighth; shipped is what that ends with. Ten hours and a half of steps on two
# cores, all but the last two rounds without bf16.
#
#   runs/shipped_agent.sh [FOLDER]
#
# Every stage goes on where it stopped, and is skipped if it is done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source runs/generate.sh

out=${1:-shipped-agent}
JOBS=${JOBS:-2} CODEACT=${CODEACT:-codeact}
questions=examples/first_questions.jsonl
talk=everyday/greeting,everyday/thanks,everyday/who-are-you,everyday/small-talk

train() { # train ROUND MOST_CHARACTERS SELF_DEBUG START NAMES...: filter runs, check for leaks, train; the adapter is FOLDER/ROUND.gguf
  local round=$1 most=$2 share=$3 start=$4
  shift 4
  local runs=("${@/#/$out/$round-}")
  [ -e "$out/$round.jsonl" ] ||
    "$CODEACT" data filter "${runs[@]}" --max-chars "$most" --self-debug "$share" --out "$out/$round.jsonl" --questions "$questions"
  "$CODEACT" data stats "$out/$round.jsonl"
  "$CODEACT" data leaks "$out/$round.jsonl" --questions "$questions"
  "$CODEACT" train sft --config "runs/smol_lora_$round.toml" --data "$out/$round.jsonl" --out "$out/$round" ${start:+--start "$start"}
  "$CODEACT" train export "$out/$round/result" --output "$out/$round.gguf"
}

mkdir -p "$out"

# What the program families of the first day can teach: everyday work and mathematics most of all.
generate "$out/first-everyday" --count 2600 --task-seed 1 --domain everyday --model oracle
generate "$out/first-mathematics" --count 1800 --task-seed 1 --domain mathematics --model oracle
generate "$out/first-slips" --count 1600 --task-seed 2 --domain everyday,mathematics --model slipped:oracle
generate "$out/first-composition" --count 700 --task-seed 3 --domain composition --model oracle
generate "$out/first-composition-slips" --count 350 --task-seed 4 --domain composition --model slipped:oracle
generate "$out/first-others" --count 1000 --task-seed 1 --domain tables,information,programming --model oracle
generate "$out/first-others-slips" --count 450 --task-seed 2 --domain tables,information,programming --model slipped:oracle
generate "$out/first-talk" --count 200 --task-seed 6 --family "$talk" --model oracle
train first 1400 0.25 "" everyday mathematics slips composition composition-slips others others-slips talk

# Tools, tables and programs, which the first round had too little of.
generate "$out/second-composition" --count 300 --task-seed 13 --domain composition --model oracle
generate "$out/second-composition-slips" --count 60 --task-seed 14 --domain composition --model slipped:oracle
generate "$out/second-others" --count 420 --task-seed 11 --domain tables,information,programming --model oracle
generate "$out/second-others-slips" --count 75 --task-seed 12 --domain tables,information,programming --model slipped:oracle
generate "$out/second-embodied" --count 50 --task-seed 11 --domain embodied --model oracle
generate "$out/second-again" --count 110 --task-seed 15 --domain everyday,mathematics --model oracle
generate "$out/second-again-slips" --count 20 --task-seed 16 --domain everyday,mathematics --model slipped:oracle
train second 1950 0.15 "$out/first.gguf" composition composition-slips others others-slips embodied again again-slips

# More kinds of short questions, each seldom, and something of all else so that it is not forgotten.
generate "$out/third-short" --count 2600 --task-seed 21 --domain everyday,mathematics --model oracle
generate "$out/third-short-slips" --count 250 --task-seed 22 --domain everyday,mathematics --model slipped:oracle
generate "$out/third-talk" --count 40 --task-seed 23 --family "$talk" --model oracle
generate "$out/third-composition" --count 175 --task-seed 24 --domain composition --model oracle
generate "$out/third-others" --count 200 --task-seed 24 --domain tables,information,programming --model oracle
generate "$out/third-embodied" --count 30 --task-seed 24 --domain embodied --model oracle
train third 1950 0.05 "$out/second.gguf" short short-slips talk composition others embodied

# The later rounds learned new kinds and forgot old ones; the mean does both.
[ -e "$out/mean.gguf" ] || "$CODEACT" train average "$out/first.gguf" "$out/third.gguf" --output "$out/mean.gguf"

# All kinds, longer conversations too; a quarter of it mistakes that are mended, in two fifths of those after they were made twice.
generate "$out/fourth-short" --count 1950 --task-seed 31 --domain everyday,mathematics --model oracle
generate "$out/fourth-short-slips" --count 480 --task-seed 32 --domain everyday,mathematics --model slipped:oracle
generate "$out/fourth-short-stuck" --count 240 --task-seed 33 --domain everyday,mathematics --model slipped:slipped:oracle
generate "$out/fourth-talk" --count 50 --task-seed 36 --family "$talk" --model oracle
generate "$out/fourth-composition" --count 520 --task-seed 33 --domain composition --model oracle
generate "$out/fourth-composition-slips" --count 125 --task-seed 34 --domain composition --model slipped:oracle
generate "$out/fourth-composition-stuck" --count 70 --task-seed 35 --domain composition --model slipped:slipped:oracle
generate "$out/fourth-others" --count 780 --task-seed 31 --domain tables,information,programming --model oracle
generate "$out/fourth-others-slips" --count 160 --task-seed 32 --domain tables,information,programming --model slipped:oracle
generate "$out/fourth-others-stuck" --count 150 --task-seed 33 --domain tables,information,programming --model slipped:slipped:oracle
generate "$out/fourth-embodied" --count 230 --task-seed 31 --domain embodied --model oracle
generate "$out/fourth-embodied-stuck" --count 40 --task-seed 33 --domain embodied --model slipped:slipped:oracle
train fourth 3200 0.15 "$out/mean.gguf" short short-slips short-stuck talk composition composition-slips composition-stuck \
  others others-slips others-stuck embodied embodied-stuck
[ -e "$out/both.gguf" ] || "$CODEACT" train average "$out/mean.gguf" "$out/fourth.gguf" --output "$out/both.gguf"

# What learns slowest, several tools at once and the household, with some of all else.
generate "$out/fifth-composition" --count 2100 --task-seed 41 --domain composition --model oracle
generate "$out/fifth-composition-slips" --count 420 --task-seed 42 --domain composition --model slipped:oracle
generate "$out/fifth-embodied" --count 450 --task-seed 41 --domain embodied --model oracle
generate "$out/fifth-embodied-slips" --count 80 --task-seed 42 --domain embodied --model slipped:oracle
generate "$out/fifth-others" --count 1000 --task-seed 41 --domain tables,information,programming --model oracle
generate "$out/fifth-others-slips" --count 300 --task-seed 42 --domain tables,information,programming --model slipped:oracle
generate "$out/fifth-short" --count 700 --task-seed 41 --domain everyday,mathematics --model oracle
generate "$out/fifth-short-slips" --count 250 --task-seed 42 --domain everyday,mathematics --model slipped:oracle
train fifth 3200 0.15 "$out/both.gguf" composition composition-slips embodied embodied-slips others others-slips short short-slips
[ -e "$out/fifth-mean.gguf" ] || "$CODEACT" train average "$out/both.gguf" "$out/fifth.gguf" --output "$out/fifth-mean.gguf"

kinds() { # kinds ROUND SEED STUCK SHARE START "DOMAIN EXPERTS SLIPS"...: a round over all kinds, a slip made once or (STUCK tasks) twice
  local round=$1 seed=$2 stuck=$3 share=$4 start=$5 domain experts slips names=()
  shift 5
  for each in "$@"; do
    read -r domain experts slips <<<"$each"
    generate "$out/$round-$domain" --count "$experts" --task-seed "$seed" --domain "$domain" --model oracle
    generate "$out/$round-$domain-slips" --count "$slips" --task-seed $((seed + 1)) --domain "$domain" --model slipped:oracle
    names+=("$domain" "$domain-slips")
  done
  generate "$out/$round-stuck" --count "$stuck" --task-seed $((seed + 2)) --model slipped:slipped:oracle
  train "$round" 3200 "$share" "$start" "${names[@]}" stuck
}

# All kinds again, with new tasks, at half the rate, and once more for three times as long.
kinds seventh 71 450 0.18 "$out/fifth-mean.gguf" "everyday 1900 260" "mathematics 1500 200" "programming 900 140" "tables 900 150" \
  "information 900 120" "embodied 650 110" "composition 1500 260"
kinds eighth 81 600 0.2 "$out/seventh.gguf" "composition 2300 420" "everyday 2500 460" "tables 1150 240" "mathematics 1600 300" \
  "information 800 150" "programming 1000 220" "embodied 700 150"

# Short questions most of all, and for information seeking, for the first time, the registers.
kinds ninth 91 400 0.2 "$out/eighth.gguf" "everyday 2600 450" "mathematics 1500 280" "composition 1400 260" "information 600 110" \
  "programming 480 100" "tables 400 80" "embodied 300 60"
echo "the adapter: $out/ninth.gguf; try it: codeact --model local:base+$out/ninth.gguf 'What is 18% of 2350?'"
