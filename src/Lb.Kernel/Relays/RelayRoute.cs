using System.Collections.Immutable;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>Where connections of a service go, as its loops read it. Not changed after it is made.</summary>
internal sealed class RelayRoute(RelaySettings settings, RelayTable table, Func<Endpoint, RelayBackend> backend)
{
    private readonly RelayBackend?[] _byId = ById(table.Backends, backend);

    public RelaySettings Settings { get; } = settings;

    public RelayTable Table { get; } = table;

    public int ConnectMilliseconds { get; } = (int)settings.ConnectTimeout.TotalMilliseconds;

    public long IdleMilliseconds { get; } = (long)settings.IdleTimeout.TotalMilliseconds;

    public long GreetingMilliseconds { get; } = (long)settings.GreetingTimeout.TotalMilliseconds;

    /// <summary>What is read of a connection before a backend is chosen; null for nothing.</summary>
    public GreetingPlan? Plan { get; } = GreetingPlan.Of(settings, table);

    /// <summary>The first backend from the flow's slot on that was not tried; null when there is none.</summary>
    /// <param name="client">The client's address and port.</param>
    /// <param name="service">The service.</param>
    /// <param name="tried">Backends that were tried.</param>
    /// <param name="candidates">Backends that it may be; null for all.</param>
    public RelayBackend? Choose(
        SocketAddress client, RelayService service, List<RelayBackend> tried, RelayCandidates? candidates)
    {
        ReadOnlySpan<Slot> slots = Table.Slots.AsSpan();
        if (slots.IsEmpty || candidates is { IsEmpty: true })
        {
            return null;
        }

        uint hash = client.HashTo(service, Table.Seed);
        uint first = FlowHash.Slot(hash, (uint)slots.Length);
        for (int i = 0; i < slots.Length; i++)
        {
            uint id = slots[(int)((first + (uint)i) % (uint)slots.Length)].Current;
            if (id < _byId.Length && _byId[id] is { } target && !tried.Contains(target)
                && (candidates is null || candidates.Has(id)))
            {
                return target;
            }
        }

        return null;
    }

    private static RelayBackend?[] ById(
        ImmutableDictionary<uint, Endpoint> backends, Func<Endpoint, RelayBackend> backend)
    {
        RelayBackend?[] byId = new RelayBackend?[backends.IsEmpty ? 0 : backends.Keys.Max() + 1];
        foreach ((uint id, Endpoint socket) in backends)
        {
            byId[id] = backend(socket);
        }

        return byId;
    }
}
