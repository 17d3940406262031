namespace Lb.Actors;

/// <summary>Numbers in as few bytes as they need: unsigned LEB128, of 32 bits.</summary>
internal static class ShareNumber
{
    /// <summary>Appends a number.</summary>
    public static void Write(List<byte> to, uint number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            to.Add((byte)(number | 0x80));
        }

        to.Add((byte)number);
    }

    /// <summary>Reads a number, and goes on behind it; false when it has no end.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out uint number)
    {
        number = 0;
        for (int shift = 0; shift < 35 && !from.IsEmpty; shift += 7)
        {
            byte next = from[0];
            from = from[1..];
            number |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
