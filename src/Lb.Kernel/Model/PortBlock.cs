namespace Lb.Kernel;

/// <summary>Ports that begin with the same bits.</summary>
/// <param name="First">The first of them, host byte order.</param>
/// <param name="Bits">How many bits are the same: 16 for one port, 0 for all of them.</param>
public readonly record struct PortBlock(ushort First, int Bits)
{
    private const int PortBits = 16;

    /// <summary>The last of them.</summary>
    public ushort Last => (ushort)(First + (1 << (PortBits - Bits)) - 1);

    /// <summary>The fewest blocks that make up a range, in order: 30 at most.</summary>
    public static IReadOnlyList<PortBlock> Split(ushort first, ushort last)
    {
        List<PortBlock> blocks = [];
        int at = first;
        while (at <= last)
        {
            // The largest block that begins here and does not go beyond the end.
            int free = at == 0 ? PortBits : int.TrailingZeroCount(at);
            while ((1 << free) > last - at + 1)
            {
                free--;
            }

            blocks.Add(new PortBlock((ushort)at, PortBits - free));
            at += 1 << free;
        }

        return blocks;
    }
}
