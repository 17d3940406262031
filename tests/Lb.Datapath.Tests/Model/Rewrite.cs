using System.Net;
using Lb.Datapath.Tests.Packets;

namespace Lb.Datapath.Tests.Model;

/// <summary>
/// Checksums after a change. A checksum that was right is computed anew over the whole; one that was wrong stays
/// wrong by the same amount, so that the receiver still sees the damage.
/// </summary>
internal static class Rewrite
{
    /// <summary>Mends a checksum over a range of a packet after the range changed.</summary>
    /// <param name="before">The covered bytes as received, the checksum among them.</param>
    /// <param name="after">The covered bytes as they are to be sent, still with the old checksum.</param>
    /// <param name="offset">Where the checksum stands in both.</param>
    /// <param name="pseudoBefore">Sum of the old pseudo header, zero when there is none.</param>
    /// <param name="pseudoAfter">Sum of the new pseudo header.</param>
    public static ushort Mend(
        ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int offset, ulong pseudoBefore = 0, ulong pseudoAfter = 0)
    {
        ushort stored = (ushort)((before[offset] << 8) | before[offset + 1]);
        ulong sumBefore = Checksum.Sum(before) + pseudoBefore - stored;
        ulong sumAfter = Checksum.Sum(after) + pseudoAfter - stored;
        if (Checksum.Finish(sumBefore + stored) == 0)
        {
            return Checksum.Finish(sumAfter);
        }

        ulong damage = (ulong)(ushort)~stored + Checksum.Finish(sumBefore);
        return Checksum.Finish(sumAfter + damage);
    }

    /// <summary>Sum of the addresses as the pseudo header has them; the rest of it never changes.</summary>
    public static ulong Addresses(IPAddress source, IPAddress destination) =>
        Checksum.Sum(source.GetAddressBytes()) + Checksum.Sum(destination.GetAddressBytes());
}
