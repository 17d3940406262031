using System.Net.Sockets;
using Lb.Kernel.Layout;

namespace Lb.Kernel.Datapath;

/// <summary>The reply side of nat; the programs look there only while the node's flags say that it is not empty.</summary>
internal sealed class NatMaps : IDisposable
{
    private readonly EndpointMaps<NatValue> _maps;
    private readonly NodeMap _node;

    /// <summary>The keys in the maps: this process is their only writer.</summary>
    private readonly HashSet<Endpoint> _known;

    public NatMaps(EndpointMaps<NatValue> maps, NodeMap node)
    {
        _maps = maps;
        _node = node;
        _known = [.. maps.ReadAll().Select(element => element.Key)];
        SetFlags();
    }

    public Dictionary<Endpoint, NatEntry> Read() =>
        _maps.ReadAll().ToDictionary(element => element.Key, element => ToEntry(element.Key, element.Value));

    /// <summary>The reply side of one backend; null when it has none.</summary>
    public NatEntry? Find(Endpoint backend) =>
        _maps.TryGet(backend, out NatValue value) ? ToEntry(backend, value) : null;

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

    public void Dispose() => _maps.Dispose();

    /// <summary>The flags that go with what is written.</summary>
    public NodeFlags Flags =>
        (HasAny(AddressFamily.InterNetwork) ? NodeFlags.Nat4 : NodeFlags.None)
        | (HasAny(AddressFamily.InterNetworkV6) ? NodeFlags.Nat6 : NodeFlags.None);

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
