//! Volumes: claims, memory, and what the host's folders become.

use contract::Code;
use descriptor::write::{Block, Item};

use crate::application::Application;
use crate::keys::{self, VOLUME};
use crate::load::beside;
use crate::mounts::{Mount, What, data_mount};
use crate::objects::{Secrets, extend, text_file};
use crate::report::Report;
use crate::service::Service;
use crate::tree::{Data, Field, Node};
use crate::values::{flag, size};
use descriptor::names::dns_label;

/// The most files of a folder that are converted.
const MAX_FILES: usize = 40;

/// The most bytes of files that are converted for one component: a ConfigMap has room for 1 MiB.
const MAX_TOTAL: usize = 512 * 1024;

/// Folders of the host that only its own programs may read.
const OF_THE_HOST: &[&str] =
    &["/proc", "/sys", "/dev", "/var/run", "/run", "/var/lib/docker", "/etc", "/boot", "/lib/modules"];

/// Writes the mounts of a service.
pub(crate) fn storage(
    service: &Service,
    database: Option<(&str, &str)>,
    app: &Application<'_>,
    values: &mut Block,
    secrets: &mut Secrets,
    report: &mut Report,
) {
    let mut writer = Writer { service, app, values, secrets, report, names: Vec::new(), carried: 0, database };
    let data = database.and_then(|(engine, folder)| writer.persistence(engine, folder));
    for (i, mount) in service.mounts.iter().enumerate() {
        if Some(i) != data {
            writer.mount(mount);
        }
    }
    if let Some(node) = service.node.get("shm_size") {
        let limit = node.text().and_then(|t| size(&t));
        writer.memory("shm", "/dev/shm", limit.as_deref(), false);
    }
}

struct Writer<'a, 'b> {
    service: &'a Service,
    app: &'a Application<'a>,
    values: &'b mut Block,
    secrets: &'b mut Secrets,
    report: &'b mut Report,
    /// Names of volumes that are taken, and whose mount it was.
    names: Vec<(String, What)>,
    /// Bytes of files that are converted.
    carried: usize,
    /// Its engine, and the folder of its data.
    database: Option<(&'a str, &'a str)>,
}

impl Writer<'_, '_> {
    /// Writes `persistence` of a database; gives back which mount it is.
    fn persistence(&mut self, engine: &str, folder: &str) -> Option<usize> {
        let Some(at) = data_mount(&self.service.mounts, folder) else {
            if engine == "redis" {
                let why = "The compose file gives it no volume for its data.";
                self.values.set_in(&["persistence", "enabled"], false).why(why);
            } else {
                let why = "The compose file gives it no volume; its data is kept all the same.";
                self.values.set_in(&["persistence", "storage"], self.app.volume_size).why(why);
            }
            if engine == "custom" && folder != "/data" {
                self.values.set_in(&["persistence", "mountpath"], folder);
            }
            return None;
        };
        let mount = &self.service.mounts[at];
        let why = match &mount.what {
            What::Named(name) => {
                self.describe(name);
                format!("Volume {name}; the compose file does not say how large it gets.")
            }
            What::Bind(path) => {
                let message =
                    format!("the data in {path} is not copied: the volume of {} starts empty", self.service.names.app);
                self.report.warn(mount.spot, "volumes", Code::BindMount, message, "restore a backup into it");
                format!("In place of the folder {path}; it starts empty.")
            }
            What::Anonymous | What::Memory(_) => "The compose file does not say how large it gets.".to_owned(),
        };
        let entry = self.values.set_in(&["persistence", "storage"], self.app.volume_size);
        entry.above.extend(mount.notes.above.iter().chain(&mount.notes.beside).cloned());
        entry.why(why);
        let standard = if engine == "custom" { "/data" } else { folder };
        if mount.target != standard {
            self.values.set_in(&["persistence", "mountpath"], mount.target.as_str());
        }
        if let Some(path) = &mount.sub_path {
            self.values.set_in(&["persistence", "subPath"], path.as_str());
        }
        Some(at)
    }

