#!/bin/sh
# Helm calls it with the files of a certificate, a key and an authority, and the chart's address.
program=${CHARTWRIGHT_BIN:-chartwright}
if ! command -v "$program" >/dev/null 2>&1; then
  echo "chartwright-getter: there is no command $program: install it, or set CHARTWRIGHT_BIN to its path" >&2
  exit 127
fi
exec "$program" helm-getter "$@"
