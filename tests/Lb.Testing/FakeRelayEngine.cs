using System.Collections.Concurrent;
using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Testing;

/// <summary>Remembers what relays were told.</summary>
public sealed class FakeRelayEngine : IRelayEngine
{
    private readonly ConcurrentDictionary<Endpoint, FakeRelay> _relays = [];

    /// <summary>The relays that are open.</summary>
    public IReadOnlyDictionary<Endpoint, FakeRelay> Relays => _relays;

    /// <summary>Listening fails for this reason; null lets it succeed.</summary>
    public string? Fault { get; set; }

    public IRelayFlowLog? FlowLog => null;

    public IRelay Listen(Endpoint vip, RelaySettings settings, RelayTable table)
    {
        if (Fault is { } fault)
        {
            throw new KernelException(fault, "Mend it.");
        }

        FakeRelay relay = new(settings, table, () => _relays.TryRemove(vip, out _));
        return _relays.TryAdd(vip, relay)
            ? relay
            : throw new InvalidOperationException($"There are two relays for {vip}.");
    }

    public void Dispose()
    {
    }
}

/// <summary>A relay that carries nothing.</summary>
public sealed class FakeRelay(RelaySettings settings, RelayTable table, Action ended) : IRelay
{
    public RelaySettings Settings { get; private set; } = settings;

    public RelayTable Table { get; private set; } = table;

    public Action<RelayEjection>? Ejected { get; set; }

    /// <summary>The backends that new connections go to.</summary>
    public IReadOnlySet<Endpoint> Used => Table.Slots.Where(slot => slot.Current != 0)
        .Select(slot => Table.Backends[slot.Current]).ToHashSet();

    public void Use(RelaySettings settings, RelayTable table) => (Settings, Table) = (settings, table);

    public RelayReport Read() => RelayReport.None with
    {
        Backends = Table.Backends.Values.ToImmutableDictionary(
            socket => socket, socket => new RelayCounts(socket.Address.GetAddressBytes()[3], 0, 0, 0, 0)),
    };

    public void Dispose() => ended();
}
