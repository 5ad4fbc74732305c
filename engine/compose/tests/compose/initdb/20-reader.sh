#!/bin/sh
set -eu
psql --username "$POSTGRES_USER" --command "CREATE ROLE reader"
