{{/* What is known about the engines: ports, folders, variables of their official images. */}}
{{- define "databasebase.engine" -}}
{{- $engines := dict
  "postgres" (dict
    "port" 5432 "user" 999 "mountpath" "/var/lib/postgresql/data" "subPath" "" "scripts" "/docker-entrypoint-initdb.d" "scheme" "postgresql" "suffix" ".dump"
    "variables" (dict "username" "POSTGRES_USER" "password" "POSTGRES_PASSWORD" "database" "POSTGRES_DB")
    "fixed" (dict "PGDATA" "/var/lib/postgresql/data/pgdata"))
  "mysql" (dict
    "port" 3306 "user" 999 "mountpath" "/var/lib/mysql" "subPath" "data" "scripts" "/docker-entrypoint-initdb.d" "scheme" "mysql" "suffix" ".sql.gz"
    "variables" (dict "username" "MYSQL_USER" "password" "MYSQL_PASSWORD" "database" "MYSQL_DATABASE" "root-password" "MYSQL_ROOT_PASSWORD"))
  "mariadb" (dict
    "port" 3306 "user" 999 "mountpath" "/var/lib/mysql" "subPath" "data" "scripts" "/docker-entrypoint-initdb.d" "scheme" "mysql" "suffix" ".sql.gz"
    "variables" (dict "username" "MARIADB_USER" "password" "MARIADB_PASSWORD" "database" "MARIADB_DATABASE" "root-password" "MARIADB_ROOT_PASSWORD"))
  "mongodb" (dict
    "port" 27017 "user" 999 "mountpath" "/data/db" "subPath" "" "scripts" "/docker-entrypoint-initdb.d" "scheme" "mongodb" "suffix" ".archive.gz"
    "variables" (dict "username" "MONGO_INITDB_ROOT_USERNAME" "password" "MONGO_INITDB_ROOT_PASSWORD" "database" "MONGO_INITDB_DATABASE"))
  "redis" (dict
    "port" 6379 "user" 999 "mountpath" "/data" "subPath" "" "scripts" "" "scheme" "redis" "suffix" ".rdb"
    "variables" (dict "password" "REDIS_PASSWORD"))
  "custom" (dict "port" 0 "mountpath" "/data" "subPath" "" "scripts" "" "scheme" "" "suffix" ".backup" "variables" dict) -}}
{{- $engine := get $engines .Values.engine | default (get $engines "custom") -}}
{{- if eq .Values.engine "custom" -}}
{{- range $name, $field := .Values.auth.variables -}}
{{- if $field -}}
{{- $_ := set $engine.variables $field $name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $engine -}}
{{- end -}}

{{/* The port of the container. */}}
{{- define "databasebase.port" -}}
{{- $engine := include "databasebase.engine" . | fromYaml -}}
{{- $port := .Values.app.port | default $engine.port | int -}}
{{- if not $port -}}
{{- fail "app.port is needed: the port on which an engine of its own kind (engine: custom) listens" -}}
{{- end -}}
{{- $port -}}
{{- end -}}

{{/* The folder with the data in the container. */}}
{{- define "databasebase.mountpath" -}}
{{- $engine := include "databasebase.engine" . | fromYaml -}}
{{- .Values.persistence.mountpath | default $engine.mountpath -}}
{{- end -}}

{{/* Command of the readiness probe; empty for an engine of its own kind. */}}
{{- define "databasebase.readyCommand" -}}
{{- $port := include "databasebase.port" . -}}
{{- if eq .Values.engine "postgres" -}}
exec pg_isready --quiet --host 127.0.0.1 --port {{ $port }} --username "${POSTGRES_USER:-postgres}"
{{- else if eq .Values.engine "mysql" -}}
MYSQL_PWD="${MYSQL_ROOT_PASSWORD:-}" exec mysqladmin ping --silent --host 127.0.0.1 --port {{ $port }} --user root
{{- else if eq .Values.engine "mariadb" -}}
MYSQL_PWD="${MARIADB_ROOT_PASSWORD:-}" exec mariadb-admin ping --silent --host 127.0.0.1 --port {{ $port }} --user root
{{- else if eq .Values.engine "mongodb" -}}
exec mongosh --quiet --host 127.0.0.1 --port {{ $port }} --eval 'quit(db.adminCommand("ping").ok ? 0 : 1)'
{{- else if eq .Values.engine "redis" -}}
[ -z "${REDIS_PASSWORD:-}" ] || export REDISCLI_AUTH="$REDIS_PASSWORD"; [ "$(redis-cli -h 127.0.0.1 -p {{ $port }} ping)" = PONG ]
{{- end -}}
{{- end -}}

{{/* Command that writes a backup to $BACKUP_FILE. */}}
{{- define "databasebase.backupCommand" -}}
{{- if .Values.backup.command -}}
{{- .Values.backup.command -}}
{{- else if eq .Values.engine "postgres" -}}
export PGPASSWORD="${POSTGRES_PASSWORD:-}"
pg_dump --host "$DATABASE_HOST" --port "$DATABASE_PORT" --username "${POSTGRES_USER:-postgres}" \
  --format custom --file "$BACKUP_FILE" "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"
{{- else if eq .Values.engine "mysql" -}}
export MYSQL_PWD="${MYSQL_ROOT_PASSWORD:-}"
mysqldump --host "$DATABASE_HOST" --port "$DATABASE_PORT" --user root --all-databases \
  --single-transaction --routines --events --triggers --result-file "${BACKUP_FILE%.gz}"
gzip --force "${BACKUP_FILE%.gz}"
{{- else if eq .Values.engine "mariadb" -}}
export MYSQL_PWD="${MARIADB_ROOT_PASSWORD:-}"
mariadb-dump --host "$DATABASE_HOST" --port "$DATABASE_PORT" --user root --all-databases \
  --single-transaction --routines --events --triggers --result-file "${BACKUP_FILE%.gz}"
gzip --force "${BACKUP_FILE%.gz}"
{{- else if eq .Values.engine "mongodb" -}}
set -- --host "$DATABASE_HOST" --port "$DATABASE_PORT" --gzip --archive="$BACKUP_FILE"
if [ -n "${MONGO_INITDB_ROOT_USERNAME:-}" ]; then
  set -- "$@" --authenticationDatabase admin --username "$MONGO_INITDB_ROOT_USERNAME" --password "$MONGO_INITDB_ROOT_PASSWORD"
fi
mongodump "$@"
{{- else if eq .Values.engine "redis" -}}
[ -z "${REDIS_PASSWORD:-}" ] || export REDISCLI_AUTH="$REDIS_PASSWORD"
redis-cli -h "$DATABASE_HOST" -p "$DATABASE_PORT" --rdb "$BACKUP_FILE"
{{- else -}}
{{- fail "backup.command is needed: how an engine of its own kind (engine: custom) writes a backup to $BACKUP_FILE" -}}
{{- end -}}
{{- end -}}
