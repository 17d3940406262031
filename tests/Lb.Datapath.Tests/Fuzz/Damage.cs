using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>What networks and attackers do to packets.</summary>
internal sealed class Damage(Random random)
{
    /// <summary>Headers, those of a quoted packet included, are within this.</summary>
    private const int Interesting = 120;

    private static readonly int[] Extremes = [0, 1, 0x7f, 0x80, 0xff];

    /// <summary>The frame with one to three faults; never shorter than an Ethernet header.</summary>
    public byte[] Inflict(byte[] frame)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            frame = One(frame);
        }

        return frame;
    }

    private byte[] One(byte[] frame)
    {
        byte[] damaged = [.. frame];
        int reach = Math.Min(damaged.Length, Interesting);
        int at = random.Next(reach);
        switch (random.Next(8))
        {
            case 0 or 1:
                damaged[at] ^= (byte)(1 << random.Next(8));
                return damaged;
            case 2:
                damaged[at] = (byte)random.Next(256);
                return damaged;
            case 3:
                damaged[at] = (byte)Extremes[random.Next(Extremes.Length)];
                return damaged;
            case 4:
                return damaged[..random.Next(Packet.EthernetLength, damaged.Length + 1)];
            case 5:
                return [.. damaged, .. new byte[random.Next(1, 64)]];
            case 6:
                return NudgeLength(damaged);
            default:
                int length = random.Next(1, 17);
                int from = random.Next(reach);
                damaged.AsSpan(from, Math.Min(length, Math.Min(damaged.Length - from, damaged.Length - at)))
                    .ToArray()
                    .CopyTo(damaged, at);
                return damaged;
        }
    }

    /// <summary>Off by a little: where comparisons of lengths go wrong.</summary>
    private byte[] NudgeLength(byte[] frame)
    {
        bool v6 = frame[12] == 0x86;
        int at = Packet.EthernetLength + (v6 ? 5 : 3);
        if (at < frame.Length)
        {
            frame[at] = (byte)(frame[at] + random.Next(-24, 25));
        }

        return frame;
    }
}
