//! Credentials of databases, which `databasebase` has values for.

use descriptor::write::{Block, Item};

use crate::environment::Variable;
use crate::objects::Secrets;
use crate::service::Service;
use crate::values::unexpanded;

/// The variables of an engine's official image.
struct Variables {
    username: &'static [&'static str],
    password: &'static [&'static str],
    database: &'static [&'static str],
    root_password: &'static [&'static str],
    /// What the image takes where no user is given.
    otherwise: Option<&'static str>,
}

fn variables(engine: &str) -> Option<Variables> {
    let none: &[&str] = &[];
    Some(match engine {
        "postgres" => Variables {
            username: &["POSTGRES_USER"],
            password: &["POSTGRES_PASSWORD"],
            database: &["POSTGRES_DB"],
            root_password: none,
            otherwise: Some("postgres"),
        },
        "mysql" => Variables {
            username: &["MYSQL_USER"],
            password: &["MYSQL_PASSWORD"],
            database: &["MYSQL_DATABASE"],
            root_password: &["MYSQL_ROOT_PASSWORD"],
            otherwise: None,
        },
        "mariadb" => Variables {
            username: &["MARIADB_USER", "MYSQL_USER"],
            password: &["MARIADB_PASSWORD", "MYSQL_PASSWORD"],
            database: &["MARIADB_DATABASE", "MYSQL_DATABASE"],
            root_password: &["MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"],
            otherwise: None,
        },
        "mongodb" => Variables {
            username: &["MONGO_INITDB_ROOT_USERNAME"],
            password: &["MONGO_INITDB_ROOT_PASSWORD"],
            database: &["MONGO_INITDB_DATABASE"],
            root_password: none,
            otherwise: None,
        },
        _ => return None,
    })
}

/// Takes the credentials out of the variables into `auth`; where they are not complete, all stays with the variables.
pub(crate) fn credentials(
    engine: &str,
    service: &Service,
    given: &mut Vec<Variable>,
    values: &mut Block,
    secrets: &mut Secrets,
) {
    if engine == "redis"
        && let Some(password) = redis_password(service, values)
    {
        if secrets.inline {
            values.set_in(&["auth", "password"], Item::Quoted(password));
        } else {
            let object = format!("{}-credentials", service.names.app);
            secrets.put(&object, "password", &password);
            values
                .set_in(&["auth", "existingSecret"], object)
                .why("It has the password and must be created separately.");
        }
        return;
    }
    let found = variables(engine).and_then(|names| {
        let get = |names: &[&str]| {
            given.iter().find(|v| names.contains(&v.name.as_str()) && !v.value.is_empty()).map(|v| v.value.clone())
        };
        let username = get(names.username).or(names.otherwise.map(str::to_owned))?;
        let password = get(names.password)?;
        let database = get(names.database).or_else(|| (engine == "postgres").then(|| username.clone()));
        let root = get(names.root_password);
        // The base chart would make up what is missing.
        let complete =
            (names.root_password.is_empty() || root.is_some()) && (database.is_some() || engine == "mongodb");
        complete.then_some((names, username, password, database, root))
    });
    let Some((names, username, password, database, root)) = found else {
        let why = match variables(engine) {
            Some(_) => {
                "The compose file does not give all the credentials that this chart needs: those it gives stay in config and Secrets."
            }
            None => "The compose file gives no credentials that this chart uses.",
        };
        values.set_in(&["auth", "enabled"], false).why(why);
        return;
    };
    let taken = [names.username, names.password, names.database, names.root_password].concat();
    given.retain(|v| !taken.contains(&v.name.as_str()));
    let auth = values.block("auth");
    let database = database.unwrap_or_else(|| "admin".to_owned());
    auth.set("database", database.as_str());
    auth.set("username", username.as_str());
    if secrets.inline {
        auth.set("password", Item::Quoted(password));
        if let Some(root) = root {
            auth.set("rootPassword", Item::Quoted(root));
        }
        return;
    }
    let object = format!("{}-credentials", service.names.app);
    secrets.put(&object, "username", &username);
    secrets.put(&object, "password", &password);
    secrets.put(&object, "database", &database);
    if let Some(root) = root {
        secrets.put(&object, "root-password", &root);
    }
    auth.set("existingSecret", object).why("It has the passwords and must be created separately.");
}

/// The password that redis is started with; in its place, the arguments take it from the environment.
fn redis_password(service: &Service, values: &mut Block) -> Option<String> {
    let at = service.command.iter().position(|w| w == "--requirepass")?;
    let password = service.command.get(at + 1).filter(|p| !p.is_empty())?.clone();
    let mut args: Vec<String> = service.command.iter().map(|w| unexpanded(w)).collect();
    args[at + 1] = "$(REDIS_PASSWORD)".to_owned();
    values.set("args", args).why("The password comes from auth.");
    Some(password)
}
