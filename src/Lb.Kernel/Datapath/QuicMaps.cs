using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>What QUIC connection IDs are like, by service id, and the backends that they name.</summary>
internal sealed class QuicMaps(ArrayMap<QuicValue> services, HashMap<ServerIdValue, uint> backends) : IDisposable
{
    /// <summary>Sets what IDs are like; a packet sees it once the service's entry asks for it.</summary>
    public void Write(uint service, QuicRouting routing) => services[service] = QuicValue.From(routing);

    /// <summary>The entry with what its value alone does not say.</summary>
    public ServiceEntry Complete(ServiceEntry entry, ServiceValue value) =>
        value.HasQuic ? entry with { Quic = services[entry.Id].ToRouting() } : entry;

    /// <summary>Indexes of backends by server ID; what no packet can find is left out.</summary>
    public IReadOnlyDictionary<ServerIdKey, uint> Read()
    {
        Dictionary<ServerIdKey, uint> read = [];
        foreach ((ServerIdValue id, uint backend) in backends.ReadAll())
        {
            if (id.ToKey() is { } key)
            {
                read[key] = backend;
            }
        }

        return read;
    }

    public void Write(ServerIdKey id, uint backend) => backends.Set(ServerIdValue.From(id), backend);

    public void Delete(ServerIdKey id) => backends.Delete(ServerIdValue.From(id));

    public void Dispose()
    {
        services.Dispose();
        backends.Dispose();
    }
}
