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
        /// A mapping has a key twice.
        DuplicateKey = "duplicate-key",
        /// A key is not text.
        Key = "key",
        /// A key is a boolean in YAML 1.1: `ON`, `y`.
        KeyBoolean = "key-boolean",
        /// Values, or releases in releases, nest too deeply.
        TooDeep = "too-deep",
        /// A text has too many values; aliases count each time.
        TooLarge = "too-large",
        /// A name is not a DNS-1123 label, or Helm reserves it.
        Name = "name",
        /// Templates cannot write a name as `.Values.name`.
        NameNotIdentifier = "name-not-identifier",
        /// Helm reserves this name: `global`, and `tags` in an umbrella chart.
        ReservedName = "reserved-name",
        /// The name of a component's release is longer than 53 characters.
        ReleaseName = "release-name",
        /// Two components have the same name.
        DuplicateComponent = "duplicate-component",
        /// The descriptor has no components.
        NoComponents = "no-components",
        /// The descriptor has too many components.
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
        /// A component has no base chart: it has no template, and `spec.template` is missing.
        NoTemplate = "no-template",
        /// No component uses `spec.template`.
        UnusedTemplate = "unused-template",
        /// The name or path of a base chart is empty, or leaves its source.
        ChartName = "chart-name",
        /// A version is not a semantic version, or does not fit the revision of its source.
        Version = "version",
        /// A version is one only by Helm's lenient rules.
        VersionNotStrict = "version-not-strict",
        /// A range of versions cannot be read.
        VersionRange = "version-range",
        /// A version has no effect on a chart from a Git repository or bucket.
        VersionIgnored = "version-ignored",
        /// Any version of a base chart is accepted.
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
        /// A reference of `valuesFrom` is wrong, or cannot be exported.
        ValuesFrom = "values-from",
        /// The values of the module's release do not fit its components.
        ReleaseValues = "release-values",
        /// An image has no tag or digest, or has `latest`.
        UnpinnedImage = "unpinned-image",
        /// A password or token is in plain text. Its line is never printed in full.
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
        /// A base chart is missing, so part of the expansion or check is left out.
        MissingChart = "missing-chart",
        /// The schema of a base chart refers to something that cannot be copied into the module's schema.
        SchemaReference = "schema-reference",
        /// A base chart is a library: as a subchart it renders nothing.
        LibraryChart = "library-chart",
        /// Layout `umbrella` cannot express `dependsOn`.
        DependsOnLost = "depends-on-lost",
        /// Base charts of an umbrella define the same templates: the last one wins for all.
        SharedTemplates = "shared-templates",
        /// Kubernetes refuses a field of an object, such as its name or a request above its limit.
        RefusedObject = "refused-object",
        /// An object breaks a rule of a policy.
        Policy = "policy",
        /// A skeleton cannot be rendered.
        Skeleton = "skeleton",
        /// A skeleton's path is not one in a chart.
        SkeletonPath = "skeleton-path",
        /// The module works only where Flux runs (export to Argo CD).
        NeedsFlux = "needs-flux",
        /// The URL of a source is not known, so its manifest is not written (export to Flux).
        SourceUrl = "source-url",
        /// The place of a chart's source is not given.
        SourceUnknown = "source-unknown",
        /// The source has no such chart or version.
        ChartNotFound = "chart-not-found",
        /// The source of a chart did not answer.
        SourceUnreachable = "source-unreachable",
        /// A chart is not the one that was pinned.
        Digest = "digest",
        /// What was fetched or made is not a valid chart.
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
        /// Something is wrong with the releases together, or an expected release is missing.
        Release = "release",
        /// HelmReleases deploy each other in a circle.
        ReleaseCycle = "release-cycle",
        /// There are too many HelmReleases.
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
        /// A job's health check is not converted: jobs end by themselves.
        HealthcheckOfJob = "healthcheck-of-job",
        /// The health check of the image is not known here.
        HealthcheckOfImage = "healthcheck-of-image",
        /// An image is a tool that manages Docker: it has nothing to manage in a cluster.
        DockerTool = "docker-tool",
        /// An image is built from the file's folder: build and push it first.
        Build = "build",
        /// A service has neither an image nor a build.
        NoImage = "no-image",
        /// A text is not the name of an image.
        Image = "image",
        /// The image's user is not known: pods must not run as root.
        ImageUser = "image-user",
        /// A job's ports are not converted.
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
        /// `mode: global` is not converted.
        DeployGlobal = "deploy-global",
        /// A resource is not one of Kubernetes.
        Resource = "resource",
        /// Only the number of GPUs is converted.
        Gpus = "gpus",
        /// A placement rule is not converted.
        Placement = "placement",
        /// An update setting is not converted.
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
        /// The file has no services to import.
        NoServices = "no-services",
        /// Passwords are written to a file of their own: it must not be published.
        SecretsApart = "secrets-apart",
        /// Services belong to profiles that were not chosen.
        Profile = "profile",
        /// The module gets another name than the file's.
        ModuleName = "module-name",
        /// A kind of mount is not converted.
        VolumeType = "volume-type",
        /// A Windows path is not converted.
        VolumePath = "volume-path",
        /// Volumes of Kubernetes start empty.
        VolumeNocopy = "volume-nocopy",
        /// Options of a bind mount are not converted.
        VolumeBindOptions = "volume-bind-options",
        /// A volume's driver is not converted.
        VolumeDriver = "volume-driver",
        /// A folder or file of the host is not converted, or converted to a copy.
        BindMount = "bind-mount",
        /// A volume is made outside of the file.
        ExternalVolume = "external-volume",
        /// Several services share a volume.
        SharedVolume = "shared-volume",
        /// Pods cannot reach Docker's socket.
        DockerSocket = "docker-socket",
        /// A file is converted to a copy of its present content.
        FileCopied = "file-copied",
        /// A Secret must be created separately.
        SecretFile = "secret-file",
        /// A config is made outside of the file.
        ExternalConfig = "external-config",
        /// A secret is made outside of the file.
        ExternalSecret = "external-secret",
        /// The owner or mode of a file is not converted.
        FileOwner = "file-owner",
        /// A published port is converted to a Service, or not at all.
        PublishedPort = "published-port",
        /// A port's mode is not converted.
        PortMode = "port-mode",
        /// The host of a proxy's labels is not converted.
        ProxyHost = "proxy-host",
        /// A container's name is not converted.
        ContainerName = "container-name",
        /// A label's name is not one that Kubernetes allows.
        LabelName = "label-name",
        /// A label is for a tool that is not in the cluster.
        LabelOfTool = "label-of-tool",
        /// A label file is not converted.
        LabelFile = "label-file",
        /// A host name is not converted.
        Hostname = "hostname",
        /// The host's own address is not converted.
        ExtraHosts = "extra-hosts",
        /// A hook of a container is converted in part.
        Hook = "hook",
        /// A network mode is not converted.
        NetworkMode = "network-mode",
        /// A fixed address or name in a network is not converted.
        NetworkAddress = "network-address",
        /// A restart setting is not converted.
        RestartPolicy = "restart-policy",
        /// Kubernetes restarts what ends.
        Restart = "restart",
        /// A pull policy is not converted exactly.
        PullPolicy = "pull-policy",
        /// A user is named where Kubernetes wants a number.
        UserName = "user-name",
        /// A group is named where Kubernetes wants a number.
        GroupName = "group-name",
        /// A security option is not converted.
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

        // Keys of compose files that are not converted.
        /// Compose's `models` is not converted.
        Models = "models",
        /// Compose's `attach` is not converted.
        Attach = "attach",
        /// Compose's `blkio_config` is not converted.
        BlkioConfig = "blkio-config",
        /// Compose's `cgroup` is not converted.
        Cgroup = "cgroup",
        /// Compose's `cgroup_parent` is not converted.
        CgroupParent = "cgroup-parent",
        /// Compose's `cpu_count` is not converted.
        CpuCount = "cpu-count",
        /// Compose's `cpu_percent` is not converted.
        CpuPercent = "cpu-percent",
        /// Compose's `cpu_period` is not converted.
        CpuPeriod = "cpu-period",
        /// Compose's `cpu_quota` is not converted.
        CpuQuota = "cpu-quota",
        /// Compose's `cpu_rt_period` is not converted.
        CpuRtPeriod = "cpu-rt-period",
        /// Compose's `cpu_rt_runtime` is not converted.
        CpuRtRuntime = "cpu-rt-runtime",
        /// Compose's `cpu_shares` is not converted.
        CpuShares = "cpu-shares",
        /// Compose's `cpuset` is not converted.
        Cpuset = "cpuset",
        /// Compose's `credential_spec` is not converted.
        CredentialSpec = "credential-spec",
        /// Compose's `develop` is not converted.
        Develop = "develop",
        /// Compose's `device_cgroup_rules` is not converted.
        DeviceCgroupRules = "device-cgroup-rules",
        /// Compose's `devices` is not converted.
        Devices = "devices",
        /// Compose's `dns` is not converted.
        Dns = "dns",
        /// Compose's `dns_opt` is not converted.
        DnsOpt = "dns-opt",
        /// Compose's `dns_search` is not converted.
        DnsSearch = "dns-search",
        /// Compose's `domainname` is not converted.
        Domainname = "domainname",
        /// Compose's `external_links` is not converted.
        ExternalLinks = "external-links",
        /// Compose's `init` is not converted.
        Init = "init",
        /// Compose's `ipc` is not converted.
        Ipc = "ipc",
        /// Compose's `isolation` is not converted.
        Isolation = "isolation",
        /// Compose's `logging` is not converted.
        Logging = "logging",
        /// Compose's `mac_address` is not converted.
        MacAddress = "mac-address",
        /// Compose's `mem_swappiness` is not converted.
        MemSwappiness = "mem-swappiness",
        /// Compose's `memswap_limit` is not converted.
        MemswapLimit = "memswap-limit",
        /// Compose's `oom_kill_disable` is not converted.
        OomKillDisable = "oom-kill-disable",
        /// Compose's `oom_score_adj` is not converted.
        OomScoreAdj = "oom-score-adj",
        /// Compose's `pid` is not converted.
        Pid = "pid",
        /// Compose's `pids_limit` is not converted.
        PidsLimit = "pids-limit",
        /// Compose's `pre_start` is not converted.
        PreStart = "pre-start",
        /// Compose's `privileged` is not converted.
        Privileged = "privileged",
        /// Compose's `provider` is not converted.
        Provider = "provider",
        /// Compose's `pull_refresh_after` is not converted.
        PullRefreshAfter = "pull-refresh-after",
        /// Compose's `runtime` is not converted.
        Runtime = "runtime",
        /// Compose's `stdin_open` is not converted.
        StdinOpen = "stdin-open",
        /// Compose's `stop_signal` is not converted.
        StopSignal = "stop-signal",
        /// Compose's `storage_opt` is not converted.
        StorageOpt = "storage-opt",
        /// Compose's `tty` is not converted.
        Tty = "tty",
        /// Compose's `ulimits` is not converted.
        Ulimits = "ulimits",
        /// Compose's `use_api_socket` is not converted.
        UseApiSocket = "use-api-socket",
        /// Compose's `userns_mode` is not converted.
        UsernsMode = "userns-mode",
        /// Compose's `uts` is not converted.
        Uts = "uts",
        /// Compose's `volumes_from` is not converted.
        VolumesFrom = "volumes-from",
        /// Compose's `endpoint_mode` is not converted.
        EndpointMode = "endpoint-mode",
        /// Compose's `labels` is not converted.
        Labels = "labels",
        /// Compose's `rollback_config` is not converted.
        RollbackConfig = "rollback-config",
        /// Compose's `driver` is not converted.
        Driver = "driver",
        /// Compose's `driver_opts` is not converted.
        DriverOpts = "driver-opts",
        /// Compose's `template_driver` is not converted.
        TemplateDriver = "template-driver",
        /// Compose's `attachable` is not converted.
        Attachable = "attachable",
        /// Compose's `enable_ipv4` is not converted.
        EnableIpv4 = "enable-ipv4",
        /// Compose's `enable_ipv6` is not converted.
        EnableIpv6 = "enable-ipv6",
        /// Compose's `external` is not converted.
        External = "external",
        /// Compose's `internal` is not converted.
        Internal = "internal",
        /// Compose's `ipam` is not converted.
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
            assert_eq!(Code::from_word(code.as_str()), Some(*code), "{code} is listed twice");
            assert!(code.meaning().ends_with('.') && !code.meaning().contains('\n'), "{code}: {}", code.meaning());
        }
        for kind in FailureKind::ALL {
            assert_eq!(FailureKind::from_word(kind.as_str()), Some(*kind), "{kind} is listed twice");
            assert_eq!(Code::from(*kind).as_str(), kind.as_str());
        }
        let newer: Code = serde_json::from_str("\"of-a-newer-engine\"").unwrap();
        assert_eq!(newer, Code::Other);
    }
}
