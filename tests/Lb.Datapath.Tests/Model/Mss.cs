namespace Lb.Datapath.Tests.Model;

/// <summary>The largest segment that a SYN says, lowered.</summary>
internal static class Mss
{
    private const int Header = 20;
    private const int MostOptions = 16;
    private const byte Nothing = 1;
    private const byte Segment = 2;

    /// <summary>The rewritten packet with an MSS of at most so much; 0 leaves it as it is.</summary>
    public static byte[] Lower(byte[] bytes, Frame frame, int most)
    {
        if (most == 0 || Find(bytes, frame.L4, frame.L4Length) is not { } place)
        {
            return bytes;
        }

        int at = frame.L4 + place + 2;
        if (Frame.U16(bytes, at) > most)
        {
            byte[] before = [.. bytes];
            Frame.U16(bytes, at, most);
            ReadOnlySpan<byte> was = before.AsSpan(frame.L4, frame.L4Length);
            ReadOnlySpan<byte> now = bytes.AsSpan(frame.L4, frame.L4Length);
            Frame read = Frame.Read(bytes)!;
            ulong pseudo = Rewrite.Addresses(read.Source, read.Destination) + (ulong)frame.L4Length + frame.Protocol;
            Frame.U16(bytes, frame.L4 + 16, Rewrite.Mend(was, now, 16, pseudo, pseudo));
        }

        return bytes;
    }

    /// <summary>Where in the TCP header the option begins; null when it has none that can be read.</summary>
    private static int? Find(byte[] bytes, int tcp, int most)
    {
        int length = (bytes[tcp + 12] >> 4) * 4;
        if (length > most)
        {
            return null; // its header would end behind the packet
        }

        int place = Header;
        for (int i = 0; i < MostOptions && place + 4 <= length; i++)
        {
            (byte kind, byte size) = (bytes[tcp + place], bytes[tcp + place + 1]);
            int step = kind == Nothing ? 1 : size;
            if (kind == Segment)
            {
                return size == 4 ? place : null;
            }

            if (kind == 0 || step == 0)
            {
                return null;
            }

            place += step;
        }

        return null;
    }
}
