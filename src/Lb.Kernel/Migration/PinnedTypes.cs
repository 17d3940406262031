using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Migration;

/// <summary>The types of pinned maps: those that the kernel keeps with each, else those that are pinned beside them.</summary>
/// <param name="beside">What is pinned beside them; null when there is nothing.</param>
internal sealed unsafe class PinnedTypes(TypesPin? beside)
{
    private readonly Lazy<BtfTypes?> _beside = new(() => beside is null ? null : BtfTypes.TryRead(beside.Btf));
    private readonly Dictionary<uint, BtfTypes?> _kept = [];
    private BtfTypes? _any;

    /// <summary>The types of a map; null when nobody says them.</summary>
    public MapLayout? Of(string name, Descriptor map)
    {
        // Inner maps have none of their own, and may be described by those of any other map of the same object.
        BtfTypes? kept = KeptWith(map);
        _any ??= kept;
        return (kept ?? _beside.Value ?? _any)?.OfMap(name);
    }

    /// <summary>Records of a ring buffer, of which the kernel keeps no type.</summary>
    public DataType? OfRecord(string name) => (_beside.Value ?? _any)?.OfStruct(name);

    private BtfTypes? KeptWith(Descriptor map)
    {
        MapTypes info = default;
        uint size = (uint)sizeof(MapTypes);
        if (LibBpf.Info(map, &info, &size) < 0 || info.TypesId == 0)
        {
            return null;
        }

        if (!_kept.TryGetValue(info.TypesId, out BtfTypes? types))
        {
            types = ReadKept(info.TypesId);
            _kept.Add(info.TypesId, types);
        }

        return types;
    }

    private static BtfTypes? ReadKept(uint id)
    {
        int result = LibBpf.TypesById(id);
        if (result < 0)
        {
            return null;
        }

        using var opened = new Descriptor(result);
        TypesInfo info = default;
        uint size = (uint)sizeof(TypesInfo);
        if (LibBpf.Info(opened, &info, &size) < 0)
        {
            return null;
        }

        var btf = new byte[info.Size];
        fixed (byte* data = btf)
        {
            info = new TypesInfo { Data = data, Size = (uint)btf.Length };
            size = (uint)sizeof(TypesInfo);
            return LibBpf.Info(opened, &info, &size) < 0 ? null : BtfTypes.TryRead(btf);
        }
    }
}
