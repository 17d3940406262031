using System.Net.Sockets;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Datapath;

/// <summary>The addresses that full-nat sends from; the programs look for replies only where there are some.</summary>
internal sealed class SourceMap : IDisposable
{
    private readonly ArrayMap<SourceValue> _map;
    private readonly NodeMap _node;
    private HashSet<FullNatSource> _known;

    public SourceMap(ArrayMap<SourceValue> map, NodeMap node)
    {
        _map = map;
        _node = node;
        _known = Read();
        SetFlags();
    }

    /// <summary>The flags that go with what is written.</summary>
    public NodeFlags Flags =>
        (HasAny(AddressFamily.InterNetwork) ? NodeFlags.Full4 : NodeFlags.None)
        | (HasAny(AddressFamily.InterNetworkV6) ? NodeFlags.Full6 : NodeFlags.None);

    /// <summary>What is there, each once.</summary>
    public HashSet<FullNatSource> Read() =>
    [
        .. _map.ReadAll()
            .Where(value => value.Ports != 0)
            .Select(value => new FullNatSource(
                value.Addr.ToMappedAddress(), value.First, (ushort)(value.First + value.Ports - 1))),
    ];

    /// <summary>Fills the entries of each family by going round its addresses, in the order of their bytes.</summary>
    public void Write(IReadOnlySet<FullNatSource> sources)
    {
        Fill(0, [.. Of(AddressFamily.InterNetwork)]);
        Fill(FullNatSource.Most, [.. Of(AddressFamily.InterNetworkV6)]);
        _known = [.. sources];
        SetFlags();

        IEnumerable<FullNatSource> Of(AddressFamily family) => sources
            .Where(source => source.Address.AddressFamily == family)
            .OrderBy(source => Convert.ToHexString(source.Address.GetAddressBytes()), StringComparer.Ordinal);
    }

    public void Dispose() => _map.Dispose();

    private void Fill(int from, FullNatSource[] sources)
    {
        for (int i = 0; i < FullNatSource.Most; i++)
        {
            _map[(uint)(from + i)] = sources.Length == 0 ? default : ToValue(sources[i % sources.Length]);
        }
    }

    private static SourceValue ToValue(FullNatSource source) => new()
    {
        Addr = Address16.FromMapped(source.Address),
        First = source.First,
        Ports = (ushort)source.Ports,
    };

    private void SetFlags()
    {
        _node.SetFlag(NodeFlags.Full4, HasAny(AddressFamily.InterNetwork));
        _node.SetFlag(NodeFlags.Full6, HasAny(AddressFamily.InterNetworkV6));
    }

    private bool HasAny(AddressFamily family) => _known.Any(source => source.Address.AddressFamily == family);
}
