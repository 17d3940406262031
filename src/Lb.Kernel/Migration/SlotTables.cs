using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Migration;

/// <summary>The inner maps of the array of tables, as they are.</summary>
internal static class SlotTables
{
    /// <summary>The elements that hold one, and its id.</summary>
    public static IEnumerable<(uint Index, uint Id)> Read(RawMap tables)
    {
        var id = new byte[sizeof(uint)];
        for (uint index = 0; index < tables.Info.MaxEntries; index++)
        {
            if (tables.TryGet(RawMap.KeyOf(index), id))
            {
                yield return (index, BitConverter.ToUInt32(id));
            }
        }
    }

    /// <summary>Opens one.</summary>
    public static Descriptor Open(SitePins pins, uint id) =>
        pins.OpenTable(id) ?? Descriptor.FromLibBpf(LibBpf.MapById(id), $"bpf_map_get_fd_by_id({id})");

    /// <summary>Converts all slots of one.</summary>
    /// <param name="slots">The inner map.</param>
    /// <param name="conversion">How a slot is converted.</param>
    /// <param name="write">Where the new ones go.</param>
    /// <returns>What does not fit; null when all does.</returns>
    public static string? Convert(RawMap slots, Conversion conversion, RawMap.Handler write)
    {
        if (slots.ValueSize != conversion.OldSize)
        {
            return $"a slot has {slots.ValueSize} bytes where its types say {conversion.OldSize}";
        }

        string? problem = null;
        slots.Scan((keys, values, count) =>
        {
            var converted = new byte[count * conversion.NewSize];
            for (int i = 0; i < count && problem is null; i++)
            {
                ReadOnlySpan<byte> slot = values.Slice(i * slots.ValueSize, slots.ValueSize);
                problem = conversion.Apply(slot, converted.AsSpan(i * conversion.NewSize, conversion.NewSize)) is { } misfit
                    ? $"of a slot {misfit}"
                    : null;
            }

            if (problem is null)
            {
                write(keys, converted, count);
            }
        });
        return problem;
    }
}
