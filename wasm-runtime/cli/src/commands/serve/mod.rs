//! `chartwright serve`: the page, a catalog and the management API, from this program.

mod api;
mod browser;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use chartwright_server::{CatalogFiles, Hosts, Listen, Options as Site, Origin, Page, Port, Server, ServerError};
use clap::Args;

/// Flags and arguments.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Catalog of modules: a folder that `chartwright catalog build` wrote, or its catalog.json
    #[arg(long, value_name = "DIR|FILE")]
    catalog: Option<PathBuf>,
    /// Folder of the page, in place of the one in this program
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,

    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), help_heading = "Network")]
    addr: IpAddr,
    /// Port to listen on; 0: any that is free [default: 8080, or the next one that is free]
    #[arg(long, value_name = "PORT", help_heading = "Network")]
    port: Option<u16>,
    /// Name under which browsers reach the server, beside localhost (repeatable) [default with another --addr: any]
    #[arg(long, value_name = "NAME", help_heading = "Network")]
    host: Vec<String>,
    /// Site that may show the page in a frame (repeatable)
    #[arg(long, value_name = "ORIGIN", value_parser = Origin::parse, help_heading = "Network")]
    frame_ancestor: Vec<Origin>,
    /// Site that the page may fetch charts and repositories from (repeatable)
    #[arg(long, value_name = "ORIGIN", value_parser = Origin::parse, help_heading = "Network")]
    connect: Vec<Origin>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// The management API.
    #[command(flatten)]
    api: api::ApiArgs,
}

const EXAMPLES: &str = "\
Examples:
  chartwright serve --catalog public/catalog
  chartwright serve --catalog public/catalog --no-open --port 9000
  chartwright serve --page target/web/dist                              # while working on the page
  chartwright serve --addr 0.0.0.0 --host charts.example.org            # behind a proxy that adds TLS
  chartwright serve --frame-ancestor https://marketplace.example.org    # shown in a frame there
  chartwright serve --catalog public/catalog --store modules.db         # with the API, on /api/
  chartwright serve --store modules.db --releases fleet                 # and a repository that Flux deploys from

Ctrl-C ends it.

Exit codes:
  0  ended with Ctrl-C
  1  the page, the catalog or the store cannot be read, or nobody can listen there
  2  an invalid command line";

/// Runs the command.
pub(crate) fn run(options: &Options) -> ExitCode {
    match serve(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            crate::say!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn serve(options: &Options) -> Result<(), String> {
    let words = |error: ServerError| error.to_string();
    let page = match &options.page {
        Some(folder) => Page::folder(folder).map_err(|error| {
            let hint = "`cargo xtask web build` writes the page to target/web/dist";
            format!("{error}; {hint}")
        })?,
        None => Page::embedded().ok_or(
            "this program was built without the page: run `make serve`, or give a folder that has it with --page",
        )?,
    };
    let catalog = options.catalog.as_deref().map(CatalogFiles::open).transpose().map_err(|error| {
        let hint = "`chartwright catalog build DIR -o OUT` makes a catalog";
        format!("{error}; {hint}")
    })?;
    let about = catalog.as_ref().map(|catalog| (catalog.name().to_owned(), catalog.modules()));
    let hosts = match (options.host.as_slice(), options.addr.is_loopback()) {
        ([], true) => Hosts::Loopback,
        ([], false) => Hosts::Any,
        (names, _) => Hosts::Named(names.to_vec()),
    };
    let api = options.api.open(options.addr, options.catalog.as_deref())?;
    let has_api = api.is_some();
    let site = Site {
        page,
        catalog,
        hosts,
        frames: options.frame_ancestor.clone(),
        connect: options.connect.clone(),
        api: api.map(chartwright_api::router),
    };
    let port = options.port.map_or(Port::From(8080), Port::Exactly);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
    runtime.block_on(async {
        let stop = stop().map_err(|error| format!("cannot listen for Ctrl-C: {error}"))?;
        let server = Server::bind(Listen { address: options.addr, port }, site).await.map_err(words)?;
        let address = format!("http://{}/", reachable(server.address()));
        // Scripts read the address from here.
        crate::stdout::put(format!("{address}\n").as_bytes()).map_err(|e| format!("cannot write the output: {e}"))?;
        match about {
            Some((name, modules)) => crate::say!("catalog {name}: {modules} modules; Ctrl-C ends"),
            None => crate::say!("no catalog is given (--catalog): drop charts on the page; Ctrl-C ends"),
        }
        if has_api {
            crate::say!("the API is at {address}api/");
        }
        if !options.no_open && browser::has_display() {
            browser::open(&address);
        }
        server.run(stop).await;
        Ok(())
    })
}

/// What ends the program: Ctrl-C, or the system's wish.
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// The address that a browser on this machine can ask: that of all interfaces is none.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
    };
    SocketAddr::new(ip, address.port())
}
