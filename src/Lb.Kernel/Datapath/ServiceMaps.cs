using System.Net;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>The services by VIP, port and protocol, and the marks of the VIPs' addresses.</summary>
internal sealed class ServiceMaps : IDisposable
{
    private const TransportProtocol NoProtocol = default;

    private readonly EndpointMaps<ServiceValue> _maps;

    /// <summary>What the maps hold, so that no call has to scan them: this process is their only writer.</summary>
    private readonly Dictionary<Endpoint, ServiceValue> _known = [];

    public ServiceMaps(EndpointMaps<ServiceValue> maps)
    {
        _maps = maps;
        Read();
    }

    /// <summary>
    /// Reads the services as the kernel has them; their tables are as the kernel numbers them. Marks are set right: a
    /// process that was killed between the two writes of a service may have left one too many.
    /// </summary>
    public IReadOnlyDictionary<Endpoint, ServiceValue> Read()
    {
        // All is read before anything is forgotten: a swap relies on what is known.
        KeyValuePair<Endpoint, ServiceValue>[] entries = [.. _maps.ReadAll()];
        _known.Clear();
        foreach ((Endpoint vip, ServiceValue value) in entries.Where(entry => !IsMark(entry.Key)))
        {
            _known.Add(vip, value);
        }

        MendMarks([.. entries.Select(entry => entry.Key).Where(IsMark)]);
        return _known;
    }

    /// <summary>The services as they were last written or read.</summary>
    public IReadOnlyDictionary<Endpoint, ServiceValue> Known => _known;

    public void Write(Endpoint vip, ServiceValue value)
    {
        Endpoint mark = MarkOf(vip.Address);
        bool marked = _maps.TryGet(mark, out _);
        if (!marked)
        {
            _maps.Set(mark, default);
        }

        try
        {
            _maps.Set(vip, value);
        }
        catch (KernelException) when (!marked)
        {
            _maps.Delete(mark);
            throw;
        }

        _known[vip] = value;
    }

    public void Delete(Endpoint vip)
    {
        _maps.Delete(vip);
        _known.Remove(vip);
        if (!_known.Keys.Any(other => other.Address.Equals(vip.Address)))
        {
            _maps.Delete(MarkOf(vip.Address));
        }
    }

    public void Dispose() => _maps.Dispose();

    private void MendMarks(HashSet<Endpoint> there)
    {
        HashSet<Endpoint> wanted = [.. _known.Keys.Select(vip => MarkOf(vip.Address))];
        foreach (Endpoint mark in there.Except(wanted))
        {
            _maps.Delete(mark);
        }

        foreach (Endpoint mark in wanted.Except(there))
        {
            _maps.Set(mark, default);
        }
    }

    private static Endpoint MarkOf(IPAddress address) => new(address, 0, NoProtocol);

    private static bool IsMark(Endpoint endpoint) => endpoint is { Port: 0, Protocol: NoProtocol };
}
