# Read by bash before the script (BASH_ENV). Counts its commands, writes each down as it is run, and pulls the plug before
# number $DIE_AT.
set -o functrace
exec 9>>"$MACHINE/xtrace"
BASH_XTRACEFD=9
before() {
  read -r counted <"$MACHINE/count"
  counted=$((counted + 1))
  echo "$counted" >"$MACHINE/count"
  echo "${BASH_LINENO[0]} ${BASH_COMMAND%%$'\n'*}" >>"$MACHINE/lines"
  if [ "$counted" = "$DIE_AT" ]; then kill -KILL $$ "$BASHPID"; fi
}
trap before DEBUG
set -x
