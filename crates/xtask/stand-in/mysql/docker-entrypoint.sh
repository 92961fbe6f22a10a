#!/bin/bash
# Entrypoint of the stand-in for the mysql image: follows the environment that image documents, on first start with
# an empty data directory. Only for machines that reach no registry; a deployment uses the published image.
set -euo pipefail
shopt -s nullglob

readonly DATADIR=/var/lib/mysql

note() { printf '%s [stand-in entrypoint]: %s\n' "$(date --utc --rfc-3339=seconds)" "$*"; }
fail() { note "$*" >&2; exit 1; }

# Sets and exports VAR from VAR, the file named by VAR_FILE, or nothing; both at once is an error.
file_env() {
    local var=$1 file=${1}_FILE value
    [[ -z ${!var:-} || -z ${!file:-} ]] || fail "Both $var and $file are set (but are exclusive)"
    value=${!var:-}
    if [[ -n ${!file:-} ]]; then value=$(<"${!file}"); fi
    export "$var=$value"
    unset "$file"
}

# Runs SQL from standard input as root over the socket; the password comes by a pipe, never on a command line.
sql() {
    mysql --defaults-extra-file=<(printf '[client]\npassword="%s"\n' "${root_password:-}") \
        --protocol=socket --user=root --binary-mode --comments "$@"
}

create_accounts() {
    local root_host=${MYSQL_ROOT_HOST-%}
    if [[ -n $root_host && $root_host != localhost ]]; then
        sql <<<"CREATE USER 'root'@'$root_host' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';
                GRANT ALL ON *.* TO 'root'@'$root_host' WITH GRANT OPTION;"
    fi
    sql <<<"ALTER USER 'root'@'localhost' IDENTIFIED BY '$MYSQL_ROOT_PASSWORD';"
    root_password=$MYSQL_ROOT_PASSWORD
    if [[ -n $MYSQL_DATABASE ]]; then sql <<<"CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"; fi
    [[ -n $MYSQL_USER ]] || return 0
    sql <<<"CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';"
    if [[ -n $MYSQL_DATABASE ]]; then sql <<<"GRANT ALL ON \`${MYSQL_DATABASE//_/\\_}\`.* TO '$MYSQL_USER'@'%';"; fi
}

run_init_files() {
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        note "running $file"
        case $file in
            *.sh) if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
            *.sql) sql ${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} <"$file" ;;
            *.sql.gz) gunzip --stdout "$file" | sql ${MYSQL_DATABASE:+--database="$MYSQL_DATABASE"} ;;
            *) note "ignoring $file" ;;
        esac
    done
}

initialise() {
    [[ -n $MYSQL_ROOT_PASSWORD ]] || fail "Database is uninitialized and password option is not specified: set MYSQL_ROOT_PASSWORD"
    [[ $MYSQL_USER != root ]] || fail "MYSQL_USER=root: the root account always exists"
    [[ -z $MYSQL_USER || -n $MYSQL_PASSWORD ]] || fail "MYSQL_USER is set without MYSQL_PASSWORD"
    note "initialising the data directory"
    "$@" --initialize-insecure
    note "starting a server without a network port"
    "$@" --skip-networking &
    local server=$!
    until mysqladmin --user=root --silent ping >/dev/null 2>&1; do
        kill -0 "$server" 2>/dev/null || fail "the server did not start"
        sleep 0.2
    done
    create_accounts
    run_init_files
    kill "$server"
    wait "$server"
    note "initialised"
}

main() {
    if [[ ${1:-} == -* ]]; then set -- mysqld "$@"; fi
    if [[ ${1:-} != mysqld ]]; then exec "$@"; fi
    mkdir -p "$DATADIR" /var/run/mysqld
    if [[ $(id -u) == 0 ]]; then
        find "$DATADIR" /var/run/mysqld ! -user mysql -exec chown mysql:mysql {} +
        exec setpriv --reuid=mysql --regid=mysql --clear-groups "$0" "$@"
    fi
    local variable
    for variable in MYSQL_ROOT_PASSWORD MYSQL_USER MYSQL_PASSWORD MYSQL_DATABASE MYSQL_ROOT_HOST; do
        if [[ $variable != MYSQL_ROOT_HOST || -v MYSQL_ROOT_HOST || -v MYSQL_ROOT_HOST_FILE ]]; then file_env "$variable"; fi
    done
    if [[ ! -d $DATADIR/mysql ]]; then initialise "$@"; fi
    exec "$@"
}

main "$@"
