//! `chartwright-controller`: flags, logs, and the start of everything.
#![allow(clippy::disallowed_methods, reason = "a host reads files and the clock")]

mod flags;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use axum::Router;
use chartwright_controller::artifact::{Storage, digest, router};
use chartwright_controller::cluster::Cluster;
use chartwright_controller::election::Candidate;
use chartwright_controller::events::Events;
use chartwright_controller::health::{self, Readiness};
use chartwright_controller::metrics::Metrics;
use chartwright_controller::publish::Served;
use chartwright_controller::reconcile::{Context, Parts};
use chartwright_controller::run;
use chartwright_controller::sources::{ChartStore, Fetch, Limits};
use chartwright_host::PluginEngine;
use chartwright_host::plugin::{ModuleCache, PluginHost, PluginLimits, PluginOptions};
use clap::Parser;
use kube::Client;
use kube::config::Config;
use policy::Policies;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::Level;

use crate::flags::{Encoding, Flags, address};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An instance of the engine whose memory grew beyond so many pages is given back to the system.
const KEEP_PAGES: u32 = 384;

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    log(&flags);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // A build runs on one thread, and blocks it: there are as many builds as there are reconciliations.
        .max_blocking_threads(usize::from(flags.concurrent) * 2 + 16)
        .enable_all()
        .build()?;
    let result = runtime.block_on(start(flags));
    if let Err(error) = &result {
        tracing::error!("{error:#}");
    }
    result
}

fn log(flags: &Flags) {
    let level = match flags.log_level {
        flags::Level::Trace => Level::TRACE,
        flags::Level::Debug => Level::DEBUG,
        flags::Level::Info => Level::INFO,
        flags::Level::Warn => Level::WARN,
        flags::Level::Error => Level::ERROR,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr);
    match flags.log_encoding {
        Encoding::Json => log.json().flatten_event(true).init(),
        Encoding::Console => log.init(),
    }
}

async fn start(flags: Flags) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    tokio::spawn(signals(stop.clone()));
    let metrics = Arc::new(Metrics::default());
    let readiness = Readiness::default();
    serve_if(&flags.health_addr, health::router(readiness.clone()), &stop).await?;
    serve_if(&flags.metrics_addr, health::metrics_router(Arc::clone(&metrics)), &stop).await?;

    let config = Config::infer().await.context("no cluster: neither $KUBECONFIG nor a service account")?;
    let client = Client::try_from(config.clone())?;
    let leading = CancellationToken::new();
    let candidate = flags.enable_leader_election.then(|| {
        Candidate::new(client.clone(), &flags.runtime_namespace, &flags.lease(), &flags.identity, flags.times())
    });
    // The engine may take seconds to compile: that is done before, so that a new leader starts at once.
    let engine = {
        let (plugin, digest, cache) = (flags.plugin.clone(), flags.plugin_digest.clone(), flags.plugin_cache.clone());
        let (time, most) = (flags.engine_timeout, flags.concurrent);
        tokio::task::spawn_blocking(move || open(plugin.as_deref(), digest, cache.as_deref(), time, most)).await??
    };
    tracing::info!(plugin = engine.digest(), cached = engine.was_cached(), "the engine is loaded");
    let policies = policies(&flags)?;
    if let Some(candidate) = &candidate {
        tracing::info!(lease = flags.lease(), "waiting to lead");
        if !candidate.acquire(&stop).await {
            return Ok(());
        }
    }
    metrics.leads(true);
    let holding = candidate.map(|candidate| {
        let (stop, leading) = (stop.clone(), leading.clone());
        tokio::spawn(async move {
            // The lease is given back when everything has ended.
            let ended = leading.clone();
            candidate.hold(&ended).await;
            stop.cancel();
        })
    });

    let storage = Storage::open(&flags.storage_path)?;
    let listener = TcpListener::bind(flags.storage_addr).await.with_context(|| flags.storage_addr.to_string())?;
    let port = listener.local_addr()?.port();
    let advertised = match flags.storage_adv_addr.as_deref().filter(|text| !text.is_empty()) {
        Some(given) => given.to_owned(),
        None => format!("localhost:{port}"),
    };
    tracing::info!(address = %listener.local_addr()?, advertised, "serving archives");
    serve(listener, router(&flags.storage_path), &stop);
    let act_as = {
        let config = config.clone();
        Box::new(move |user: &str| {
            let mut config = config.clone();
            let value = user.parse().map_err(|e| kube::Error::Service(Box::new(e)))?;
            config.headers.push(("impersonate-user".parse().map_err(|e| kube::Error::Service(Box::new(e)))?, value));
            Client::try_from(config)
        })
    };
    let cluster = Arc::new(Cluster::new(client.clone(), Some(act_as)));
    let engine_id = engine.digest().to_owned();
    let parts = Parts {
        publisher: Arc::new(Served::new(Arc::clone(&cluster), storage, &advertised, flags.retention())),
        cluster,
        engine: (Arc::new(PluginEngine::new(engine)), engine_id),
        policies,
        store: Arc::new(ChartStore::new(Fetch::new(Limits::default()))?),
        events: Events::new(client, &flags.events_addr, &flags.identity),
        metrics: Arc::clone(&metrics),
    };
    let context = Arc::new(Context::new(parts, flags.settings()));
    tracing::info!("reconciling");
    run::run(context, flags.scope(), stop.clone(), || readiness.set(true)).await;
    readiness.set(false);
    leading.cancel();
    if let Some(holding) = holding {
        let _ = holding.await;
    }
    Ok(())
}

