# Sourced by the scripts beside it, which set CODEACT and JOBS.

generate() { # generate FOLDER OPTIONS...: the runs of a teacher; FOLDER.done says that they are all there
  [ -e "$1.done" ] || "$CODEACT" data generate --out "$1" --jobs "$JOBS" "${@:2}"
  touch "$1.done"
}

choose() { # choose [SPLIT]: `learned` and `asked` are the options of `data generate` and of `bench` for FAMILIES, or else DOMAINS; empty: all.
  learned=() asked=() # the families of unseen-tools are others
  [ -z "${DOMAINS:-}" ] || learned=(--domain "$DOMAINS") asked=(--option "domain=$DOMAINS")
  [ -z "$FAMILIES" ] || learned=(--family "$FAMILIES")
  [ -z "$FAMILIES" ] || [ "${1:-}" = unseen-tools ] || asked=(--option "family=$FAMILIES")
}