    fn mount(&mut self, mount: &Mount) {
        match &mount.what {
            What::Named(name) => self.named(mount, name),
            What::Anonymous => {
                let name = self.free(&last_part(&mount.target), &mount.what);
                let mut volume = self.volume(mount);
                volume.set("emptyDir", true).beside("a volume without a name is deleted with its pod");
                self.put(&name, volume);
            }
            What::Memory(limit) => {
                let name = self.free(&last_part(&mount.target), &mount.what);
                self.memory(&name, &mount.target, limit.as_deref(), mount.read_only);
            }
            What::Bind(path) => self.bind(mount, path),
        }
    }

    fn memory(&mut self, name: &str, target: &str, limit: Option<&str>, read_only: bool) {
        let mut volume = Block::new();
        volume.set("mountPath", target);
        volume.set_in(&["emptyDir", "medium"], "Memory");
        if let Some(limit) = limit {
            volume.set_in(&["emptyDir", "sizeLimit"], limit);
        }
        if read_only {
            volume.set("readOnly", true);
        }
        self.put(name, volume);
    }

    fn volume(&self, mount: &Mount) -> Block {
        let mut volume = Block::new();
        volume.set("mountPath", mount.target.as_str());
        if let Some(path) = &mount.sub_path {
            volume.set("subPath", path.as_str());
        }
        if mount.read_only {
            volume.set("readOnly", true);
        }
        volume
    }

    fn put(&mut self, name: &str, volume: Block) {
        self.values.block("volumes").set(name, volume);
    }

    /// A name for a volume that no other has.
    fn free(&mut self, wanted: &str, what: &What) -> String {
        let base = match dns_label(wanted).as_str() {
            name @ ("files" | "secret-files" | "secrets" | "init-scripts" | "shm") => format!("{name}-volume"),
            "data" if self.database.is_some() => "data-2".to_owned(),
            name => name.to_owned(),
        };
        let mut name = base.clone();
        let mut number = 2;
        while self.names.iter().any(|(n, _)| *n == name) {
            name = format!("{base}-{number}");
            number += 1;
        }
        self.names.push((name.clone(), what.clone()));
        name
    }

    fn named(&mut self, mount: &Mount, name: &str) {
        if let Some((known, _)) = self.names.iter().find(|(_, what)| *what == mount.what) {
            let mut again = self.volume(mount);
            let known = known.clone();
            again.entries.insert(0, entry("name", known));
            extend(self.values, "extraVolumeMounts", vec![again.into()]);
            return;
        }
        let own = self.free(name, &mount.what);
        let mut volume = self.volume(mount);
        let definition = self.app.definition("volumes", name);
        self.describe(name);
        let external = definition
            .filter(|d| d.node.get("external").is_some_and(|e| flag(Some(e)) || matches!(e.data, Data::Map(_))));
        if let Some(external) = external {
            let old = external.node.get("external").and_then(|e| e.get("name")).and_then(Node::text);
            let claim =
                old.or_else(|| external.node.get("name").and_then(Node::text)).unwrap_or_else(|| name.to_owned());
            let message = format!("the volume {name} is external: it must exist as the PersistentVolumeClaim {claim}");
            self.report.warn(
                mount.spot,
                "volumes",
                Code::ExternalVolume,
                message,
                "create it in the module's namespace",
            );
            volume.set("existingClaim", dns_label(&claim));
        } else if definition.and_then(memory_driver).is_some() {
            let limit = definition.and_then(memory_driver).flatten();
            self.memory(&own, &mount.target, limit.as_deref(), mount.read_only);
            return;
        } else if let Some((claim, owner)) = self.app.claim_of_other(name, self.service) {
            let message = format!("the volume {name} is shared with {owner}: both must run on nodes that can mount it");
            let hint = "it needs a storage class with ReadWriteMany; volumes start empty, so files of an image do not appear in them";
            self.report.warn(mount.spot, "volumes", Code::SharedVolume, message, hint);
            volume.set("existingClaim", claim).beside(format!("created by {owner}"));
        } else {
            let size = volume.set("size", self.app.volume_size);
            size.beside("the compose file does not say how large it gets");
            if self.app.is_shared(name) {
                volume.set("accessMode", "ReadWriteMany").beside("several components mount it");
            }
        }
        self.put(&own, volume);
        self.comment(&["volumes", &own], mount);
    }

