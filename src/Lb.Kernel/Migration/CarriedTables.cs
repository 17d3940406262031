using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Migration;

/// <summary>The array of tables: inner maps go along as they are, or are made anew where slots have changed.</summary>
/// <param name="pins">Where inner maps are pinned.</param>
/// <param name="change">How.</param>
/// <param name="old">The one that is there; closed with this object.</param>
/// <param name="made">The other; closed with this object.</param>
internal sealed class CarriedTables(SitePins pins, MapChange change, Descriptor old, Descriptor made) : CarriedMap(change, old, made)
{
    private readonly List<uint> _made = [];

    /// <inheritdoc/>
    public override (long Copied, long Evicted) Copy()
    {
        List<Descriptor> inner = [];
        try
        {
            List<byte> keys = [];
            List<byte> values = [];
            var id = new byte[sizeof(uint)];
            for (uint index = 0; index < Old.Info.MaxEntries; index++)
            {
                byte[] key = RawMap.KeyOf(index);
                if (Old.TryGet(key, id))
                {
                    CheckRoom(index);
                    inner.Add(Carry(BitConverter.ToUInt32(id)));
                    keys.AddRange(key);
                    values.AddRange(RawMap.KeyOf((uint)inner[^1].Value));
                }
            }

            // One call, because each waits for a grace period.
            (_, Errno errno) = Made.SetAll(keys.ToArray(), values.ToArray(), inner.Count);
            return errno == default ? (inner.Count, 0) : throw Failure.Of($"bpf_map_update_batch({Name})", errno);
        }
        finally
        {
            inner.ForEach(descriptor => descriptor.Dispose());
        }
    }

    /// <summary>Removes the pins of inner maps that were made.</summary>
    public void Forget() => _made.ForEach(pins.RemoveTable);

    private void CheckRoom(uint index)
    {
        if (index >= Made.Info.MaxEntries)
        {
            throw Refused($"its element {index} is in use, and there is to be room for {Made.Info.MaxEntries}");
        }
    }

    private Descriptor Carry(uint id)
    {
        Descriptor there = pins.OpenTable(id) ?? Descriptor.FromLibBpf(LibBpf.MapById(id), $"bpf_map_get_fd_by_id({id})");
        if (Change.Value is null or { IsInPlace: true })
        {
            return there;
        }

        using (there)
        {
            var slots = new RawMap(SlotArray.MapName, there);
            if (slots.ValueSize != Change.Value.OldSize)
            {
                throw Refused($"a slot has {slots.ValueSize} bytes where its types say {Change.Value.OldSize}");
            }

            Descriptor anew = SlotArray.Make((int)slots.Info.MaxEntries, Change.Value.NewSize);
            try
            {
                Fill(slots, new RawMap(SlotArray.MapName, anew));
                uint newId = BpfMap.Describe(anew, SlotArray.MapName).Id;
                pins.PinTable(newId, anew);
                _made.Add(newId);
                return anew;
            }
            catch
            {
                anew.Dispose();
                throw;
            }
        }
    }

    private void Fill(RawMap slots, RawMap anew) => slots.Scan((keys, values, count) =>
    {
        var converted = new byte[count * anew.ValueSize];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> slot = values.Slice(i * slots.ValueSize, slots.ValueSize);
            if (Change.Value!.Apply(slot, converted.AsSpan(i * anew.ValueSize, anew.ValueSize)) is { } problem)
            {
                throw Refused($"of a slot {problem}");
            }
        }

        (_, Errno errno) = anew.SetAll(keys, converted, count);
        if (errno != default)
        {
            throw Failure.Of($"bpf_map_update_batch({SlotArray.MapName})", errno);
        }
    });
}
