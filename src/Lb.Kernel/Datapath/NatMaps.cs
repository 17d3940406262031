using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>
/// The reply side of nat; the programs look there only while the node's flags say that it is not empty. Backends of services of
/// port ranges have ranges of ports, and stand there under numbers.
/// </summary>
internal sealed class NatMaps : IDisposable
{
    private readonly EndpointMaps<NatValue> _maps;
    private readonly RangeMaps _ranges;
    private readonly NodeMap _node;

    /// <summary>The keys in the maps: this process is their only writer.</summary>
    private readonly HashSet<Endpoint> _known;

    public NatMaps(EndpointMaps<NatValue> maps, RangeMaps ranges, NodeMap node)
    {
        _maps = maps;
        _ranges = ranges;
        _node = node;
        _known = [.. maps.ReadAll().Select(element => element.Key)];
        _ranges.Adopt(_known.Where(backend => backend.IsRange).ToHashSet());
        SetFlags();
    }

    public Dictionary<Endpoint, NatEntry> Read() =>
        _maps.ReadAll().ToDictionary(element => element.Key, element => ToEntry(element.Key, element.Value));

    /// <summary>What a packet from this address and port becomes; null when they are no backend's.</summary>
    public NatEntry? Find(Endpoint source)
    {
        if (!_maps.TryGet(source, out NatValue value)
            && (_ranges.Find(source) is not { } backend || !_maps.TryGet(backend, out value)))
        {
            return null;
        }

        NatEntry entry = ToEntry(source, value);
        return entry.Port == 0 ? entry with { Port = source.Port } : entry;
    }

    /// <summary>The backends with ranges of ports whose replies are found.</summary>
    public IReadOnlySet<Endpoint> ReadRanges() => _ranges.Read();

    /// <summary>Has replies of exactly these backends with ranges of ports be found; all are written.</summary>
    public void WriteRanges(IReadOnlySet<Endpoint> backends) => _ranges.Write(backends);

    public void Write(Endpoint backend, NatEntry entry)
    {
        _maps.Set(backend, new NatValue
        {
            Vip = Address16.From(entry.Vip),
            Port = entry.Port,
            Flags = entry.Flags,
            Service = entry.Service,
            Backend = entry.Backend,
        });
        _known.Add(backend);
        SetFlags();
    }

    public void Delete(Endpoint backend)
    {
        _maps.Delete(backend);
        _known.Remove(backend);
        SetFlags();
    }

    public void Dispose()
    {
        _maps.Dispose();
        _ranges.Dispose();
    }

    /// <summary>The flags that go with what is written.</summary>
    public NodeFlags Flags =>
        (HasAny(AddressFamily.InterNetwork) ? NodeFlags.Nat4 : NodeFlags.None)
        | (HasAny(AddressFamily.InterNetworkV6) ? NodeFlags.Nat6 : NodeFlags.None)
        | _ranges.Flags;

    private static NatEntry ToEntry(Endpoint backend, NatValue value) => new(
        value.Vip.ToIPAddress(backend.Address.AddressFamily), value.Port.Host, value.Service, value.Backend)
    {
        Flags = value.Flags,
    };

    private void SetFlags()
    {
        _node.SetFlag(NodeFlags.Nat4, HasAny(AddressFamily.InterNetwork));
        _node.SetFlag(NodeFlags.Nat6, HasAny(AddressFamily.InterNetworkV6));
    }

    private bool HasAny(AddressFamily family) =>
        _known.Any(backend => backend.Address.AddressFamily == family);
}
