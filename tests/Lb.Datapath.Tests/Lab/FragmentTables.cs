using System.Net.Sockets;
using Lb.Datapath.Tests.Model;
using Lb.Kernel;
using Lb.Kernel.Datapath;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Datapath.Tests.Lab;

/// <summary>What is remembered of first fragments, written and read as it is in the kernel.</summary>
internal sealed class FragmentTables : IDisposable
{
    private readonly HashMap<FragmentKey4, FragmentValue> _v4;
    private readonly HashMap<FragmentKey6, FragmentValue> _v6;
    private readonly HashMap<FullPieceKey, FullRestValue> _full;

    public FragmentTables(BpfObject opened)
    {
        _v4 = new(MapNames.Fragments4, opened.TakeMap(MapNames.Fragments4));
        _v6 = new(MapNames.Fragments6, opened.TakeMap(MapNames.Fragments6));
        _full = new(MapNames.FullPieces, opened.TakeMap(MapNames.FullPieces));
    }

    /// <summary>The program's clock is coarse: what is written now would be of its future.</summary>
    private const uint JustNow = 1;

    /// <summary>How old, in ticks, the entries are that are written.</summary>
    public uint Age { get; set; } = JustNow;

    /// <summary>All of them, those of full-nat with what they become.</summary>
    public Dictionary<FragmentId, FragmentState> Read()
    {
        Dictionary<FragmentId, FragmentId> becomes = ReadFull();
        var all = new Dictionary<FragmentId, FragmentState>();
        foreach ((FragmentKey4 key, FragmentValue value) in _v4.ReadAll())
        {
            all.Add(new(IPv4.ToIPAddress(key.Src), IPv4.ToIPAddress(key.Dst), key.Id.Host, key.Proto), StateOf(value));
        }

        foreach ((FragmentKey6 key, FragmentValue value) in _v6.ReadAll())
        {
            all.Add(
                new(key.Src.ToIPAddress(AddressFamily.InterNetworkV6), key.Dst.ToIPAddress(AddressFamily.InterNetworkV6), key.Id.Host, 0),
                StateOf(value));
        }

        foreach ((FragmentId id, FragmentState state) in all.Where(entry => entry.Value.Way == ForwardingMode.FullNat).ToArray())
        {
            all[id] = state with { Becomes = becomes.TryGetValue(id, out FragmentId found) ? found : null };
        }

        return all;
    }

    /// <summary>Makes the tables hold exactly these, as if their first fragments had just come.</summary>
    public void Write(Dictionary<FragmentId, FragmentState> wanted)
    {
        foreach (FragmentId gone in Read().Keys.Where(id => !wanted.ContainsKey(id)))
        {
            _ = IsV4(gone) ? _v4.Delete(Key4(gone)) : _v6.Delete(Key6(gone));
        }

        foreach ((FragmentId id, FragmentState state) in wanted)
        {
            FragmentValue value = new()
            {
                Backend = state.Backend,
                Service = state.Service,
                Hash = state.Hash,
                Seen = Tick.Now - Age,
                Port = state.Port,
                Way = (byte)state.Way,
                Proto = state.Protocol,
            };
            if (IsV4(id))
            {
                _v4.Set(Key4(id), value);
            }
            else
            {
                _v6.Set(Key6(id), value);
            }
        }

        foreach (FragmentId gone in ReadFull().Keys.Where(id => !wanted.TryGetValue(id, out FragmentState state) || state.Becomes is null))
        {
            _full.Delete(FullKey(gone));
        }

        foreach ((FragmentId id, FragmentState state) in wanted)
        {
            if (state.Becomes is { } becomes)
            {
                _full.Set(FullKey(id), new FullRestValue { Becomes = FullKey(becomes), Seen = Tick.Now - Age });
            }
        }
    }

    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
        _full.Dispose();
    }

    private static bool IsV4(FragmentId id) => id.Source.AddressFamily == AddressFamily.InterNetwork;

    private static FragmentState StateOf(FragmentValue value) =>
        new(value.Backend, value.Service, value.Hash, value.Port.Host, (ForwardingMode)value.Way, value.Proto);

    private Dictionary<FragmentId, FragmentId> ReadFull() =>
        _full.ReadAll().ToDictionary(element => IdOf(element.Key), element => IdOf(element.Value.Becomes));

    private static FragmentId IdOf(FullPieceKey key) => new(key.Src.ToMappedAddress(), key.Dst.ToMappedAddress(), key.Id.Host, key.Proto);

    private static FullPieceKey FullKey(FragmentId id) => new()
    {
        Src = Address16.FromMapped(id.Source),
        Dst = Address16.FromMapped(id.Destination),
        Id = id.Id,
        Proto = id.Protocol,
    };

    private static FragmentKey4 Key4(FragmentId id) => new()
    {
        Src = IPv4.ToBe32(id.Source),
        Dst = IPv4.ToBe32(id.Destination),
        Id = (ushort)id.Id,
        Proto = id.Protocol,
    };

    private static FragmentKey6 Key6(FragmentId id) => new()
    {
        Src = Address16.From(id.Source),
        Dst = Address16.From(id.Destination),
        Id = id.Id,
    };
}
