//! The life of a stack, from a late database to a fresh start, as a visitor and an operator see it.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use super::{Checks, isolation, secrecy, trial::Trial, trial::wait_for, web::Visitor};
use crate::command::{capture, check_interrupt, docker};

/// How late the database is.
const LATE: Duration = Duration::from_mins(1);
const FIRST: &str = "Guten Morgen!\nDer Hund schläft im Garten.";
const SECOND: &str = "Das Wetter ist heute schön.";
const THIRD: &str = "Ich habe keine Zeit.";
const FOURTH: &str = "Wo ist der Bahnhof?";
const USER: &str = "app-user";
const PASSWORD: &str = "not_a_real-password_0123456789";
const ROOT_PASSWORD: &str = "nor_is-this_one_0123456789";

/// Runs all of it.
pub(super) fn run(checks: &mut Checks) -> Result<()> {
    let trial = Trial::new()?;
    let visitor = Visitor::new(trial.port);
    for (secret, value) in [("db_user", USER), ("db_password", PASSWORD), ("db_root_password", ROOT_PASSWORD)]
    {
        trial.create_secret(secret, &format!("{value}\n"))?;
    }
    late_database(checks, &trial, &visitor)?;
    let permalink = everyday(checks, &trial, &visitor)?;
    isolation::check(checks, &trial)?;
    restarted_database(checks, &trial, &visitor)?;
    secrecy::check(checks, &trial, &[PASSWORD, ROOT_PASSWORD], SECOND)?;
    removed_and_deployed_again(checks, &trial, &visitor, &permalink)?;
    fresh_start(checks, &trial, &visitor)
}

fn late_database(checks: &mut Checks, trial: &Trial, visitor: &Visitor) -> Result<()> {
    trial.up_without_database().context("deploying without the database")?;
    let began = Instant::now();
    checks.check("without the database a text is translated, and the page says it is not stored yet", {
        visitor.post(FIRST).and_then(|answer| {
            ensure!(answer.status == 200, "the answer was {}", answer.status);
            ensure!(answer.body.contains("not stored yet"), "the page does not say so");
            ensure!(answer.body.to_lowercase().contains("morning"), "the translation is not on the page");
            Ok(())
        })
    });
    while began.elapsed() < LATE {
        check_interrupt()?;
        thread::sleep(Duration::from_millis(100));
    }
    let frontend = trial.container("frontend")?;
    trial.scale("database", 1)?;
    trial.wait_until_healthy("database", None)?;
    checks.check("secrets that end with a newline log in, and the waiting text is stored after a minute", {
        wait_for("the row", Duration::from_mins(1), || Ok(rows(trial)? == 1))
    });
    checks.check("the frontend never stopped while the database was away", {
        if trial.container("frontend")? == frontend {
            Ok(())
        } else {
            Err(anyhow::anyhow!("it was restarted"))
        }
    });
    Ok(())
}

/// Returns the permalink of what was stored.
fn everyday(checks: &mut Checks, trial: &Trial, visitor: &Visitor) -> Result<String> {
    let permalink = visitor.store(SECOND).context("posting the form")?;
    checks.check("the form's text is stored once, and the MySQL client reads it back", {
        stored_as(trial, &permalink, SECOND)
    });
    checks.check("the permalink shows the text and its translation, and stores nothing", {
        shown(trial, visitor, &permalink, SECOND)
    });
    checks.check("the application's account can neither alter a table nor see another database", {
        trial.sql(&format!("SHOW GRANTS FOR '{USER}'@'%'")).and_then(|grants| {
            let expected = format!("GRANT SELECT, INSERT, UPDATE, DELETE ON `translation`.* TO `{USER}`@`%`");
            let lines: Vec<&str> = grants.lines().collect();
            ensure!(
                lines.len() == 2 && lines[1] == expected && lines[0].contains("USAGE"),
                "its grants are {grants}"
            );
            Ok(())
        })
    });
    checks.check("nobody can log in as root over the network", {
        trial.sql("SELECT host FROM mysql.user WHERE user = 'root'").and_then(|hosts| {
            ensure!(hosts == "localhost", "root may come from {hosts}");
            Ok(())
        })
    });
    Ok(permalink)
}

fn restarted_database(checks: &mut Checks, trial: &Trial, visitor: &Visitor) -> Result<()> {
    let before = rows(trial)?;
    let old = trial.container("database")?;
    capture(&mut docker(&["kill", &old]))?;
    checks.check("with the database killed a text is still translated", {
        visitor.post(THIRD).and_then(|answer| {
            ensure!(matches!(answer.status, 200 | 303), "the answer was {}", answer.status);
            Ok(())
        })
    });
    trial.wait_until_healthy("database", Some(&old))?;
    checks.check(
        "the first text after the database's restart is stored at once",
        visitor.store(FOURTH).map(drop),
    );
    checks.check("nothing that was sent meanwhile is lost or stored twice", {
        wait_for("two more rows", Duration::from_mins(1), || Ok(rows(trial)? == before + 2))
    });
    Ok(())
}

