using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Lb.Kernel;

namespace Lb.Actors.Wire;

/// <summary>A service as it is stored. Without a word on the flow log it is off; without one on the relay, GUE, the pool or the MSS it is the default. Without a last port it has one port, without the
/// length of a prefix one address.</summary>
internal sealed record ServiceRecord(
    string Name,
    string Vip,
    ushort Port,
    string Protocol,
    string Mode,
    string Tracking,
    TimeSpan FlowMemory,
    int Slots,
    uint Seed,
    HealthRecord Health,
    ImmutableArray<BackendRecord> Backends,
    string? FlowLog = null,
    RelayRecord? Relay = null,
    ushort? GuePort = null,
    PoolRecord? Pool = null,
    ushort? Mss = null,
    AffinityRecord? Affinity = null,
    ushort? LastPort = null,
    int? PrefixLength = null,
    string? Datapath = null,
    QuicRecord? Quic = null,
    string? DeadFlows = null)
{
    public static ServiceRecord Of(ServiceConfig service) => new(
        service.Name,
        service.Vip.Address.ToString(),
        service.Vip.Port,
        Words.Protocols.Of(service.Vip.Protocol),
        Words.Modes.Of(service.Mode),
        Words.Trackings.Of(service.Tracking),
        service.FlowMemory,
        service.Slots,
        service.Seed,
        HealthRecord.Of(service.Health),
        [.. service.Backends.Values.Select(BackendRecord.Of)],
        service.Logging == FlowLogging.Off ? null : Words.Loggings.Of(service.Logging),
        service.Mode != ForwardingMode.Tproxy && service.Relay == RelaySettings.Default
            ? null
            : RelayRecord.Of(service.Relay),
        service.GuePort == ForwardingModes.GuePort ? null : service.GuePort,
        PoolRecord.Of(service.Pool),
        service.Mss == 0 ? null : service.Mss,
        service.Affinity is { } affinity ? AffinityRecord.Of(affinity) : null,
        service.Vip.LastPort == 0 ? null : service.Vip.LastPort,
        service.Vip.IsPrefix ? service.Vip.Network.PrefixLength : null,
        service.Datapath == HookChoice.Auto ? null : Words.Hooks.Of(service.Datapath),
        service.Quic is { } quic ? new QuicRecord(quic.ConfigId, quic.ServerIdLength) : null,
        service.DeadFlows == Actors.DeadFlows.Rehash ? null : Words.DeadFlows.Of(service.DeadFlows));

    public ServiceConfig ToConfig() => new(
        Name,
        VipOf(IPAddress.Parse(Vip)),
        Words.Modes.Parse(Mode),
        Words.Trackings.Parse(Tracking),
        FlowMemory,
        Slots,
        Seed,
        Backends.Select(backend => backend.ToConfig())
            .ToImmutableSortedDictionary(backend => backend.Name, backend => backend, StringComparer.Ordinal),
        Health.ToConfig())
    {
        Logging = FlowLog is null ? FlowLogging.Off : Words.Loggings.Parse(FlowLog),
        Relay = Relay?.ToSettings() ?? RelaySettings.Default,
        GuePort = GuePort ?? ForwardingModes.GuePort,
        Mss = Mss ?? 0,
        Datapath = Datapath is null ? HookChoice.Auto : Words.Hooks.Parse(Datapath),
        Quic = Quic is null ? null : new QuicRouting(Quic.ConfigId, Quic.ServerIdLength),
        DeadFlows = DeadFlows is null ? Actors.DeadFlows.Rehash : Words.DeadFlows.Parse(DeadFlows),
        Affinity = Affinity?.ToAffinity(),
        Pool = Pool?.ToPolicy() ?? PoolPolicy.Default,
    };

    private Endpoint VipOf(IPAddress address) => Endpoint.Of(
        new IPNetwork(address, PrefixLength ?? (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)),
        Port,
        LastPort ?? Port,
        Words.Protocols.Parse(Protocol));
}

