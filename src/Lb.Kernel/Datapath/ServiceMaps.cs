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

    /// <summary>Reads the services as the kernel has them; their tables are as the kernel numbers them.</summary>
    public IReadOnlyDictionary<Endpoint, ServiceValue> Read()
    {
        _known.Clear();
        foreach ((Endpoint vip, ServiceValue value) in _maps.ReadAll())
        {
            if (!IsMark(vip))
            {
                _known.Add(vip, value);
            }
        }

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

    private static Endpoint MarkOf(IPAddress address) => new(address, 0, NoProtocol);

    private static bool IsMark(Endpoint endpoint) => endpoint is { Port: 0, Protocol: NoProtocol };
}