    /// Carries the comments of a mount to what it became.
    fn comment(&mut self, path: &[&str], mount: &Mount) {
        if let [first, second] = path
            && let Some(entry) = self.values.block(first).entries.iter_mut().find(|e| e.key == *second)
        {
            entry.above.extend(mount.notes.above.iter().chain(&mount.notes.beside).cloned());
        }
    }

    /// Reports what a volume's definition asks for beyond its name.
    fn describe(&mut self, name: &str) {
        let Some(definition) = self.app.definition("volumes", name) else {
            let spot = self.service.node.get("volumes").map_or(self.service.spot, |n| n.spot);
            let message = format!("the file does not define the volume {name}");
            self.report.warn(spot, "volumes", Code::Undefined, message, "Compose refuses such a file");
            return;
        };
        keys::check(&definition.node, VOLUME, &format!("volumes.{name}"), self.report);
        let driver = definition.node.get("driver").and_then(Node::text).filter(|d| d != "local");
        let options = definition.node.get("driver_opts").filter(|o| !o.fields().is_empty());
        if (driver.is_some() || options.is_some()) && memory_driver(definition).is_none() {
            let message = format!("the driver of volume {name} is not converted: storage classes take its place");
            let hint = "set storageClass, or create a PersistentVolumeClaim and set existingClaim";
            self.report.warn(definition.spot, "volumes", Code::VolumeDriver, message, hint);
        }
    }

    fn bind(&mut self, mount: &Mount, path: &str) {
        let spot = mount.spot;
        if path.ends_with("docker.sock") {
            let hint = "pods cannot reach Docker: give the component a ServiceAccount and use the Kubernetes API";
            self.report.warn(spot, "volumes", Code::DockerSocket, format!("the socket {path} is not converted"), hint);
            return;
        }
        if path.ends_with("/localtime") || path.ends_with("/timezone") {
            let message = format!("{path} is not converted: containers run in UTC");
            self.report.warn(spot, "volumes", Code::BindMount, message, "set TZ in config if the program reads it");
            return;
        }
        let of_host = |p: &str| path == p || path.strip_prefix(p).is_some_and(|r| r.starts_with('/'));
        if path == "/" || OF_THE_HOST.iter().any(|p| of_host(p)) {
            let hint = "node monitors run as DaemonSets: ask the cluster's operator";
            self.report.warn(spot, "volumes", Code::BindMount, format!("the host's own {path} is not converted"), hint);
            return;
        }
        let full = if path.starts_with('~') { path.to_owned() } else { beside(self.report.name(spot.file), path) };
        let files = self.app.folder.list(&full);
        if files.is_empty() {
            match text_file(self.app, &full) {
                Ok(text) => return self.file(mount, path, &mount.target, text),
                Err("does not exist") => {}
                Err(why) => {
                    let message = format!("the file {path} {why}: it is not converted");
                    self.report.warn(spot, "volumes", Code::BindMount, message, "put it into the image");
                    return;
                }
            }
        }
        let readable = |name: &String| text_file(self.app, &format!("{full}/{name}")).ok().map(|t| (name.clone(), t));
        let texts: Vec<_> = files.iter().take(MAX_FILES + 1).filter_map(readable).collect();
        if !files.is_empty()
            && texts.len() == files.len()
            && files.len() <= MAX_FILES
            && (mount.read_only || self.is_scripts(mount))
        {
            for (name, text) in texts {
                self.file(mount, &format!("{path}/{name}"), &format!("{}/{name}", mount.target), text);
            }
            return;
        }
        if mount.read_only || looks_like_file(&mount.target) || self.is_scripts(mount) {
            let message = format!("{path} is not converted: it does not exist or is not a small text file");
            self.report.warn(
                spot,
                "volumes",
                Code::BindMount,
                message,
                "put it into the image, or give its content as value files",
            );
            return;
        }
        let message = format!("the folder {path} is not converted: {} gets an empty volume in its place", mount.target);
        self.report.warn(
            spot,
            "volumes",
            Code::BindMount,
            message,
            "copy the needed files into the volume, or put them into the image",
        );
        let name = self.free(&last_part(&mount.target), &mount.what);
        let mut volume = self.volume(mount);
        volume.set("size", self.app.volume_size).beside(format!("in place of {path}; starts empty"));
        self.put(&name, volume);
        self.comment(&["volumes", &name], mount);
    }

