using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>A change of a site as it is stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "change")]
[JsonDerivedType(typeof(SettingsSet), "settings-set")]
[JsonDerivedType(typeof(ServiceAdded), "service-added")]
[JsonDerivedType(typeof(ServiceSet), "service-set")]
[JsonDerivedType(typeof(ServiceRemoved), "service-removed")]
[JsonDerivedType(typeof(BackendAdded), "backend-added")]
[JsonDerivedType(typeof(BackendMoved), "backend-moved")]
[JsonDerivedType(typeof(BackendWeighted), "backend-weighted")]
[JsonDerivedType(typeof(BackendAdminSet), "backend-admin-set")]
[JsonDerivedType(typeof(BackendTlsSet), "backend-tls-set")]
[JsonDerivedType(typeof(BackendBackupSet), "backend-backup-set")]
[JsonDerivedType(typeof(BackendServerIdSet), "backend-server-id-set")]
[JsonDerivedType(typeof(BackendRemoved), "backend-removed")]
internal abstract record ChangeRecord
{
    public static ChangeRecord Of(SiteChange change) => change switch
    {
        SiteChange.SettingsSet set => new SettingsSet(SettingsRecord.Of(set.Settings)),
        SiteChange.ServiceAdded added => new ServiceAdded(ServiceRecord.Of(added.Service)),
        SiteChange.ServiceSet set => new ServiceSet(ServiceRecord.Of(set.Service)),
        SiteChange.ServiceRemoved removed => new ServiceRemoved(removed.Service),
        SiteChange.BackendAdded added => new BackendAdded(added.Service, BackendRecord.Of(added.Backend)),
        SiteChange.BackendMoved moved =>
            new BackendMoved(moved.Service, moved.Backend, moved.Address.ToString(), moved.Port),
        SiteChange.BackendWeighted weighted =>
            new BackendWeighted(weighted.Service, weighted.Backend, weighted.Weight),
        SiteChange.BackendAdminSet set =>
            new BackendAdminSet(set.Service, set.Backend, Words.Admins.Of(set.Admin), set.Deadline),
        SiteChange.BackendTlsSet set => new BackendTlsSet(set.Service, set.Backend, set.Tls.Names, set.Tls.Alpn),
        SiteChange.BackendBackupSet set => new BackendBackupSet(set.Service, set.Backend, set.Backup),
        SiteChange.BackendServerIdSet set => new BackendServerIdSet(set.Service, set.Backend, set.Id?.ToString()),
        SiteChange.BackendRemoved removed => new BackendRemoved(removed.Service, removed.Backend),
        _ => throw new ArgumentException($"{change} has no record.", nameof(change)),
    };

    public abstract SiteChange ToChange();

    internal sealed record SettingsSet(SettingsRecord Settings) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.SettingsSet(Settings.ToSettings());
    }

    internal sealed record ServiceAdded(ServiceRecord Service) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.ServiceAdded(Service.ToConfig());
    }

    internal sealed record ServiceSet(ServiceRecord Service) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.ServiceSet(Service.ToConfig());
    }

    internal sealed record ServiceRemoved(string Service) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.ServiceRemoved(Service);
    }

    internal sealed record BackendAdded(string Service, BackendRecord Backend) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.BackendAdded(Service, Backend.ToConfig());
    }

    internal sealed record BackendMoved(string Service, string Backend, string Address, ushort Port) : ChangeRecord
    {
        public override SiteChange ToChange() =>
            new SiteChange.BackendMoved(Service, Backend, IPAddress.Parse(Address), Port);
    }

    internal sealed record BackendWeighted(string Service, string Backend, int Weight) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.BackendWeighted(Service, Backend, Weight);
    }

    internal sealed record BackendAdminSet(
        string Service, string Backend, string Admin, TimeSpan? Deadline = null) : ChangeRecord
    {
        public override SiteChange ToChange() =>
            new SiteChange.BackendAdminSet(Service, Backend, Words.Admins.Parse(Admin)) { Deadline = Deadline };
    }

    internal sealed record BackendTlsSet(
        string Service, string Backend, ImmutableArray<string> TlsNames, ImmutableArray<string> Alpn) : ChangeRecord
    {
        public override SiteChange ToChange() =>
            new SiteChange.BackendTlsSet(Service, Backend, new TlsMatch(TlsNames, Alpn));
    }

    internal sealed record BackendBackupSet(string Service, string Backend, bool Backup) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.BackendBackupSet(Service, Backend, Backup);
    }

    internal sealed record BackendServerIdSet(string Service, string Backend, string? ServerId = null) : ChangeRecord
    {
        public override SiteChange ToChange() =>
            new SiteChange.BackendServerIdSet(Service, Backend, QuicRecord.ParseServerId(ServerId));
    }

    internal sealed record BackendRemoved(string Service, string Backend) : ChangeRecord
    {
        public override SiteChange ToChange() => new SiteChange.BackendRemoved(Service, Backend);
    }
}

/// <summary>
/// Settings of a site as they are stored. Prefixes are in the order of their text. Limits that limit nothing are not
/// stored.
/// </summary>
internal sealed record SettingsRecord(
    ImmutableArray<string> Direct,
    TimeSpan SweepInterval,
    TimeSpan UdpWindow,
    TimeSpan CheckInterval,
    double? MaxMovedFlows = null,
    double? MaxLostFlows = null,
    int? LogSample = null)
{
    /// <summary>What a record without the number means, whatever the default becomes.</summary>
    private const int WithoutLogSample = 100;

    public static SettingsRecord Of(SiteSettings settings) => new(
        [.. settings.Direct.Select(prefix => prefix.ToString()).Order(StringComparer.Ordinal)],
        settings.Flows.SweepInterval,
        settings.Flows.UdpWindow,
        settings.CheckInterval,
        settings.Limits.MaxMoved < 1 ? settings.Limits.MaxMoved : null,
        settings.Limits.MaxLost < 1 ? settings.Limits.MaxLost : null,
        settings.LogSample == WithoutLogSample ? null : settings.LogSample);

    public SiteSettings ToSettings() => new(
        [.. Direct.Select(prefix => IPNetwork.Parse(prefix))],
        new FlowsConfig(SweepInterval, UdpWindow),
        CheckInterval)
    {
        Limits = new PlanLimits(MaxMovedFlows ?? 1, MaxLostFlows ?? 1),
        LogSample = LogSample ?? WithoutLogSample,
    };
}
