using System.Runtime.InteropServices;
using System.Buffers.Binary;

namespace Lb.Kernel.Relays;

/// <summary>
/// How many connections each client has: by IPv4 address, or by the upper 64 bits of an IPv6 address, as whoever has one
/// address of such a network has all. Used only where there is a limit.
/// </summary>
internal sealed class RelaySources
{
    private const int Parts = 64;
    private readonly Dictionary<ulong, int>[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Dictionary<ulong, int>())];

    /// <summary>Counts one more of a client.</summary>
    /// <returns>Whether that is not more than it may have.</returns>
    public bool TryTake(ulong source, int most)
    {
        Dictionary<ulong, int> part = Part(source);
        lock (part)
        {
            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(part, source, out _);
            if (count >= most)
            {
                return false;
            }

            count++;
            return true;
        }
    }

    /// <summary>One of a client has ended.</summary>
    public void Leave(ulong source)
    {
        Dictionary<ulong, int> part = Part(source);
        lock (part)
        {
            if (part.TryGetValue(source, out int count) && count > 1)
            {
                part[source] = count - 1;
            }
            else
            {
                part.Remove(source);
            }
        }
    }

    /// <summary>What stands for a client: never the same for an address of each family, as no /64 begins with zeros.</summary>
    public static ulong Of(ReadOnlySpan<byte> address) => address.Length == sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(address)
        : BinaryPrimitives.ReadUInt64BigEndian(address);

    private Dictionary<ulong, int> Part(ulong source) =>
        _parts[(int)((source * 0x9e37_79b9_7f4a_7c15) >> 58)];
}
