using System.Collections.Immutable;
using System.Net;
using Lb.Actors;
using Lb.Cluster.Certificates;
using Lb.Kernel;
using Microsoft.Extensions.Logging;

namespace Lb.Host.Configuration;

internal enum LogFormat
{
    Text,
    Json,
}

/// <summary>What a site file says about the process and its kernel state, checked and complete.</summary>
internal sealed record NodeOptions(
    string Site,
    ImmutableArray<string> Interfaces,
    AttachMode Attach,
    uint HashSeed,
    KernelOptions Kernel,
    JournalOptions Journal,
    ClusterOptions? Cluster,
    IPEndPoint Admin,
    AccessOptions Access,
    string FlowLogPath,
    LogOptions Log,
    MetricsOptions Metrics,
    ShutdownOptions Shutdown)
{
    /// <summary>How VIPs are announced.</summary>
    public required AnnounceOptions Announce { get; init; }

    /// <summary>CPUs that packets are spread over.</summary>
    public SpreadWish Spread { get; init; } = SpreadWish.None;

    /// <summary>What the node has for full-nat.</summary>
    public FullNatSettings FullNat { get; init; } = FullNatSettings.None;
}

/// <summary>How VIPs are announced.</summary>
/// <param name="Mode">By what.</param>
/// <param name="Interfaces">Interfaces that VIPs are put on.</param>
/// <param name="Addresses">Addresses beside the VIPs.</param>
/// <param name="Lifetime">How long the kernel keeps one that is not renewed.</param>
/// <param name="Prefers">VIPs go back to the node that is first in order for them.</param>
internal sealed record AnnounceOptions(
    AnnounceMode Mode,
    ImmutableArray<string> Interfaces,
    ImmutableArray<IPAddress> Addresses,
    TimeSpan Lifetime,
    bool Prefers)
{
    /// <summary>By which routers.</summary>
    public required BgpOptions Bgp { get; init; }
}

/// <summary>How routes to VIPs are told.</summary>
/// <param name="Program">The bird that is run.</param>
/// <param name="LocalAs">The node's autonomous system; 0 where none is set.</param>
/// <param name="RouterId">What stands for the node; null for an address of its own.</param>
/// <param name="WithdrawEmpty">No route to a VIP without a usable backend.</param>
/// <param name="BfdInterval">How often neighbours look for each other.</param>
/// <param name="BfdMultiplier">After how many looks in vain one is gone.</param>
/// <param name="Neighbors">Who is told.</param>
internal sealed record BgpOptions(
    string Program,
    uint LocalAs,
    IPAddress? RouterId,
    bool WithdrawEmpty,
    TimeSpan BfdInterval,
    int BfdMultiplier,
    ImmutableArray<BgpNeighbor> Neighbors);

/// <summary>A router that is told.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="As">Its autonomous system.</param>
/// <param name="Password">TCP-MD5; empty for none.</param>
/// <param name="Bfd">Whether BFD watches it.</param>
/// <param name="Hops">How far away it is; null on the node's own link.</param>
internal sealed record BgpNeighbor(string Name, IPAddress Address, uint As, string Password, bool Bfd, int? Hops);

internal sealed record KernelOptions(
    string BpfFs, int MaxServices, int MaxBackends, int MaxFlows, int InsertRate, RelayConntrack RelayConntrack, int MaxClients);

/// <summary>What connection tracking sees of relayed services.</summary>
internal enum RelayConntrack
{
    /// <summary>All, as of any connection of the host, where rules of the host have turned it on.</summary>
    Track,

    /// <summary>Nothing.</summary>
    Bypass,
}

/// <summary>Database that a site's journal is in.</summary>
internal enum JournalProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>Where the site's journal is.</summary>
/// <param name="Provider">The kind of database.</param>
/// <param name="Directory">Folder of the SQLite file.</param>
/// <param name="ConnectionString">How PostgreSQL is reached.</param>
internal sealed record JournalOptions(JournalProvider Provider, string Directory, string ConnectionString);

/// <summary>How the node takes part in a cluster.</summary>
/// <param name="Address">Where the other nodes reach it.</param>
/// <param name="Name">The cluster's name in its database.</param>
/// <param name="Roles">The node's roles.</param>
/// <param name="Database">The database that all nodes share.</param>
/// <param name="Tls">By what nodes know each other; null when they talk in the clear.</param>
internal sealed record ClusterOptions(
    IPEndPoint Address, string Name, ImmutableArray<string> Roles, JournalOptions Database, CertificateFiles? Tls = null)
{
    /// <summary>How many nodes probe each backend.</summary>
    public int Probers { get; init; } = 3;
}

/// <summary>Who may use the API.</summary>
/// <param name="LocalRole">What is allowed without a token where only this host's users can come from.</param>
/// <param name="Remote">Where others may come in; null for nowhere.</param>
internal sealed record AccessOptions(AccessRole LocalRole, RemoteOptions? Remote);

/// <summary>Where the API listens for others, with TLS and tokens.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Certificate">PEM file of the certificate, and of those between it and the root.</param>
/// <param name="PrivateKey">PEM file of its key.</param>
internal sealed record RemoteOptions(IPEndPoint Endpoint, string Certificate, string PrivateKey);

internal sealed record LogOptions(LogLevel Level, LogFormat Format);

/// <summary>How metrics are sent by OTLP.</summary>
internal enum OtlpProtocol
{
    Grpc,
    Http,
}

/// <summary>Where metrics are sent, besides being there to fetch.</summary>
/// <param name="OtlpEndpoint">Collector; null sends nothing.</param>
/// <param name="OtlpProtocol">How it is talked to.</param>
/// <param name="Interval">Time from one export to the next.</param>
internal sealed record MetricsOptions(Uri? OtlpEndpoint, OtlpProtocol OtlpProtocol, TimeSpan Interval);

internal sealed record ShutdownOptions(TimeSpan Drain, bool KeepForwarding);
