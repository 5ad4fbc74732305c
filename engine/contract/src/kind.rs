//! What kind of failure it is.

use crate::words::words;

words! {
    /// What kind of [`Failure`](crate::Failure) a call ended with.
    pub enum FailureKind {
        /// The input is not the JSON that is wanted, or its parts contradict each other.
        Input = "input",
        /// The input or the answer is of another version of the contract.
        Version = "version",
        /// An archive was named by a digest, and this engine does not have it: give its bytes.
        UnknownDigest = "unknown-digest",
        /// Bytes are not those of the digest that was given with them.
        Digest = "digest",
        /// A chart cannot be loaded, or not be installed.
        Chart = "chart",
        /// The name of the release is not valid, or its template fails.
        Name = "name",
        /// The user's values cannot be read or put together.
        Values = "values",
        /// The chart's dependencies are missing, or do not fit the values.
        Dependencies = "dependencies",
        /// Values break a chart's `values.schema.json`.
        Schema = "schema",
        /// The chart is not for this version of Kubernetes.
        KubeVersion = "kubeVersion",
        /// A file is not a template.
        Parse = "parse",
        /// A template did something that cannot be done.
        Exec = "exec",
        /// The chart's author wanted the render to fail: `fail`, `required`.
        Fail = "fail",
        /// A rendered document is not YAML.
        Manifest = "manifest",
        /// A pattern of `want.showOnly` matches no template.
        ShowOnly = "show-only",
        /// The objects that `lookup` finds cannot be read.
        Objects = "objects",
        /// The platform file cannot be read.
        Platform = "platform",
        /// A Secret cannot be read, so it is not known what to hide.
        Secrets = "secrets",
        /// The limit on steps was exceeded.
        LimitSteps = "limit/steps",
        /// The limit on nesting depth was exceeded.
        LimitDepth = "limit/depth",
        /// The limit on output was exceeded.
        LimitOutput = "limit/output",
        /// The time limit was exceeded.
        LimitTime = "limit/time",
        /// The memory limit was exceeded.
        LimitMemory = "limit/memory",
        /// The input is larger than the plugin's memory may be (hosts of the plugin).
        LimitInput = "limit/input",
        /// Another limit was exceeded.
        Limit = "limit",
        /// The host ended the call before it was done.
        Cancelled = "cancelled",
        /// The answer cannot be written, or is not one.
        Output = "output",
        /// A bug: the engine found itself in a state that cannot be.
        Internal = "internal",
        /// A bug: the plugin panicked.
        Panic = "panic",
        /// The command line cannot be understood (hosts).
        Usage = "usage",
        /// Standard input does not have the expected documents (hosts).
        Stdin = "stdin",
        /// A file that was asked for is not in the chart (hosts).
        File = "file",
        /// The lock file cannot be read or written (hosts).
        Lock = "lock",
        /// The plugin cannot be loaded (hosts of the plugin).
        PluginLoad = "plugin/load",
        /// The plugin is not the one that was pinned (hosts of the plugin).
        PluginDigest = "plugin/digest",
        /// The plugin wants a function of its host that does not exist (hosts of the plugin).
        PluginImport = "plugin/import",
        /// The plugin has no such function (hosts of the plugin).
        PluginMissingExport = "plugin/missing-export",
        /// Somebody cancelled the call of the plugin (hosts of the plugin).
        PluginCancelled = "plugin/cancelled",
        /// The plugin did something that Wasm does not allow (hosts of the plugin).
        PluginTrap = "plugin/trap",
        /// The plugin says that the call failed, in words of its own (hosts of the plugin).
        PluginRefused = "plugin/refused",
        /// The plugin's answer is not the JSON that was wanted (hosts of the plugin).
        PluginJson = "plugin/json",
    }
}
