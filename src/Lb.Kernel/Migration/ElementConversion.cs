using System.Buffers.Binary;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Migration;

/// <summary>How elements of a map become those of another, and what of them does not fit. It writes nothing.</summary>
/// <param name="change">How keys and values are converted.</param>
/// <param name="old">The map that is there.</param>
/// <param name="made">What the other is made with.</param>
internal sealed class ElementConversion(MapChange change, RawMap old, MapShape made)
{
    private readonly bool _isArray = old.Info.Type is MapType.Array or MapType.PerCpuArray;

    /// <summary>Which elements are meant.</summary>
    public delegate bool Choice(ReadOnlySpan<byte> value);

    /// <summary>Bytes of a new key.</summary>
    public int KeySize => (int)made.KeySize;

    /// <summary>Bytes of a new value as calls have it.</summary>
    public int ValueSize { get; } = RawMap.ValueSizeOf(made.Type, made.ValueSize);

    /// <summary>Converts one element.</summary>
    /// <returns>What of it does not fit; null when all does.</returns>
    public string? Convert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Span<byte> newKey, Span<byte> newValue)
    {
        string? problem = change.Key?.Apply(key, newKey) ?? change.Value?.ApplyToEach(value, newValue, old.Copies);
        return problem is null ? null : $"of an entry {problem}";
    }

    /// <summary>Converts those elements that have to be written.</summary>
    /// <param name="keys">Keys that are there.</param>
    /// <param name="values">Their values.</param>
    /// <param name="count">How many.</param>
    /// <param name="only">Which of them; null for all.</param>
    /// <param name="newKeys">Where the new keys go.</param>
    /// <param name="newValues">Where the new values go.</param>
    /// <param name="problem">What does not fit; null when all does.</param>
    /// <returns>How many there are of them.</returns>
    public int ConvertAll(
        ReadOnlySpan<byte> keys,
        ReadOnlySpan<byte> values,
        int count,
        Choice? only,
        Span<byte> newKeys,
        Span<byte> newValues,
        out string? problem)
    {
        int chosen = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> key = keys.Slice(i * (int)old.Info.KeySize, (int)old.Info.KeySize);
            ReadOnlySpan<byte> value = values.Slice(i * old.ValueSize, old.ValueSize);
            // Elements of an array are there from the beginning, and zero.
            if ((_isArray && !value.ContainsAnyExcept((byte)0)) || only?.Invoke(value) == false)
            {
                continue;
            }

            problem = (_isArray ? RoomRule.FindProblem(BinaryPrimitives.ReadUInt32LittleEndian(key), made) : null)
                ?? Convert(key, value, newKeys.Slice(chosen * KeySize, KeySize), newValues.Slice(chosen * ValueSize, ValueSize));
            if (problem is not null)
            {
                return chosen;
            }

            chosen++;
        }

        problem = null;
        return chosen;
    }
}
