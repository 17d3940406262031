using System.Net;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>
/// The services by VIP, port and protocol, and the marks of the VIPs' addresses; those of ranges have no marks.
/// </summary>
internal sealed class ServiceMaps : IDisposable
{
    private const TransportProtocol NoProtocol = default;

    private readonly EndpointMaps<ServiceValue> _maps;
    private readonly EpochMap _epoch;

    /// <summary>What the maps hold, so that no call has to scan them: this process is their only writer.</summary>
    private readonly Dictionary<Endpoint, ServiceValue> _known = [];

    public ServiceMaps(EndpointMaps<ServiceValue> maps, EpochMap epoch)
    {
        _maps = maps;
        _epoch = epoch;
        Read();
        MendMarks();
        // A process that was killed may have written a service and no epoch; one of an older version knows of none.
        _epoch.Raise();
    }

    /// <summary>Reads the services as the kernel has them; their tables are as the kernel numbers them.</summary>
    public IReadOnlyDictionary<Endpoint, ServiceValue> Read()
    {
        // All is read before anything is forgotten: a swap relies on what is known.
        KeyValuePair<Endpoint, ServiceValue>[] entries = [.. _maps.ReadAll()];
        _known.Clear();
        foreach ((Endpoint vip, ServiceValue value) in entries.Where(entry => !IsMark(entry.Key)))
        {
            _known.Add(vip, value);
        }

        return _known;
    }

    /// <summary>Reads one service as the kernel has it; false when there is none.</summary>
    public bool TryRead(Endpoint vip, out ServiceValue value) => _maps.TryGet(vip, out value);

    /// <summary>Reads the addresses that are marked as VIPs, as they are to be.</summary>
    public HashSet<IPAddress> ReadMarks() =>
    [
        .. _maps.ReadAll()
            .Where(entry => IsMark(entry.Key) && entry.Value.Logging == MarkFor(entry.Key.Address).Logging)
            .Select(mark => mark.Key.Address),
    ];

    /// <summary>Whether an address is marked as a VIP.</summary>
    public bool IsMarked(IPAddress address) => _maps.TryGet(MarkOf(address), out _);

    /// <summary>Marks an address as a VIP.</summary>
    public void Mark(IPAddress address) => _maps.Set(MarkOf(address), MarkFor(address));

    /// <summary>Removes the mark of an address.</summary>
    public void Unmark(IPAddress address) => _maps.Delete(MarkOf(address));

    /// <summary>The node's flag that goes with what is written.</summary>
    public NodeFlags Flags => _known.Any(service => service.Value.IsByTc && service.Key.IsRange)
        ? NodeFlags.RangesTc
        : NodeFlags.None;

    /// <summary>The services as they were last written or read.</summary>
    public IReadOnlyDictionary<Endpoint, ServiceValue> Known => _known;

    public void Write(Endpoint vip, ServiceValue value)
    {
        if (vip.IsRange)
        {
            // Its addresses are found as its ports are.
            _maps.Set(vip, value);
            _epoch.Raise();
            _known[vip] = value;
            return;
        }

        Endpoint mark = MarkOf(vip.Address);
        bool marked = _maps.TryGet(mark, out ServiceValue held);
        if (!marked)
        {
            Mark(vip.Address);
        }

        try
        {
            _maps.Set(vip, value);
            _epoch.Raise();
        }
        catch (KernelException) when (!marked)
        {
            _maps.Delete(mark);
            throw;
        }

        _known[vip] = value;
        if (held.Logging != MarkFor(vip.Address).Logging)
        {
            Mark(vip.Address);
        }
    }

    public void Delete(Endpoint vip)
    {
        _maps.Delete(vip);
        _epoch.Raise();
        _known.Remove(vip);
        if (!vip.IsRange && !_known.Keys.Any(other => !other.IsRange && other.Address.Equals(vip.Address)))
        {
            _maps.Delete(MarkOf(vip.Address));
        }
        else if (!vip.IsRange)
        {
            Mark(vip.Address);
        }
    }

    public void Dispose() => _maps.Dispose();

    /// <summary>
    /// Sets the marks right: a process that was killed between the two writes of a service may have left one too many.
    /// </summary>
    private void MendMarks()
    {
        HashSet<IPAddress> there = ReadMarks();
        HashSet<IPAddress> wanted = [.. _known.Keys.Where(vip => !vip.IsRange).Select(vip => vip.Address)];
        foreach (IPAddress address in there.Except(wanted))
        {
            Unmark(address);
        }

        foreach (IPAddress address in wanted.Except(there))
        {
            Mark(address);
        }
    }

    /// <summary>What is special of a VIP goes by traffic control while one of its services does.</summary>
    private ServiceValue MarkFor(IPAddress address) => new()
    {
        Logging = _known.Any(service => service.Value.IsByTc && !service.Key.IsRange && service.Key.Address.Equals(address))
            ? (byte)ServiceFlags.Tc
            : (byte)0,
    };

    private static Endpoint MarkOf(IPAddress address) => new(address, 0, NoProtocol);

    private static bool IsMark(Endpoint endpoint) => endpoint is { Port: 0, Protocol: NoProtocol };
}
