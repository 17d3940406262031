using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>
/// Two hash maps keyed by endpoint, one for each address family, as one. Those of more than one address or port stand
/// under their numbers, where the maps may have such.
/// </summary>
internal sealed class EndpointMaps<TValue>(
    HashMap<EndpointKey4, TValue> v4, HashMap<EndpointKey6, TValue> v6, RangeNumbers? numbers = null) : IDisposable
    where TValue : unmanaged
{
    public bool TryGet(Endpoint endpoint, out TValue value)
    {
        uint number = endpoint.IsRange ? Numbers.Find(endpoint) : 0;
        if (endpoint.IsRange && number == 0)
        {
            value = default;
            return false;
        }

        return IsIPv4(endpoint)
            ? v4.TryGet(Key<EndpointKey4>(endpoint, number), out value)
            : v6.TryGet(Key<EndpointKey6>(endpoint, number), out value);
    }

    public void Set(Endpoint endpoint, TValue value)
    {
        uint number = endpoint.IsRange ? Numbers.Assign(endpoint) : 0;
        if (IsIPv4(endpoint))
        {
            v4.Set(Key<EndpointKey4>(endpoint, number), value);
        }
        else
        {
            v6.Set(Key<EndpointKey6>(endpoint, number), value);
        }
    }

    public bool Delete(Endpoint endpoint)
    {
        uint number = endpoint.IsRange ? Numbers.Find(endpoint) : 0;
        if (endpoint.IsRange && number == 0)
        {
            return false;
        }

        bool found = IsIPv4(endpoint)
            ? v4.Delete(Key<EndpointKey4>(endpoint, number))
            : v6.Delete(Key<EndpointKey6>(endpoint, number));
        if (number != 0)
        {
            Numbers.Release(endpoint);
        }

        return found;
    }

    public IEnumerable<KeyValuePair<Endpoint, TValue>> ReadAll()
    {
        foreach ((EndpointKey4 key, TValue value) in v4.ReadAll())
        {
            if (NameOf(key) is { } endpoint)
            {
                yield return new(endpoint, value);
            }
        }

        foreach ((EndpointKey6 key, TValue value) in v6.ReadAll())
        {
            if (NameOf(key) is { } endpoint)
            {
                yield return new(endpoint, value);
            }
        }
    }

    private RangeNumbers Numbers => numbers ?? throw new InvalidOperationException("These maps have no ranges.");

    private static TKey Key<TKey>(Endpoint endpoint, uint number)
        where TKey : unmanaged, IEndpointKey<TKey> => number == 0 ? TKey.From(endpoint) : TKey.Numbered(number);

    /// <summary>What a key stands for; null for a number that stands for nothing.</summary>
    private Endpoint? NameOf<TKey>(TKey key)
        where TKey : unmanaged, IEndpointKey<TKey> =>
        key.Number is { } number ? numbers?.NameOf(number) : key.ToEndpoint();

    public void Dispose()
    {
        v4.Dispose();
        v6.Dispose();
    }

    private static bool IsIPv4(Endpoint endpoint) =>
        endpoint.Address.AddressFamily == AddressFamily.InterNetwork;
}
