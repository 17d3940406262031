using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Lb.Actors;

/// <summary>
/// In which order nodes would hold a VIP: the same on every node, another for each VIP, and hardly changed when one comes
/// or goes.
/// </summary>
internal sealed class RendezvousOrder
{
    private readonly Dictionary<(IPAddress Vip, string Node), ulong> _known = [];

    /// <summary>The nodes in the order for a VIP.</summary>
    public List<string> Of(IPAddress vip, IEnumerable<string> nodes) =>
        [.. nodes.OrderByDescending(node => Weight(vip, node)).ThenBy(node => node, StringComparer.Ordinal)];

    /// <summary>What stands for a node's address where there is no room for it.</summary>
    public static uint Short(string node) => BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(node)));

    private ulong Weight(IPAddress vip, string node)
    {
        if (!_known.TryGetValue((vip, node), out ulong weight))
        {
            weight = BitConverter.ToUInt64(
                SHA256.HashData([.. vip.GetAddressBytes(), .. Encoding.UTF8.GetBytes(node)]));
            _known.Add((vip, node), weight);
        }

        return weight;
    }
}
