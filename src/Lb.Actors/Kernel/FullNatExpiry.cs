using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How long flows of full-nat may be silent.</summary>
/// <param name="Memory">TCP connections, by service.</param>
/// <param name="Udp">Flows of UDP.</param>
internal sealed record FullNatTimes(ImmutableDictionary<Endpoint, TimeSpan> Memory, TimeSpan Udp)
{
    /// <summary>Where nothing is configured yet.</summary>
    public static FullNatTimes None { get; } = new(ImmutableDictionary<Endpoint, TimeSpan>.Empty, TimeSpan.Zero);
}

/// <summary>Says which flows of full-nat are over, so that their ports are free again. Pure; any thread may ask.</summary>
internal sealed class FullNatExpiry
{
    /// <summary>After a reset nobody expects anything; what was on its way may still come.</summary>
    public static readonly TimeSpan AfterReset = TimeSpan.FromSeconds(10);

    /// <summary>A connection that never was: a client repeats its SYN within less.</summary>
    public static readonly TimeSpan Unanswered = TimeSpan.FromSeconds(64);

    private readonly Dictionary<uint, TimeSpan> _memory = [];
    private readonly HashSet<uint> _backends;
    private readonly TimeSpan _udp;
    private readonly TimeSpan _linger;

    /// <summary>By what the ledger holds at this moment.</summary>
    public FullNatExpiry(KernelLedger ledger, FullNatTimes times, TimeSpan linger)
    {
        foreach (LedgerService service in ledger.Services.Values)
        {
            if (times.Memory.TryGetValue(service.Desired.Vip, out TimeSpan memory))
            {
                _memory[service.Id] = memory;
            }
        }

        // One that died keeps nothing: the next packet of its flows goes elsewhere, from another port. But where clients are
        // to be told, an entry says which flows it had.
        _backends = [.. ledger.Services.Values.SelectMany(service => service.Desired.Backends
            .Where(backend => backend.Alive || service.Desired.Resets)
            .Select(backend => service.Indexes[backend.Id]))];
        _udp = times.Udp;
        _linger = linger;
    }

    /// <summary>Whether a flow is over.</summary>
    public bool IsOver(FullNatFlow flow)
    {
        if (!_memory.TryGetValue(flow.Service, out TimeSpan memory) || !_backends.Contains(flow.Backend))
        {
            return true;
        }

        return flow.Idle >= Least(flow, memory);
    }

    private TimeSpan Least(FullNatFlow flow, TimeSpan memory) => flow switch
    {
        { Protocol: TransportProtocol.Udp } => _udp,
        { State: FullNatState.Reset } => Min(AfterReset, memory),
        { State: FullNatState.Closed } => Min(_linger, memory),
        { IsNew: true } => Min(Unanswered, memory),
        _ => memory,
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