/// Cancels when the program is to end.
async fn signals(stop: CancellationToken) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
            return;
        };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
    #[cfg(not(unix))]
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    tracing::info!("ending");
    stop.cancel();
}

async fn serve_if(text: &str, router: Router, stop: &CancellationToken) -> anyhow::Result<()> {
    if text.is_empty() || text == "0" {
        return Ok(());
    }
    let address: SocketAddr = address(text).map_err(anyhow::Error::msg)?;
    serve(TcpListener::bind(address).await.with_context(|| address.to_string())?, router, stop);
    Ok(())
}

fn serve(listener: TcpListener, router: Router, stop: &CancellationToken) {
    let stop = stop.clone();
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
            tracing::error!(%error, "a server failed");
        }
    });
}

/// Loads the engine.
fn open(
    plugin: Option<&Path>,
    digest: Option<String>,
    cache: Option<&Path>,
    time: std::time::Duration,
    concurrent: u16,
) -> anyhow::Result<PluginHost> {
    let beside = std::env::current_exe()?.with_file_name("chartwright.wasm");
    let file = plugin.unwrap_or(&beside);
    let digest = match digest {
        Some(digest) => Some(digest),
        None => pinned(file)?,
    };
    let limits = PluginLimits { timeout: time, ..PluginLimits::default() };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let options = PluginOptions {
        digest,
        limits,
        instances: processors.min(concurrent.into()),
        keep_pages: KEEP_PAGES,
        cache: cache.map(|folder| ModuleCache::new(folder.to_owned())),
        ..PluginOptions::default()
    };
    Ok(PluginHost::from_file(file, options)?)
}

/// The digest in the file beside a plugin, as `sha256sum` writes it.
fn pinned(file: &Path) -> anyhow::Result<Option<String>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".sha256");
    let Ok(text) = std::fs::read_to_string(&name) else { return Ok(None) };
    let digest = text.split_whitespace().next().unwrap_or_default().trim_start_matches("sha256:").to_ascii_lowercase();
    if digest.len() != 64 || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        bail!("{} contains no digest", Path::new(&name).display());
    }
    Ok(Some(format!("sha256:{digest}")))
}

/// The policies of all files, and their digest.
fn policies(flags: &Flags) -> anyhow::Result<Option<(Arc<Policies>, String)>> {
    if flags.policy.is_empty() {
        return Ok(None);
    }
    let (mut all, mut texts) = (Policies::default(), String::new());
    for file in &flags.policy {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        all.extend(Policies::read(&file.display().to_string(), &text)?);
        texts.push_str(&text);
    }
    Ok(Some((Arc::new(all), digest(texts.as_bytes()))))
}
