using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>The slots of one table: an inner map, its memory mapped while this object lives.</summary>
internal sealed unsafe class SlotArray : IDisposable
{
    /// <summary>Name of every inner map.</summary>
    public const string MapName = "lb_slots";

    private readonly MappedMemory _memory;

    private SlotArray(Descriptor descriptor, int length)
    {
        Descriptor = descriptor;
        Length = length;
        try
        {
            _memory = MappedMemory.OfArray(descriptor, length, sizeof(Slot), MapName);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>The inner map.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>Number of slots.</summary>
    public int Length { get; }

    /// <summary>The slots themselves: a store is seen by the next packet.</summary>
    public Span<Slot> Slots => _memory.Elements<Slot>(Length);

    /// <summary>Whether it has these slots and no others: bytes are compared, since a slot has no others than its fields'.</summary>
    public bool Holds(ReadOnlySpan<Slot> slots) =>
        MemoryMarshal.AsBytes(Slots).SequenceEqual(MemoryMarshal.AsBytes(slots));

    /// <summary>Makes an inner map of that many empty slots.</summary>
    public static SlotArray Create(int length)
    {
        return new SlotArray(Make(length, sizeof(Slot)), length);
    }

    /// <summary>Makes an inner map, of slots of any layout.</summary>
    public static Descriptor Make(int length, int slotSize)
    {
        var options = new MapCreateOptions
        {
            Size = (nuint)sizeof(MapCreateOptions),
            Flags = MapFlags.Mmapable | MapFlags.InnerMap,
        };
        int result = LibBpf.MapCreate(MapType.Array, MapName, sizeof(uint), (uint)slotSize, (uint)length, &options);
        return Descriptor.FromLibBpf(result, $"bpf_map_create({MapName}, {length} slots)");
    }

    /// <summary>Takes over an inner map that is open.</summary>
    public static SlotArray Of(Descriptor descriptor)
    {
        try
        {
            return new SlotArray(descriptor, (int)BpfMap.Describe(descriptor, MapName).MaxEntries);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Asks the kernel for the id of the map.</summary>
    public uint ReadId() => BpfMap.Describe(Descriptor, MapName).Id;

    /// <summary>Stores slots one by one, each in a single aligned store.</summary>
    public void Store(ReadOnlySpan<Slot> slots)
    {
        // Both are 8 bytes and 8-aligned; a copy of longs never tears one, a copy of bytes might.
        ReadOnlySpan<long> source = MemoryMarshal.Cast<Slot, long>(slots);
        Span<long> target = MemoryMarshal.Cast<Slot, long>(Slots);
        for (int i = 0; i < source.Length; i++)
        {
            Volatile.Write(ref target[i], source[i]);
        }
    }

    /// <summary>Stores one slot in a single aligned store.</summary>
    public void Store(int index, Slot slot) =>
        Volatile.Write(
            ref MemoryMarshal.Cast<Slot, long>(Slots)[index],
            Unsafe.BitCast<Slot, long>(slot));

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        Descriptor.Dispose();
    }
}
