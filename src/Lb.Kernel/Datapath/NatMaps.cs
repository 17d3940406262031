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

    public Dictionary<Endpoint, NatEntry> Read() => _maps.ReadAll().ToDictionary(
        element => element.Key,
        element => new NatEntry(
            element.Value.Vip.ToIPAddress(element.Key.Address.AddressFamily),
            element.Value.Port.Host,
            element.Value.Service,
            element.Value.Backend));

    public void Write(Endpoint backend, NatEntry entry)
    {
        _maps.Set(backend, new NatValue
        {
            Vip = Address16.From(entry.Vip),
            Port = entry.Port,
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

    private void SetFlags()
    {
        _node.SetFlag(NodeFlags.Nat4, HasAny(AddressFamily.InterNetwork));
        _node.SetFlag(NodeFlags.Nat6, HasAny(AddressFamily.InterNetworkV6));
    }

    private bool HasAny(AddressFamily family) =>
        _known.Any(backend => backend.Address.AddressFamily == family);
}
