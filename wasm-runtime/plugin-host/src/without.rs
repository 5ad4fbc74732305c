//! A host that was built without what runs plugins.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;

use crate::cancel::CancelToken;
use crate::error::PluginError;
use crate::limits::PluginLimits;
use crate::options::PluginOptions;

/// A plugin that can be called; none exists, because this program was built without the feature `run`.
#[derive(Debug)]
pub struct PluginHost(Infallible);

/// An instance, for the calls of one [`PluginHost::session`].
#[derive(Debug)]
pub struct Session<'a>(Infallible, std::marker::PhantomData<&'a ()>);

fn missing() -> PluginError {
    PluginError::Load("this program was built without support for plugins".into())
}

impl PluginHost {
    /// # Errors
    /// Always [`PluginError::Load`].
    pub fn new(_: &[u8], _: PluginOptions) -> Result<PluginHost, PluginError> {
        Err(missing())
    }

    /// # Errors
    /// Always [`PluginError::Load`].
    pub fn from_file(_: &Path, _: PluginOptions) -> Result<PluginHost, PluginError> {
        Err(missing())
    }

    /// `sha256:` and the digest of the module.
    pub fn digest(&self) -> &str {
        match self.0 {}
    }

    /// How many bytes the module has.
    pub fn size(&self) -> usize {
        match self.0 {}
    }

    /// The functions that can be called.
    pub fn exports(&self) -> Vec<String> {
        match self.0 {}
    }

    /// What the module wants of its host: module and name.
    pub fn imports(&self) -> Vec<String> {
        match self.0 {}
    }

    /// Whether its machine code was in the cache.
    pub fn was_cached(&self) -> bool {
        match self.0 {}
    }

    /// How far calls may go.
    pub fn limits(&self) -> &PluginLimits {
        match self.0 {}
    }

    /// How many instances wait for calls.
    pub fn idle(&self) -> usize {
        match self.0 {}
    }

    /// # Errors
    /// Never: no such host exists.
    pub fn call(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, PluginError> {
        match self.0 {}
    }

    /// # Errors
    /// Never: no such host exists.
    pub fn call_cancellable(&self, _: &str, _: &[u8], _: &CancelToken) -> Result<Vec<u8>, PluginError> {
        match self.0 {}
    }

    /// # Errors
    /// Never: no such host exists.
    pub fn session<T: Send, E: From<PluginError> + Send>(
        &self,
        _: Option<Duration>,
        _: &CancelToken,
        _: impl FnOnce(&mut Session<'_>) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        match self.0 {}
    }
}

impl Session<'_> {
    /// # Errors
    /// Never: no such session exists.
    pub fn call(&mut self, _: &str, _: &[u8]) -> Result<Vec<u8>, PluginError> {
        match self.0 {}
    }

    /// What the host remembers of an instance.
    pub fn marks(&mut self) -> &mut BTreeSet<String> {
        match self.0 {}
    }
}