fn removed_and_deployed_again(
    checks: &mut Checks,
    trial: &Trial,
    visitor: &Visitor,
    permalink: &str,
) -> Result<()> {
    let before = rows(trial)?;
    trial.down()?;
    trial.up().context("deploying again")?;
    checks.check("after removing the stack and deploying again all rows are there", {
        rows(trial).and_then(|rows| {
            ensure!(rows == before, "{rows} rows instead of {before}");
            stored_as(trial, permalink, SECOND)
        })
    });
    checks.check("and the old permalink still works", shown(trial, visitor, permalink, SECOND));
    Ok(())
}

fn fresh_start(checks: &mut Checks, trial: &Trial, visitor: &Visitor) -> Result<()> {
    trial.purge()?;
    trial.up_with_sql_page().context("deploying with generated secrets")?;
    checks.check("generated secrets, which end without a newline, log in", {
        visitor.store(FIRST).and_then(|permalink| stored_as(trial, &permalink, FIRST))
    });
    sql_page(checks, trial, visitor);
    checks.check("deploying the same again replaces no task", {
        let containers = || ["frontend", "backend", "database"].map(|service| trial.container(service).ok());
        let before = containers();
        trial.up_with_sql_page().and_then(|()| {
            ensure!(containers() == before && !before.contains(&None), "tasks were replaced");
            Ok(())
        })
    });
    Ok(())
}

fn sql_page(checks: &mut Checks, trial: &Trial, visitor: &Visitor) {
    checks.check("the SQL page shows the history, and neither other tables nor a way to change anything", {
        visitor.ask("SELECT count(*), max(source_text) FROM history").and_then(|answer| {
            ensure!(answer.status == 200, "the answer was {}", answer.status);
            ensure!(answer.body.contains("<td dir=\"auto\">1</td>"), "the row is not counted");
            for (query, status) in [
                ("SELECT * FROM translations", 403),
                ("SET PASSWORD = 'x'", 400),
                ("SELECT 1; SELECT 2", 400),
            ] {
                let answer = visitor.ask(query)?;
                ensure!(answer.status == status, "{query} was answered with {}", answer.status);
            }
            Ok(())
        })
    });
    checks.check("the account of the SQL page may read the view alone, by TLS", {
        let account = "SELECT ssl_type, max_user_connections FROM mysql.user WHERE user = 'reader'";
        trial.sql("SHOW GRANTS FOR 'reader'@'%'").and_then(|grants| {
            let lines: Vec<&str> = grants.lines().collect();
            let expected = "GRANT SELECT ON `translation`.`history` TO `reader`@`%`";
            ensure!(lines.len() == 2 && lines[1] == expected && lines[0].contains("USAGE"), "{grants}");
            let account = trial.sql(account)?;
            ensure!(account == "ANY\t20", "its account has {account}");
            Ok(())
        })
    });
    checks.check("the SQL page is refused where browsers have histories of their own", {
        if trial.refuses_sql_page() { Ok(()) } else { Err(anyhow::anyhow!("it was deployed")) }
    });
}

fn rows(trial: &Trial) -> Result<u64> {
    Ok(trial.sql("SELECT COUNT(*) FROM translations")?.parse()?)
}

/// The row of a permalink has the text, something else as its translation, and is the only one with the text.
fn stored_as(trial: &Trial, permalink: &str, text: &str) -> Result<()> {
    let id = permalink.rsplit('/').next().unwrap_or_default();
    let text = text.replace('\n', "\\n");
    let matching = trial.sql(&format!(
        "SELECT COUNT(*), SUM(id = UUID_TO_BIN('{id}') AND target_text NOT IN ('', source_text)) \
         FROM translations WHERE source_text = '{text}'"
    ))?;
    if matching == "1\t1" {
        Ok(())
    } else {
        bail!("rows with the text, and those at the permalink: {matching}")
    }
}

fn shown(trial: &Trial, visitor: &Visitor, permalink: &str, text: &str) -> Result<()> {
    let before = rows(trial)?;
    let page = visitor.get(permalink)?;
    ensure!(page.status == 200, "the answer was {}", page.status);
    let id = permalink.rsplit('/').next().unwrap_or_default();
    let target =
        trial.sql(&format!("SELECT target_text FROM translations WHERE id = UUID_TO_BIN('{id}')"))?;
    let mut words = text.split_whitespace().chain(target.split(|c: char| !c.is_alphanumeric()));
    ensure!(
        words.all(|word| page.body.contains(word)),
        "the page lacks a word of the text or of its translation"
    );
    ensure!(rows(trial)? == before, "reading the page stored a row");
    Ok(())
}
