using System.Net;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>Clients of one address family that keep their backend.</summary>
internal interface IClientMap : ICountedMap
{
    /// <summary>Appends what is there, with the idle time at a tick.</summary>
    void ReadInto(List<KeptClient> clients, uint tick);

    /// <summary>One client, with the idle time at a tick; null when it is not there.</summary>
    KeptClient? Find(uint service, IPAddress client, uint tick);

    /// <summary>Adds a client, or writes over what is known of it.</summary>
    void Set(KeptClient client, uint tick);

    /// <summary>Forgets a client; false when it is not there.</summary>
    bool Delete(KeptClient client);
}

/// <inheritdoc/>
internal sealed class ClientMap<TKey>(HashMap<TKey, ClientValue> map) : IClientMap
    where TKey : unmanaged, IClientKey<TKey>
{
    private long _added;
    private long _deleted;

    public long Room => map.Capacity;

    public FlowTurnover Turnover => new(Interlocked.Read(ref _added), Interlocked.Read(ref _deleted));

    public long Count()
    {
        long count = 0;
        map.Scan((keys, _) => count += keys.Length);
        return count;
    }

    public void ReadInto(List<KeptClient> clients, uint tick) => map.Scan((keys, values) =>
    {
        for (int i = 0; i < keys.Length; i++)
        {
            clients.Add(ToClient(keys[i], values[i], tick));
        }
    });

    public KeptClient? Find(uint service, IPAddress client, uint tick)
    {
        var key = TKey.From(service, client);
        return map.TryGet(key, out ClientValue value) ? ToClient(key, value, tick) : null;
    }

    public void Set(KeptClient client, uint tick)
    {
        var key = TKey.From(client.Service, client.Client);
        var value = new ClientValue { Backend = client.Backend, Seen = unchecked(tick - client.Idle) };
        if (map.TryAdd(key, value))
        {
            Interlocked.Increment(ref _added);
        }
        else
        {
            map.Set(key, value);
        }
    }

    public bool Delete(KeptClient client)
    {
        if (!map.Delete(TKey.From(client.Service, client.Client)))
        {
            return false;
        }

        Interlocked.Increment(ref _deleted);
        return true;
    }

    public void Dispose() => map.Dispose();

    /// <summary>A packet may have been in the next tick already.</summary>
    private static KeptClient ToClient(TKey key, ClientValue value, uint tick) => new(
        key.ServiceId, key.Address, value.Backend, (uint)Math.Max(unchecked((int)(tick - value.Seen)), 0));
}
