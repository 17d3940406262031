using System.Buffers.Binary;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Migration;

/// <summary>
/// What is pinned beside the maps so that another release can read them: the types, as BTF. The kernel keeps them too, but opening
/// what it keeps takes CAP_SYS_ADMIN.
/// </summary>
/// <param name="Version">Layout of the maps, as <c>lb_node</c> has it.</param>
/// <param name="Oldest">The oldest layout whose releases can read these maps by the names of members.</param>
/// <param name="Btf">The types.</param>
internal sealed record TypesPin(uint Version, uint Oldest, byte[] Btf)
{
    private const int HeaderSize = 8;

    /// <summary>What this release pins.</summary>
    public static TypesPin Of(byte[] btf) => new((uint)LayoutConstant.Version, (uint)CarriedLayout.Oldest, btf);

    /// <summary>Reads what is pinned; null when it is nothing of the kind.</summary>
    public static TypesPin? TryRead(Descriptor map)
    {
        var raw = new RawMap(MapNames.Types, map);
        if (raw.Info.Type != MapType.Array || raw.Info.ValueSize <= HeaderSize)
        {
            return null;
        }

        var value = new byte[raw.ValueSize];
        raw.TryGet(RawMap.KeyOf(0), value);
        return new TypesPin(
            BinaryPrimitives.ReadUInt32LittleEndian(value), BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(4)), value[HeaderSize..]);
    }

    /// <summary>Makes the map.</summary>
    public unsafe Descriptor Make()
    {
        var value = new byte[HeaderSize + Btf.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Version);
        BinaryPrimitives.WriteUInt32LittleEndian(value.AsSpan(4), Oldest);
        Btf.CopyTo(value, HeaderSize);
        var options = new MapCreateOptions { Size = (nuint)sizeof(MapCreateOptions) };
        int result = LibBpf.MapCreate(MapType.Array, MapNames.Types, sizeof(uint), (uint)value.Length, 1, &options);
        Descriptor made = Descriptor.FromLibBpf(result, $"bpf_map_create({MapNames.Types}, {value.Length} bytes)");
        try
        {
            new RawMap(MapNames.Types, made).Set(RawMap.KeyOf(0), value);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Says the same.</summary>
    public bool IsSame(TypesPin? other) =>
        other is not null && Version == other.Version && Oldest == other.Oldest && Btf.AsSpan().SequenceEqual(other.Btf);
}
