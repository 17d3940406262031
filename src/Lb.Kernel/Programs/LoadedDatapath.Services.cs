using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>Services, and what of them goes by traffic control.</summary>
public partial class LoadedDatapath
{
    /// <inheritdoc/>
    public void WriteService(Endpoint vip, ServiceEntry service)
    {
        ArgumentNullException.ThrowIfNull(service);
        RequireTc(service.ByTc);
        if (service.AffinityPrefix is { } prefix)
        {
            _affinity.Write(service.Id, prefix, service.AffinityTicks);
        }

        if (service.Quic is { } quic)
        {
            _quic.Write(service.Id, quic);
        }

        _services.Write(vip, new ServiceValue
        {
            Id = service.Id,
            Table = _tables.LiveBuffer(service.Table),
            Slots = service.Slots,
            Seed = service.Seed,
            Mode = service.Mode,
            Tracking = service.Tracking,
            Logging = (byte)((byte)service.Logging | (byte)FlagsOf(service)),
            Relay = service.Relay,
        });
        SetRangesFlag();
    }

    /// <inheritdoc/>
    public void DeleteService(Endpoint vip)
    {
        _services.Delete(vip);
        SetRangesFlag();
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeptClient> ReadClients() => _clients.Read();

    /// <inheritdoc/>
    public int DeleteClients(IReadOnlyCollection<KeptClient> clients) => _clients.Delete(clients);

    /// <inheritdoc/>
    public int WriteFlows(IReadOnlyCollection<FlowCopy> flows)
    {
        ServiceEntry[] sticky = [.. _services.Known.Values
            .Where(value => value.IsSticky)
            .Select(value => _affinity.Complete(TableMaps.ToEntry(value), value))
            .DistinctBy(entry => entry.Id)];
        if (sticky.Length > 0)
        {
            _clients.Learn(flows, sticky.ToDictionary(entry => entry.Id, entry => (entry.AffinityPrefix!.Value, entry.AffinityTicks)));
        }

        return _flows.Write(flows);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<ServerIdKey, uint> ReadServerIds() => _quic.Read();

    /// <inheritdoc/>
    public void WriteServerId(ServerIdKey id, uint backend) => _quic.Write(id, backend);

    /// <inheritdoc/>
    public void DeleteServerId(ServerIdKey id) => _quic.Delete(id);

    /// <summary>Adds a map that no program knows.</summary>
    private protected void Keep(string name, Descriptor map) => _maps.Add(name, Own(map));

    /// <summary>Some service goes by traffic control.</summary>
    private protected bool UsesTc => _services.Known.Values.Any(service => service.IsByTc);

    /// <summary>Sees to it that what an entry leaves to traffic control is taken there, before it is written.</summary>
    private protected virtual void RequireTc(bool byTc)
    {
    }

    private void SetRangesFlag() => _node.SetFlag(NodeFlags.RangesTc, _services.Flags == NodeFlags.RangesTc);

    private static ServiceFlags FlagsOf(ServiceEntry service) =>
        (service.AffinityPrefix is null ? ServiceFlags.None : ServiceFlags.Affinity)
        | (service is { AffinityPrefix: not null, AffinityTicks: > 0 } ? ServiceFlags.Sticky : ServiceFlags.None)
        | (service.Quic is null ? ServiceFlags.None : ServiceFlags.Quic)
        | (service.Resets ? ServiceFlags.Reset : ServiceFlags.None)
        | (service.ByTc ? ServiceFlags.Tc : ServiceFlags.None);
}
