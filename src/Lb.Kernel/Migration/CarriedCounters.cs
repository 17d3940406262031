using System.Buffers.Binary;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Migration;

/// <summary>
/// Counters, a value for each CPU. What the old program counts after the copy is added to what the new one has counted by then.
/// </summary>
/// <inheritdoc cref="CarriedMap(MapChange, Descriptor, Descriptor)"/>
internal sealed class CarriedCounters(MapChange change, Descriptor old, Descriptor made) : CarriedMap(change, old, made)
{
    private const int CounterSize = sizeof(ulong);

    /// <summary>What was copied; null when another start has copied.</summary>
    private Dictionary<uint, byte[]>? _copied;

    /// <inheritdoc/>
    public override (long Copied, long Evicted) Copy()
    {
        long copied = 0;
        Dictionary<uint, byte[]> kept = [];
        Old.Scan((keys, values, count) =>
        {
            copied += Write(keys, values, count, only: null);
            ForEachUsed(keys, values, count, (index, value) => kept.Add(index, value));
        });
        _copied = kept;
        return (copied, 0);
    }

    /// <inheritdoc/>
    public override long CatchUp(uint since)
    {
        if (_copied is null)
        {
            return 0;
        }

        long changed = 0;
        Old.Scan((keys, values, count) => ForEachUsed(keys, values, count, (index, value) =>
        {
            byte[]? before = _copied.GetValueOrDefault(index);
            if (index < Made.Info.MaxEntries && (before is null || !value.AsSpan().SequenceEqual(before)))
            {
                Add(index, value, before);
                changed++;
            }
        }));
        return changed;
    }

    private void ForEachUsed(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count, Action<uint, byte[]> handle)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> value = values.Slice(i * Old.ValueSize, Old.ValueSize);
            if (value.ContainsAnyExcept((byte)0))
            {
                handle(BinaryPrimitives.ReadUInt32LittleEndian(keys[(i * sizeof(uint))..]), value.ToArray());
            }
        }
    }

    private void Add(uint index, byte[] value, byte[]? before)
    {
        byte[] now = Converted(index, value);
        byte[]? earlier = before is null ? null : Converted(index, before);
        var sum = new byte[Made.ValueSize];
        byte[] key = Maps.RawMap.KeyOf(index);
        Made.TryGet(key, sum);
        for (int at = 0; at < sum.Length; at += CounterSize)
        {
            ulong more = Counter(now, at) - (earlier is null ? 0 : Counter(earlier, at));
            BinaryPrimitives.WriteUInt64LittleEndian(sum.AsSpan(at), Counter(sum, at) + more);
        }

        Made.Set(key, sum);
    }

    private byte[] Converted(uint index, byte[] value)
    {
        var key = new byte[sizeof(uint)];
        var converted = new byte[Made.ValueSize];
        Convert(Maps.RawMap.KeyOf(index), value, key, converted);
        return converted;
    }

    private static ulong Counter(byte[] value, int at) => BinaryPrimitives.ReadUInt64LittleEndian(value.AsSpan(at));
}
