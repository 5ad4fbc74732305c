//! Archives served on loopback, as source-controller serves artifacts.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use sha2::Digest;

/// Serves the files of a folder until the program ends.
pub(super) struct Server {
    folder: PathBuf,
    port: u16,
}

/// An archive as `status.artifact` names it.
pub(super) struct Artifact {
    pub(super) url: String,
    pub(super) path: String,
    /// `sha256:…`
    pub(super) digest: String,
    pub(super) size: usize,
}

impl Server {
    /// Serves `folder` on a free port.
    pub(super) fn start(folder: &Path) -> anyhow::Result<Server> {
        fs::create_dir_all(folder)?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let root = folder.to_path_buf();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // a client may close the connection at any time
                let _ = answer(stream, &root);
            }
        });
        Ok(Server { folder: folder.to_path_buf(), port })
    }

    /// Serves these bytes under this name.
    pub(super) fn publish(&self, name: &str, data: &[u8]) -> anyhow::Result<Artifact> {
        fs::write(self.folder.join(name), data)?;
        Ok(Artifact {
            url: format!("http://127.0.0.1:{}/{name}", self.port),
            path: name.to_owned(),
            digest: format!("sha256:{}", hex(&sha2::Sha256::digest(data))),
            size: data.len(),
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn answer(mut stream: TcpStream, root: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let name = first.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
    let file = (!name.contains('/')).then(|| fs::read(root.join(name)).ok()).flatten();
    let (status, body) = match file {
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", Vec::new()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
