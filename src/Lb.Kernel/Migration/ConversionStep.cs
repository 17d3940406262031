using System.Buffers.Binary;

namespace Lb.Kernel.Migration;

/// <summary>One step of a conversion.</summary>
/// <param name="Field">What it carries, as a C programmer would write it; empty for the whole.</param>
/// <param name="From">Where it is in the old bytes.</param>
/// <param name="To">Where it goes in the new ones.</param>
/// <param name="Length">Bytes of the old.</param>
/// <param name="Old">The number that is read; null when bytes are copied.</param>
/// <param name="New">The number that is written; null when bytes are copied.</param>
/// <param name="IsEnd">There is no room for it: it has to be zero.</param>
internal sealed record ConversionStep(
    string Field, int From, int To, int Length, NumberType? Old = null, NumberType? New = null, bool IsEnd = false)
{
    /// <summary>It changes nothing.</summary>
    public bool IsInPlace => Old is null && !IsEnd && From == To;

    public static ConversionStep Copy(string field, int from, int to, int length) => new(field, from, to, length);

    /// <summary>Does it; says what does not fit.</summary>
    public string? Apply(ReadOnlySpan<byte> old, Span<byte> made)
    {
        ReadOnlySpan<byte> source = old.Slice(From, Length);
        if (IsEnd)
        {
            return source.ContainsAnyExcept((byte)0) ? $"the end of {Field} is in use, and there is no room for it" : null;
        }

        if (Old is null || New is null)
        {
            source.CopyTo(made[To..]);
            return null;
        }

        Int128 value = Read(source, Old);
        if (!Fits(value, New))
        {
            return $"{Field} is {value}, which {New.Size} bytes {(New.IsSigned ? "with" : "without")} a sign do not hold";
        }

        Write(made.Slice(To, New.Size), value, New);
        return null;
    }

    private static bool Fits(Int128 value, NumberType type)
    {
        Int128 range = Int128.One << (type.Size * 8);
        return type.IsSigned ? value >= -(range / 2) && value < range / 2 : value >= 0 && value < range;
    }

    private static Int128 Read(ReadOnlySpan<byte> bytes, NumberType type)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.CopyTo(wide);
        if (type.IsBigEndian)
        {
            wide[..type.Size].Reverse();
        }

        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(wide);
        int unused = 64 - (type.Size * 8);
        return type.IsSigned ? (long)(value << unused) >> unused : value;
    }

    private static void Write(Span<byte> bytes, Int128 value, NumberType type)
    {
        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteInt128LittleEndian(wide, value);
        wide[..type.Size].CopyTo(bytes);
        if (type.IsBigEndian)
        {
            bytes.Reverse();
        }
    }
}