/// <summary>Bits of a source's address that tell clients apart, as they are stored; without a timeout there is none.</summary>
internal sealed record AffinityRecord(int Prefix4, int Prefix6, TimeSpan? Timeout = null)
{
    public static AffinityRecord Of(SourceAffinity affinity) => new(
        affinity.Prefix4, affinity.Prefix6, affinity.Timeout == TimeSpan.Zero ? null : affinity.Timeout);

    public SourceAffinity ToAffinity() => new(Prefix4, Prefix6) { Timeout = Timeout ?? TimeSpan.Zero };
}

/// <summary>How QUIC connection IDs name backends, as it is stored.</summary>
internal sealed record QuicRecord(int ConfigId, int ServerIdLength)
{
    /// <summary>A server ID as it is stored: hexadecimal digits.</summary>
    public static ServerId? ParseServerId(string? text) => text is null ? null
        : Kernel.ServerId.TryParse(text, out ServerId id) ? id
        : throw new InvalidDataException($"\"{text}\" is no server ID");
}

/// <summary>A backend as it is stored. Without names and protocols it is for every TLS client.</summary>
internal sealed record BackendRecord(
    string Name,
    string Address,
    ushort Port,
    int Weight,
    string Admin,
    ImmutableArray<string>? TlsNames = null,
    ImmutableArray<string>? Alpn = null,
    bool? Backup = null,
    TimeSpan? DrainDeadline = null,
    string? ServerId = null)
{
    public static BackendRecord Of(BackendConfig backend) => new(
        backend.Name,
        backend.Address.ToString(),
        backend.Port,
        backend.Weight,
        Words.Admins.Of(backend.Admin),
        backend.Tls.Names.IsEmpty ? null : backend.Tls.Names,
        backend.Tls.Alpn.IsEmpty ? null : backend.Tls.Alpn,
        backend.Backup ? true : null,
        backend.DrainDeadline,
        backend.ServerId?.ToString());

    public BackendConfig ToConfig() =>
        new(Name, IPAddress.Parse(Address), Port, Weight, Words.Admins.Parse(Admin))
        {
            Tls = new TlsMatch(TlsNames ?? [], Alpn ?? []),
            Backup = Backup ?? false,
            DrainDeadline = DrainDeadline,
            ServerId = QuicRecord.ParseServerId(ServerId),
        };
}

/// <summary>How backends are probed, as it is stored. Path, host and statuses are those of an HTTP check.</summary>
internal sealed record HealthRecord(
    string Check,
    ushort Port,
    TimeSpan Interval,
    TimeSpan Timeout,
    int Rise,
    int Fall,
    double Jitter,
    string? Path = null,
    string? Host = null,
    ImmutableArray<int>? Statuses = null)
{
    private const string None = "none";
    private const string Tcp = "tcp";
    private const string Http = "http";

    public static HealthRecord Of(HealthConfig health)
    {
        HealthCheck.HttpGet? http = health.Check as HealthCheck.HttpGet;
        return new HealthRecord(
            health.Check switch
            {
                HealthCheck.HttpGet => Http,
                HealthCheck.TcpConnect => Tcp,
                _ => None,
            },
            health.Port,
            health.Interval,
            health.Timeout,
            health.Rise,
            health.Fall,
            health.Jitter,
            http?.Path,
            http?.Host,
            http is null ? null : [.. http.Statuses]);
    }

    public HealthConfig ToConfig() => new(
        Check switch
        {
            None => new HealthCheck.None(),
            Tcp => new HealthCheck.TcpConnect(),
            Http => new HealthCheck.HttpGet(
                Path ?? throw new InvalidDataException("an HTTP check has no path"), Host, [.. Statuses ?? []]),
            _ => throw new InvalidDataException($"the check \"{Check}\" is not known"),
        },
        Port,
        Interval,
        Timeout,
        Rise,
        Fall,
        Jitter);
}
