#!/bin/bash
# Runs once, after the schema, when the database starts on an empty volume. The image grants the application's
# account everything on the database; the frontend needs rows alone, so it could not drop or alter a table if it
# were taken over, and must connect by TLS.
mysql --defaults-extra-file=<(printf '[client]\npassword="%s"\n' "$MYSQL_ROOT_PASSWORD") \
    --protocol=socket --user=root <<SQL
ALTER USER '$MYSQL_USER'@'%' REQUIRE SSL;
REVOKE ALL ON \`translation\`.* FROM '$MYSQL_USER'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON \`translation\`.* TO '$MYSQL_USER'@'%';
SQL
