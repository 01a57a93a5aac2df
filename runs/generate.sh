# Sourced by the scripts beside it, which set CODEACT and JOBS.

generate() { # generate FOLDER OPTIONS...: the runs of a teacher; FOLDER.done says that they are all there
  [ -e "$1.done" ] || "$CODEACT" data generate --out "$1" --jobs "$JOBS" "${@:2}"
  touch "$1.done"
}
