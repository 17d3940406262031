using System.Collections.Immutable;

namespace Lb.Kernel.Host;

/// <summary>What was read from a host, without a judgement. A fact that is null could not be read.</summary>
public sealed record HostFacts
{
    /// <summary>The machine.</summary>
    public required SystemFacts System { get; init; }

    /// <summary>The process that looks.</summary>
    public required ProcessFacts Process { get; init; }

    /// <summary>BPF in this kernel and this library.</summary>
    public required BpfFacts Bpf { get; init; }

    /// <summary>The site's traces on this host.</summary>
    public required SiteFacts Site { get; init; }

    /// <summary>The directory of locks.</summary>
    public required DirectoryFacts RunDirectory { get; init; }

    /// <summary>The directory of the journal; null when it is not on this host.</summary>
    public DirectoryFacts? JournalDirectory { get; init; }

    /// <summary>The address of the HTTP API.</summary>
    public required ListenerFacts Admin { get; init; }

    /// <summary>Where the HTTP API lets in who is elsewhere; null for nowhere.</summary>
    public RemoteFacts? Remote { get; init; }

    /// <summary>By what other nodes of its cluster know it; null without.</summary>
    public CertificateFacts? ClusterCertificate { get; init; }

    /// <summary>The site's interfaces that are there, and those that its backends are reached by.</summary>
    public ImmutableArray<InterfaceFacts> Interfaces { get; init; } = [];

    /// <summary>The backends, by address.</summary>
    public ImmutableArray<BackendFacts> Backends { get; init; } = [];

    /// <summary>The VIPs, by address.</summary>
    public ImmutableArray<VipFacts> Vips { get; init; } = [];

    /// <summary>Settings of the network that hold for all interfaces.</summary>
    public required NetworkFacts Network { get; init; }

    /// <summary>What relays need; null for a site that has none.</summary>
    public RelayFacts? Relays { get; init; }

    /// <summary>Interfaces and addresses, for a site whose VIPs are put there; null for another.</summary>
    public VipHost? Announce { get; init; }

    /// <summary>What a bird of the site needs; null for a site that runs none.</summary>
    public BirdFacts? Bird { get; init; }

    /// <summary>What could not be read, and why.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>An interface by its name; null when it is not there.</summary>
    public InterfaceFacts? Interface(string name) => Interfaces.FirstOrDefault(i => i.Name == name);
}
