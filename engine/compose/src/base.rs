//! Which base chart a service takes.

use descriptor::image::{Image, Role};

use crate::health::Health;
use crate::service::Service;
use crate::tree::Node;

/// The base chart of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// `modulebase`
    Module,
    /// `databasebase`, with the engine and the folder of its data.
    Database { engine: &'static str, data: &'static str },
    /// `jobbase`
    Job,
}

impl Base {
    /// What a service becomes. `awaited` says that others wait for it to end.
    pub(crate) fn of(service: &Service, awaited: bool) -> Base {
        let bitnami = service.image.as_ref().is_some_and(Image::is_bitnami);
        match service.known().map(|k| k.role) {
            Some(Role::Database { .. }) if awaited => return Base::Job,
            Some(Role::Database { data: "/data", engine: "redis" }) if bitnami => {
                return Base::Database { engine: "custom", data: "/bitnami/redis/data" };
            }
            Some(Role::Database { .. }) if bitnami => return Base::Database { engine: "custom", data: "/bitnami" },
            // Clients of a database often take its image: they run another command and are not servers.
            Some(Role::Database { .. }) if runs_client(service) && service.ports.is_empty() => {}
            Some(Role::Database { engine, data }) => return Base::Database { engine, data },
            _ => {}
        }
        let ends = service
            .restart()
            .is_some_and(|r| matches!(r.as_str(), "no" | "none" | "false") || r.starts_with("on-failure"));
        let mode = service.node.get("deploy").and_then(|d| d.get("mode")).and_then(Node::text);
        let job = mode.is_some_and(|m| m.ends_with("-job"));
        let serves = !service.ports.is_empty() || matches!(service.health, Some(Health::Probes { .. }));
        if awaited || job || ends && !serves { Base::Job } else { Base::Module }
    }

    /// The chart's name.
    pub(crate) fn chart(self) -> &'static str {
        match self {
            Base::Module => "modulebase",
            Base::Database { .. } => "databasebase",
            Base::Job => "jobbase",
        }
    }
}

/// Whether a container of a database's image runs something else than the database.
fn runs_client(service: &Service) -> bool {
    let program = service.entrypoint.first().or(service.command.first());
    let servers =
        ["postgres", "mysqld", "mariadbd", "mongod", "redis-server", "valkey-server", "docker-entrypoint.sh", "mongos"];
    program.is_some_and(|p| {
        let name = p.rsplit('/').next().unwrap_or_default();
        !name.starts_with('-') && !servers.contains(&name)
    }) && !service.entrypoint.iter().chain(&service.command).any(|w| servers.iter().any(|s| w.contains(s)))
}