    fn is_scripts(&self, mount: &Mount) -> bool {
        self.database.is_some() && mount.target.starts_with("/docker-entrypoint-initdb.d")
    }

    /// Carries a file of the host with its content.
    fn file(&mut self, mount: &Mount, path: &str, target: &str, text: String) {
        self.carried += text.len();
        if self.carried > MAX_TOTAL {
            let message =
                format!("{path} is not converted: the files of one component are larger than a ConfigMap may be");
            self.report.warn(mount.spot, "volumes", Code::BindMount, message, "put them into the image");
            return;
        }
        if (is_secret_file(path) || is_secret_file(target)) && !self.is_scripts(mount) {
            self.secret_file(mount, path, target, &text);
            return;
        }
        let text = self.app.with_new_hosts(text, mount.spot, "volumes", path, self.report);
        let script = target.strip_prefix("/docker-entrypoint-initdb.d/").filter(|_| self.is_scripts(mount));
        let place = match script {
            Some(name) => self.values.block("initScripts").set(&name.replace('/', "_"), Item::Text(text)),
            None => self.values.block("files").set(target, Item::Text(text)),
        };
        place.above.extend(mount.notes.above.iter().chain(&mount.notes.beside).cloned());
        let message = format!("{path} is copied with its present content");
        let hint = "later changes of the file do not change the descriptor";
        self.report.warn(mount.spot, "volumes", Code::FileCopied, message, hint);
    }

    fn secret_file(&mut self, mount: &Mount, path: &str, target: &str, text: &str) {
        if self.secrets.inline {
            self.values.block("secretFiles").set(target, Item::Text(text.to_owned()));
            return;
        }
        let object = format!("{}-secret-files", self.service.names.app);
        let key = dns_label(&last_part(target));
        self.secrets.put(&object, &key, text);
        let name = self.free(&key, &mount.what);
        let mut volume = Block::new();
        volume.set("name", name.as_str());
        volume.set_in(&["secret", "secretName"], object.as_str());
        extend(self.values, "extraVolumes", vec![volume.into()]);
        let mut place = Block::new();
        place.set("name", name);
        place.set("mountPath", target);
        place.set("subPath", key.as_str());
        place.set("readOnly", true);
        extend(self.values, "extraVolumeMounts", vec![place.into()]);
        let message = format!("{path} looks secret: the component reads it from the Secret {object}, key {key}");
        self.report.warn(mount.spot, "volumes", Code::SecretFile, message, "the Secret must be created separately");
    }
}

fn entry(key: &str, item: impl Into<Item>) -> descriptor::write::Entry {
    let mut block = Block::new();
    block.set(key, item).clone()
}

fn last_part(path: &str) -> String {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

fn looks_like_file(target: &str) -> bool {
    last_part(target).trim_start_matches('.').contains('.') && !last_part(target).ends_with(".d")
}

fn is_secret_file(path: &str) -> bool {
    let name = last_part(path).to_ascii_lowercase();
    [".key", ".pem", ".p12", ".pfx", ".jks", ".keystore"].iter().any(|end| name.ends_with(end))
        || ["secret", "password", "passwd", "credential", "token", "id_rsa", "keyfile"]
            .iter()
            .any(|part| name.contains(part))
}

/// A volume of the driver `local` that is memory, with its limit.
fn memory_driver(definition: &Field) -> Option<Option<String>> {
    let options = definition.node.get("driver_opts")?;
    let text = |key: &str| options.get(key).and_then(Node::text);
    let size_of = |o: String| o.split(',').find_map(|o| o.strip_prefix("size=").and_then(size));
    (text("type")? == "tmpfs").then(|| text("o").and_then(size_of))
}
