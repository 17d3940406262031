namespace Lb.Netns.Tests.Node;

/// <summary>What scenarios read of <c>GET /api/v1/services</c>.</summary>
internal sealed record ServicesAnswer(IReadOnlyList<ServiceAnswer> Services);

internal sealed record ServiceAnswer(
    string Name, bool InKernel, string Digest, int Slots, int MovedSlots, IReadOnlyList<BackendAnswer> Backends)
{
    public RelayAnswer? Relay { get; init; }

    public string? OlderMode { get; init; }

    public string? Pool { get; init; }

    public string? Ports { get; init; }
}

internal sealed record BackendAnswer(string Name, string State, int Slots)
{
    public RelayCountsAnswer? Relay { get; init; }

    public DrainAnswer? Drain { get; init; }

    public PortsAnswer? FullNatPorts { get; init; }

    public OutlierAnswer? Outlier { get; init; }
}

internal sealed record PortsAnswer(int Used, int Room);

internal sealed record OutlierAnswer(DateTimeOffset? EjectedUntil, string Why, long Ejections);

internal sealed record DrainAnswer(int TrackedFlows)
{
    public DateTimeOffset? Since { get; init; }

    public bool Over { get; init; }

    public DateTimeOffset? Deadline { get; init; }
}

internal sealed record RelayAnswer(RelayCountsAnswer Counts, long Refused, long Idle)
{
    public IReadOnlyDictionary<string, long> Ends { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    public long Held { get; init; }

    public DatagramsAnswer? Datagrams { get; init; }

    public InterceptionAnswer? Interception { get; init; }

    public SockmapAnswer? Sockmap { get; init; }

    public long Ended(string reason) => Ends.GetValueOrDefault(reason);
}

internal sealed record SockmapAnswer(long Now, long Moved, long TakenBack, long Bytes, string? Fault)
{
    public IReadOnlyDictionary<string, long> Fallbacks { get; init; } = new Dictionary<string, long>();
}

internal sealed record DatagramsAnswer(long ToBackends, long ToClients, long DroppedFull, long Lost);

internal sealed record InterceptionAnswer(string By, string Reason);

internal sealed record RelayCountsAnswer(
    long Connections, long Open, long BytesToBackends, long BytesToClients, long ConnectFailures);

/// <summary>What scenarios read of <c>GET /api/v1/node</c>.</summary>
internal sealed record NodeAnswer(IReadOnlyList<InterfaceAnswer> Interfaces, IReadOnlyDictionary<string, CounterAnswer> Verdicts);

internal sealed record InterfaceAnswer(string Interface, string Attach);

internal sealed record CounterAnswer(ulong Packets, ulong Bytes);
