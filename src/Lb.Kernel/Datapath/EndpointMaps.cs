using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>Two hash maps keyed by endpoint, one for each address family, as one.</summary>
internal sealed class EndpointMaps<TValue>(
    HashMap<EndpointKey4, TValue> v4, HashMap<EndpointKey6, TValue> v6) : IDisposable
    where TValue : unmanaged
{
    public bool TryGet(Endpoint endpoint, out TValue value) => IsIPv4(endpoint)
        ? v4.TryGet(EndpointKey4.From(endpoint), out value)
        : v6.TryGet(EndpointKey6.From(endpoint), out value);

    public void Set(Endpoint endpoint, TValue value)
    {
        if (IsIPv4(endpoint))
        {
            v4.Set(EndpointKey4.From(endpoint), value);
        }
        else
        {
            v6.Set(EndpointKey6.From(endpoint), value);
        }
    }

    public bool Delete(Endpoint endpoint) => IsIPv4(endpoint)
        ? v4.Delete(EndpointKey4.From(endpoint))
        : v6.Delete(EndpointKey6.From(endpoint));

    public IEnumerable<KeyValuePair<Endpoint, TValue>> ReadAll()
    {
        foreach ((EndpointKey4 key, TValue value) in v4.ReadAll())
        {
            yield return new(key.ToEndpoint(), value);
        }

        foreach ((EndpointKey6 key, TValue value) in v6.ReadAll())
        {
            yield return new(key.ToEndpoint(), value);
        }
    }

    public void Dispose()
    {
        v4.Dispose();
        v6.Dispose();
    }

    private static bool IsIPv4(Endpoint endpoint) =>
        endpoint.Address.AddressFamily == AddressFamily.InterNetwork;
}
