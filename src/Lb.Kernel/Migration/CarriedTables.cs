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
            foreach ((uint index, uint id) in SlotTables.Read(Old))
            {
                if (RoomRule.FindProblem(index, MadeShape) is { } problem)
                {
                    throw Refused(problem);
                }

                inner.Add(Carry(id));
                keys.AddRange(RawMap.KeyOf(index));
                values.AddRange(RawMap.KeyOf((uint)inner[^1].Value));
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

    private Descriptor Carry(uint id)
    {
        Descriptor there = SlotTables.Open(pins, id);
        if (Change.Value is null or { IsInPlace: true })
        {
            return there;
        }

        using (there)
        {
            var slots = new RawMap(SlotArray.MapName, there);
            Descriptor anew = SlotArray.Make((int)slots.Info.MaxEntries, Change.Value.NewSize);
            try
            {
                Fill(slots, new RawMap(SlotArray.MapName, anew), Change.Value);
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

    private void Fill(RawMap slots, RawMap anew, Conversion conversion)
    {
        string? problem = SlotTables.Convert(slots, conversion, (keys, converted, count) =>
        {
            (_, Errno errno) = anew.SetAll(keys, converted, count);
            if (errno != default)
            {
                throw Failure.Of($"bpf_map_update_batch({SlotArray.MapName})", errno);
            }
        });
        if (problem is not null)
        {
            throw Refused(problem);
        }
    }
}
