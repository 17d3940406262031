using System.Collections.Immutable;
using System.Net;

namespace Lb.Kernel.Host;

/// <summary>What of a host concerns a site: the rest is not looked at.</summary>
/// <param name="Datapath">What the site asks of the kernel.</param>
/// <param name="Admin">Where its HTTP API listens.</param>
/// <param name="Vips">Addresses of its services.</param>
/// <param name="Backends">Addresses of its backends.</param>
/// <param name="JournalDirectory">Where its journal is written; null when that is not on this host.</param>
public sealed record HostScope(
    DatapathOptions Datapath,
    IPEndPoint Admin,
    ImmutableArray<IPAddress> Vips,
    ImmutableArray<IPAddress> Backends,
    string? JournalDirectory)
{
    /// <summary>Where its HTTP API lets in who is elsewhere; null for nowhere.</summary>
    public RemoteScope? Remote { get; init; }

    /// <summary>By what other nodes of its cluster know it; null without.</summary>
    public CertificateScope? ClusterCertificate { get; init; }

    /// <summary>Its services that are relayed.</summary>
    public ImmutableArray<RelayedService> Relayed { get; init; } = [];

    /// <summary>Addresses that its full-nat sends from.</summary>
    public ImmutableArray<IPAddress> FullNat { get; init; } = [];

    /// <summary>The bird that is run; null where none is.</summary>
    public string? Bird { get; init; }

    /// <summary>Whether VIPs are put on interfaces.</summary>
    public bool Announces { get; init; }

    /// <summary>Whether the kernel is to carry connections of some of them.</summary>
    public bool TakesSockmap { get; init; }
}

/// <summary>A service that is relayed.</summary>
/// <param name="Vip">The service.</param>
/// <param name="Wanted">What is to intercept its packets.</param>
/// <param name="Source">The address that its relay connects to backends from.</param>
public sealed record RelayedService(Endpoint Vip, InterceptBy Wanted, RelaySource Source);
