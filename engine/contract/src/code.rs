//! What kind of problem it is.

use crate::words::words;

words! {
    /// A stable name for the kind of a [`Problem`](crate::Problem).
    pub enum Code {
        /// The text is not YAML, or only half of it is.
        Yaml = "yaml",
        /// A file has no `HelmChartDescriptor`.
        NoDescriptor = "no-descriptor",
        /// A document of another kind is left out.
        OtherKind = "other-kind",
        /// A file has more than one descriptor where one is wanted: only the first is taken.
        SeveralDescriptors = "several-descriptors",
        /// The kind has no such field.
        UnknownField = "unknown-field",
        /// A required field is missing or empty.
        MissingField = "missing-field",
        /// A value is of another type than its field.
        WrongType = "wrong-type",
        /// A value is not among those that its field may have.
        WrongValue = "wrong-value",
        /// The document does not fit the types of its kind, although its fields do. This is a bug: please report it.
        Form = "form",
        /// A key stands twice in a mapping.
        DuplicateKey = "duplicate-key",
        /// A key is not text.
        Key = "key",
        /// A key is a boolean in YAML 1.1: `ON`, `y`.
        KeyBoolean = "key-boolean",
        /// Values, or releases in releases, nest deeper than they may.
        TooDeep = "too-deep",
        /// A text has more values than it may; aliases count each time.
        TooLarge = "too-large",
        /// A name is not a DNS-1123 label, or Helm keeps it for itself.
        Name = "name",
        /// Templates cannot write a name as `.Values.name`.
        NameNotIdentifier = "name-not-identifier",
        /// Helm keeps this name for itself: `global`, and `tags` in an umbrella chart.
        ReservedName = "reserved-name",
        /// The name of a component's release is longer than 53 characters.
        ReleaseName = "release-name",
        /// Two components have the same name.
        DuplicateComponent = "duplicate-component",
        /// The descriptor has no components.
        NoComponents = "no-components",
        /// The descriptor has more components than it may.
        TooManyComponents = "too-many-components",
        /// A component depends on one that does not exist (expansion).
        UnknownComponent = "unknown-component",
        /// A component depends on one that does not exist.
        DependsOnUnknown = "depends-on-unknown",
        /// A component depends on itself.
        DependsOnItself = "depends-on-itself",
        /// Components depend on each other in a circle.
        DependsOnCycle = "depends-on-cycle",
        /// A component names a dependency twice.
        DependsOnTwice = "depends-on-twice",
        /// Layout `umbrella` installs all components at once: `dependsOn` has no effect.
        DependsOnUmbrella = "depends-on-umbrella",
        /// A component has no base chart, and there is none for all.
        NoTemplate = "no-template",
        /// No component uses `spec.template`.
        UnusedTemplate = "unused-template",
        /// The name or path of a base chart is empty, or leaves its source.
        ChartName = "chart-name",
        /// A version is not a semantic version, or does not go with the revision of its source.
        Version = "version",
        /// A version is one only by Helm's lenient rules.
        VersionNotStrict = "version-not-strict",
        /// A range of versions cannot be read.
        VersionRange = "version-range",
        /// A version has no effect on a chart from a Git repository or bucket.
        VersionIgnored = "version-ignored",
        /// Any version of a base chart is taken.
        UnpinnedChart = "unpinned-chart",
        /// `reconcileStrategy` is `ChartVersion` where the chart of a Git repository changes without a new version.
        ChartVersion = "chart-version",
        /// `reconcileStrategy` has no effect on this kind of source.
        StrategyIgnored = "strategy-ignored",
        /// A text is not a URL of the kind that is wanted.
        Url = "url",
        /// A text is not an e-mail address.
        Email = "email",
        /// A text is not a duration.
        Interval = "interval",
        /// A reference of `valuesFrom` is wrong, or cannot be carried to where the module is exported.
        ValuesFrom = "values-from",
        /// The values of the module's release do not fit its components.
        ReleaseValues = "release-values",
        /// An image has no tag or digest, or has `latest`.
        UnpinnedImage = "unpinned-image",
        /// A password or token stands in the open. Its line is never printed in full.
        Secret = "secret",
        /// A setting of `config` is not text.
        SettingNotText = "setting-not-text",
        /// The base chart's `values.schema.json` refuses a value.
        RefusedValue = "refused-value",
        /// No template of the base chart reads a value, and it has no default.
        UnreadValue = "unread-value",
        /// A number is too large for Helm, which reads numbers as floats.
        Number = "number",
        /// A text has a control character that Helm cannot write.
        Character = "character",
        /// A base chart is not at hand, so part of the expansion or check is left out.
        MissingChart = "missing-chart",
        /// The schema of a base chart refers to something that cannot be carried into the module's schema.
        SchemaReference = "schema-reference",
        /// A base chart is a library: as a subchart it renders nothing.
        LibraryChart = "library-chart",
        /// Layout `umbrella` cannot carry `dependsOn`.
        DependsOnLost = "depends-on-lost",
        /// Base charts of an umbrella define the same templates: the last one wins for all.
        SharedTemplates = "shared-templates",
        /// A skeleton cannot be rendered.
        Skeleton = "skeleton",
        /// A skeleton's path is not one in a chart.
        SkeletonPath = "skeleton-path",
        /// The module works only where Flux runs (export to Argo CD).
        NeedsFlux = "needs-flux",
        /// Nothing says at which URL a source is, so its manifest is not written (export to Flux).
        SourceUrl = "source-url",
        /// Nothing says where the source of a chart is.
        SourceUnknown = "source-unknown",
        /// The source has no such chart or version.
        ChartNotFound = "chart-not-found",
        /// The source of a chart did not answer.
        SourceUnreachable = "source-unreachable",
        /// A chart is not the one that was pinned.
        Digest = "digest",
        /// What came for a chart is not a chart, or the chart that was made is not one.
        Chart = "chart",
        /// A field of a HelmRelease is wrong.
        HelmRelease = "helm-release",
        /// A document is not a Kubernetes object.
        Manifest = "manifest",
        /// The values of a HelmRelease cannot be put together.
        Values = "values",
        /// The post-renderers of a HelmRelease fail, or something in them has no effect.
        PostRender = "post-render",
        /// A chart cannot be rendered.
        Render = "render",
        /// Something is wrong with the releases together, or no release is where one is wanted.
        Release = "release",
        /// HelmReleases deploy each other in a circle.
        ReleaseCycle = "release-cycle",
        /// There are more HelmReleases than may be.
        TooMany = "too-many",
        /// Two HelmReleases have the same name.
        DuplicateRelease = "duplicate-release",
        /// A HelmRelease depends on one that does not exist.
        UnknownDependency = "unknown-dependency",
        /// HelmReleases depend on each other in a circle.
        DependencyCycle = "dependency-cycle",
        /// A value of a Secret is too short or too common to be hidden wherever it occurs.
        HiddenInPart = "hidden-in-part",
        /// A kustomization cannot be applied as Flux does (hosts).
        Kustomization = "kustomization",
        /// A document on standard input is wrong (hosts).
        Stdin = "stdin",
        /// A file is missing or cannot be read (hosts, import).
        File = "file",
        /// The command line cannot be understood (hosts).
        Usage = "usage",
        /// The output cannot be written (hosts).
        Output = "output",

        // What the import of compose files finds.
        /// A job's health check is not carried: jobs end by themselves.
        HealthcheckOfJob = "healthcheck-of-job",
        /// The health check of the image is not known here.
        HealthcheckOfImage = "healthcheck-of-image",
        /// An image is a tool for Docker that has no place in a cluster.
        DockerTool = "docker-tool",
        /// An image is built from the file's folder: build and push it first.
        Build = "build",
        /// A service has neither an image nor a build.
        NoImage = "no-image",
        /// A text is not the name of an image.
        Image = "image",
        /// The image's user is not known: pods must not run as root.
        ImageUser = "image-user",
        /// A job's ports are not carried.
        PortsOfJob = "ports-of-job",
        /// A dependency is optional or was left out.
        DependsOn = "depends-on",
        /// A dependency asks for restarts, which Kubernetes does not do.
        DependsOnRestart = "depends-on-restart",
        /// A name is used that the file does not define.
        Undefined = "undefined",
        /// The file defines something that no service uses.
        Unused = "unused",
        /// A service's name is not one that DNS allows: it is changed, also where others call it.
        HostRenamed = "host-renamed",
        /// A variable names localhost, where the other service will not be.
        Localhost = "localhost",
        /// `mode: global` is not carried.
        DeployGlobal = "deploy-global",
        /// A resource is not one of Kubernetes.
        Resource = "resource",
        /// GPUs are carried by their number only.
        Gpus = "gpus",
        /// A rule of placement is not carried.
        Placement = "placement",
        /// A setting of updates is not carried.
        UpdateConfig = "update-config",
        /// A name is not one that Kubernetes allows for a variable.
        VariableName = "variable-name",
        /// A variable gets its value from the host, and none is given.
        VariableOfHost = "variable-of-host",
        /// An environment file is missing or has a line that cannot be read.
        EnvFile = "env-file",
        /// The Compose Specification has no such key.
        UnknownKey = "unknown-key",
        /// An included file is missing, or includes itself.
        Include = "include",
        /// A service extends one that is missing, or itself.
        Extends = "extends",
        /// There are no services to import.
        NoServices = "no-services",
        /// Passwords are written to a file of their own: it must not be published.
        SecretsApart = "secrets-apart",
        /// Services belong to profiles that were not chosen.
        Profile = "profile",
        /// The module gets another name than the file's.
        ModuleName = "module-name",
        /// A kind of mount is not carried.
        VolumeType = "volume-type",
        /// A path of Windows is not carried.
        VolumePath = "volume-path",
        /// Volumes of Kubernetes start empty.
        VolumeNocopy = "volume-nocopy",
        /// Options of a bind mount are not carried.
        VolumeBindOptions = "volume-bind-options",
        /// A volume's driver is not carried.
        VolumeDriver = "volume-driver",
        /// A folder or file of the host is not carried, or carried as a copy.
        BindMount = "bind-mount",
        /// A volume is made outside of the file.
        ExternalVolume = "external-volume",
        /// Several services share a volume.
        SharedVolume = "shared-volume",
        /// There is no Docker socket in a cluster.
        DockerSocket = "docker-socket",
        /// A file is carried as a copy of what it holds now.
        FileCopied = "file-copied",
        /// A Secret must be made beside the descriptor.
        SecretFile = "secret-file",
        /// A config is made outside of the file.
        ExternalConfig = "external-config",
        /// A secret is made outside of the file.
        ExternalSecret = "external-secret",
        /// The owner or mode of a file is not carried.
        FileOwner = "file-owner",
        /// A published port is carried as a Service, or not at all.
        PublishedPort = "published-port",
        /// A port's mode is not carried.
        PortMode = "port-mode",
        /// The host of a proxy's labels is not carried.
        ProxyHost = "proxy-host",
        /// A container's name is not carried.
        ContainerName = "container-name",
        /// A label's name is not one that Kubernetes allows.
        LabelName = "label-name",
        /// A label speaks to a tool that is not in the cluster.
        LabelOfTool = "label-of-tool",
        /// A file of labels is not carried.
        LabelFile = "label-file",
        /// A host name is not carried.
        Hostname = "hostname",
        /// The host's own address is not carried.
        ExtraHosts = "extra-hosts",
        /// A hook of a container is carried in part.
        Hook = "hook",
        /// A network mode is not carried.
        NetworkMode = "network-mode",
        /// A fixed address or name in a network is not carried.
        NetworkAddress = "network-address",
        /// A setting of restarts is not carried.
        RestartPolicy = "restart-policy",
        /// Kubernetes restarts what ends.
        Restart = "restart",
        /// A pull policy is not carried as it is.
        PullPolicy = "pull-policy",
        /// A user is named where Kubernetes wants a number.
        UserName = "user-name",
        /// A group is named where Kubernetes wants a number.
        GroupName = "group-name",
        /// A security option is not carried.
        SecurityOpt = "security-opt",
        /// A sysctl is not among those that are safe.
        Sysctl = "sysctl",
        /// A command has a quote that is not closed.
        Command = "command",
        /// A variable of the text has no value: it is empty.
        UnsetVariable = "unset-variable",
        /// A variable of the text must be given.
        RequiredVariable = "required-variable",
        /// A `$` in the text starts no variable.
        Interpolation = "interpolation",

        // Keys of compose files that are not carried over.
        /// Compose's `models` is not carried over.
        Models = "models",
        /// Compose's `attach` is not carried over.
        Attach = "attach",
        /// Compose's `blkio_config` is not carried over.
        BlkioConfig = "blkio-config",
        /// Compose's `cgroup` is not carried over.
        Cgroup = "cgroup",
        /// Compose's `cgroup_parent` is not carried over.
        CgroupParent = "cgroup-parent",
        /// Compose's `cpu_count` is not carried over.
        CpuCount = "cpu-count",
        /// Compose's `cpu_percent` is not carried over.
        CpuPercent = "cpu-percent",
        /// Compose's `cpu_period` is not carried over.
        CpuPeriod = "cpu-period",
        /// Compose's `cpu_quota` is not carried over.
        CpuQuota = "cpu-quota",
        /// Compose's `cpu_rt_period` is not carried over.
        CpuRtPeriod = "cpu-rt-period",
        /// Compose's `cpu_rt_runtime` is not carried over.
        CpuRtRuntime = "cpu-rt-runtime",
        /// Compose's `cpu_shares` is not carried over.
        CpuShares = "cpu-shares",
        /// Compose's `cpuset` is not carried over.
        Cpuset = "cpuset",
        /// Compose's `credential_spec` is not carried over.
        CredentialSpec = "credential-spec",
        /// Compose's `develop` is not carried over.
        Develop = "develop",
        /// Compose's `device_cgroup_rules` is not carried over.
        DeviceCgroupRules = "device-cgroup-rules",
        /// Compose's `devices` is not carried over.
        Devices = "devices",
        /// Compose's `dns` is not carried over.
        Dns = "dns",
        /// Compose's `dns_opt` is not carried over.
        DnsOpt = "dns-opt",
        /// Compose's `dns_search` is not carried over.
        DnsSearch = "dns-search",
        /// Compose's `domainname` is not carried over.
        Domainname = "domainname",
        /// Compose's `external_links` is not carried over.
        ExternalLinks = "external-links",
        /// Compose's `init` is not carried over.
        Init = "init",
        /// Compose's `ipc` is not carried over.
        Ipc = "ipc",
        /// Compose's `isolation` is not carried over.
        Isolation = "isolation",
        /// Compose's `logging` is not carried over.
        Logging = "logging",
        /// Compose's `mac_address` is not carried over.
        MacAddress = "mac-address",
        /// Compose's `mem_swappiness` is not carried over.
        MemSwappiness = "mem-swappiness",
        /// Compose's `memswap_limit` is not carried over.
        MemswapLimit = "memswap-limit",
        /// Compose's `oom_kill_disable` is not carried over.
        OomKillDisable = "oom-kill-disable",
        /// Compose's `oom_score_adj` is not carried over.
        OomScoreAdj = "oom-score-adj",
        /// Compose's `pid` is not carried over.
        Pid = "pid",
        /// Compose's `pids_limit` is not carried over.
        PidsLimit = "pids-limit",
        /// Compose's `pre_start` is not carried over.
        PreStart = "pre-start",
        /// Compose's `privileged` is not carried over.
        Privileged = "privileged",
        /// Compose's `provider` is not carried over.
        Provider = "provider",
        /// Compose's `pull_refresh_after` is not carried over.
        PullRefreshAfter = "pull-refresh-after",
        /// Compose's `runtime` is not carried over.
        Runtime = "runtime",
        /// Compose's `stdin_open` is not carried over.
        StdinOpen = "stdin-open",
        /// Compose's `stop_signal` is not carried over.
        StopSignal = "stop-signal",
        /// Compose's `storage_opt` is not carried over.
        StorageOpt = "storage-opt",
        /// Compose's `tty` is not carried over.
        Tty = "tty",
        /// Compose's `ulimits` is not carried over.
        Ulimits = "ulimits",
        /// Compose's `use_api_socket` is not carried over.
        UseApiSocket = "use-api-socket",
        /// Compose's `userns_mode` is not carried over.
        UsernsMode = "userns-mode",
        /// Compose's `uts` is not carried over.
        Uts = "uts",
        /// Compose's `volumes_from` is not carried over.
        VolumesFrom = "volumes-from",
        /// Compose's `endpoint_mode` is not carried over.
        EndpointMode = "endpoint-mode",
        /// Compose's `labels` is not carried over.
        Labels = "labels",
        /// Compose's `rollback_config` is not carried over.
        RollbackConfig = "rollback-config",
        /// Compose's `driver` is not carried over.
        Driver = "driver",
        /// Compose's `driver_opts` is not carried over.
        DriverOpts = "driver-opts",
        /// Compose's `template_driver` is not carried over.
        TemplateDriver = "template-driver",
        /// Compose's `attachable` is not carried over.
        Attachable = "attachable",
        /// Compose's `enable_ipv4` is not carried over.
        EnableIpv4 = "enable-ipv4",
        /// Compose's `enable_ipv6` is not carried over.
        EnableIpv6 = "enable-ipv6",
        /// Compose's `external` is not carried over.
        External = "external",
        /// Compose's `internal` is not carried over.
        Internal = "internal",
        /// Compose's `ipam` is not carried over.
        Ipam = "ipam",

        // Failures of whole calls, where a host tells them among problems.
        /// The call failed with this kind of failure.
        Input = "input",
        /// The call failed with this kind of failure.
        UnknownDigest = "unknown-digest",
        /// The call failed with this kind of failure.
        Dependencies = "dependencies",
        /// The call failed with this kind of failure.
        Schema = "schema",
        /// The call failed with this kind of failure.
        KubeVersion = "kubeVersion",
        /// The call failed with this kind of failure.
        Parse = "parse",
        /// The call failed with this kind of failure.
        Exec = "exec",
        /// The call failed with this kind of failure.
        Fail = "fail",
        /// The call failed with this kind of failure.
        ShowOnly = "show-only",
        /// The call failed with this kind of failure.
        Objects = "objects",
        /// The call failed with this kind of failure.
        Platform = "platform",
        /// The call failed with this kind of failure.
        Secrets = "secrets",
        /// The call failed with this kind of failure.
        LimitSteps = "limit/steps",
        /// The call failed with this kind of failure.
        LimitDepth = "limit/depth",
        /// The call failed with this kind of failure.
        LimitOutput = "limit/output",
        /// The call failed with this kind of failure.
        LimitTime = "limit/time",
        /// The call failed with this kind of failure.
        LimitMemory = "limit/memory",
        /// The call failed with this kind of failure.
        LimitInput = "limit/input",
        /// The call failed with this kind of failure.
        Limit = "limit",
        /// The call failed with this kind of failure.
        Cancelled = "cancelled",
        /// The call failed with this kind of failure.
        Panic = "panic",
        /// The call failed with this kind of failure.
        Lock = "lock",
        /// The call failed with this kind of failure.
        PluginLoad = "plugin/load",
        /// The call failed with this kind of failure.
        PluginDigest = "plugin/digest",
        /// The call failed with this kind of failure.
        PluginImport = "plugin/import",
        /// The call failed with this kind of failure.
        PluginMissingExport = "plugin/missing-export",
        /// The call failed with this kind of failure.
        PluginCancelled = "plugin/cancelled",
        /// The call failed with this kind of failure.
        PluginTrap = "plugin/trap",
        /// The call failed with this kind of failure.
        PluginRefused = "plugin/refused",
        /// The call failed with this kind of failure.
        PluginJson = "plugin/json",
    }
}

impl From<crate::FailureKind> for Code {
    /// The code of a failure that is told among problems: the same word. A test sees to it that there is one for each kind.
    fn from(kind: crate::FailureKind) -> Code {
        Code::from_word(kind.as_str()).unwrap_or(Code::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureKind;

    #[test]
    fn words_are_there_and_back() {
        for code in Code::ALL {
            assert_eq!(Code::from_word(code.as_str()), Some(*code), "{code} stands twice");
            assert!(code.meaning().ends_with('.') && !code.meaning().contains('\n'), "{code}: {}", code.meaning());
        }
        for kind in FailureKind::ALL {
            assert_eq!(FailureKind::from_word(kind.as_str()), Some(*kind), "{kind} stands twice");
            assert_eq!(Code::from(*kind).as_str(), kind.as_str());
        }
        let newer: Code = serde_json::from_str("\"of-a-newer-engine\"").unwrap();
        assert_eq!(newer, Code::Other);
    }
}
