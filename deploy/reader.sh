#!/bin/bash
# Makes the account of the SQL page, or gives it the password of the secret: by TLS it may read the view `history`, and
# nothing else. Runs in the database's container, with deploy/sql.yml: after the schema when the database starts on an
# empty volume, and by deploy/up each time.
reader_user=$(cat /run/secrets/db_reader_user)
reader_password=$(cat /run/secrets/db_reader_password)
if [[ ! $reader_user$reader_password =~ ^[A-Za-z0-9_-]+$ ]]; then
    echo "the secrets of the SQL page's reader may have letters, digits, - and _ only" >&2
    exit 1
fi
if [[ $reader_user == "$(cat /run/secrets/db_user)" || $reader_user == root ]]; then
    echo "the SQL page's reader needs an account of its own: db_reader_user names that of another" >&2
    exit 1
fi
mysql --defaults-extra-file=<(printf '[client]\npassword="%s"\n' "$(cat /run/secrets/db_root_password)") \
    --protocol=socket --user=root <<SQL
CREATE USER IF NOT EXISTS '$reader_user'@'%';
ALTER USER '$reader_user'@'%' IDENTIFIED BY '$reader_password' REQUIRE SSL WITH MAX_USER_CONNECTIONS 20;
REVOKE ALL PRIVILEGES, GRANT OPTION FROM '$reader_user'@'%';
GRANT SELECT ON \`translation\`.\`history\` TO '$reader_user'@'%';
SQL
