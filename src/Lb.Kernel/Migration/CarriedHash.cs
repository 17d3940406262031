using System.Buffers.Binary;
using Lb.Kernel.Datapath;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Migration;

/// <summary>
/// A hash, which the program may write meanwhile. Where room is scarce in one that evicts, what was silent for longest is copied
/// first, so that it is what goes.
/// </summary>
/// <inheritdoc cref="CarriedMap(MapChange, Descriptor, Descriptor)"/>
internal sealed class CarriedHash(MapChange change, Descriptor old, Descriptor made) : CarriedMap(change, old, made)
{
    private const int Ages = 1 << 16;

    /// <inheritdoc/>
    public override (long Copied, long Evicted) Copy()
    {
        long copied = 0;
        uint now = Tick.Now;
        foreach (ElementConversion.Choice? choice in Passes(now))
        {
            Old.Scan((keys, values, count) => copied += Write(keys, values, count, choice));
        }

        return (copied, copied - CountThere(copied));
    }

    /// <inheritdoc/>
    public override long CatchUp(uint since)
    {
        long copied = 0;
        var key = new byte[Made.Info.KeySize];
        var value = new byte[Made.ValueSize];
        var held = new byte[Made.ValueSize];
        Old.Scan((keys, values, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> before = values.Slice(i * Old.ValueSize, Old.ValueSize);
                if (IsOlder(before, since))
                {
                    continue;
                }

                try
                {
                    Convert(keys.Slice(i * (int)Old.Info.KeySize, (int)Old.Info.KeySize), before, key, value);
                    // What the new program wrote later, or at the same time, stays.
                    if (!Made.TryGet(key, held) || IsNewer(value, held))
                    {
                        Made.Set(key, value);
                        copied++;
                    }
                }
                catch (KernelException)
                {
                    // The new program is in force: there is no way back for one entry.
                    Lost++;
                }
            }
        });
        return copied;
    }

    private IEnumerable<ElementConversion.Choice?> Passes(uint now)
    {
        if (Made.Info.Type != MapType.LruHash || Change.SeenAt is null || FindOldAge(now) is not { } old)
        {
            return [null];
        }

        return [value => AgeOf(value, now) >= old, value => AgeOf(value, now) < old];
    }

    /// <summary>The age that a quarter of the entries have, when there is not plenty of room.</summary>
    private int? FindOldAge(uint now)
    {
        var ages = new long[Ages];
        long all = 0;
        Old.Scan((_, values, count) =>
        {
            all += count;
            for (int i = 0; i < count; i++)
            {
                ages[AgeOf(values.Slice(i * Old.ValueSize, Old.ValueSize), now)]++;
            }
        });
        if (all < Made.Info.MaxEntries * 3L / 4)
        {
            return null;
        }

        int age = Ages - 1;
        for (long older = ages[age]; older < all / 4 && age > 0; older += ages[age])
        {
            age--;
        }

        return age;
    }

    private int AgeOf(ReadOnlySpan<byte> value, uint now) =>
        Math.Clamp(unchecked((int)(now - SeenOf(value))), 0, Ages - 1);

    private uint SeenOf(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt32LittleEndian(value[(Change.SeenAt ?? 0)..]);

    private bool IsOlder(ReadOnlySpan<byte> value, uint since) =>
        Change.SeenAt is not null && unchecked((int)(SeenOf(value) - since)) < 0;

    private bool IsNewer(ReadOnlySpan<byte> value, ReadOnlySpan<byte> held) =>
        Change.NewSeenAt is { } at
        && unchecked((int)(BinaryPrimitives.ReadUInt32LittleEndian(value[at..]) - BinaryPrimitives.ReadUInt32LittleEndian(held[at..]))) > 0;
}
