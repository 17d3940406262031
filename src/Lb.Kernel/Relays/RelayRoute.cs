using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>Where connections of a service go, as its loops read it. Not changed after it is made.</summary>
internal sealed class RelayRoute(RelaySettings settings, RelayTable table, Func<Endpoint, RelayBackend> backend)
{
    private readonly RelayBackend?[] _byId = ById(table.Backends, backend);

    public RelaySettings Settings { get; } = settings;

    public RelayTable Table { get; } = table;

    public int ConnectMilliseconds { get; } = (int)settings.ConnectTimeout.TotalMilliseconds;

    public long IdleMilliseconds { get; } = (long)settings.IdleTimeout.TotalMilliseconds;

    public long DatagramIdleMilliseconds { get; } = (long)settings.UdpIdleTimeout.TotalMilliseconds;

    /// <summary>The first backend from the flow's slot on that was not tried; null when there is none.</summary>
    public RelayBackend? Choose(
        ReadOnlySpan<byte> source, ushort port, RelayService service, List<RelayBackend> tried)
    {
        ReadOnlySpan<Slot> slots = Table.Slots.AsSpan();
        if (slots.IsEmpty)
        {
            return null;
        }

        uint hash = FlowHash.Of(
            source, service.VipBytes, port, service.Vip.Port, service.Vip.Protocol, Table.Seed);
        uint first = FlowHash.Slot(hash, (uint)slots.Length);
        for (int i = 0; i < slots.Length; i++)
        {
            uint id = slots[(int)((first + (uint)i) % (uint)slots.Length)].Current;
            if (id < _byId.Length && _byId[id] is { } target && !tried.Contains(target))
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
