using System.Net;
using SocketAddress = Lb.Kernel.Interop.SocketAddress;

namespace Lb.Kernel.Relays;

/// <summary>What is done with a client's address, which may be of the other family than the VIP when a proxy names it.</summary>
internal static class ClientAddress
{
    private const int IPv6Size = 16;

    /// <summary>The flow's hash.</summary>
    public static uint HashTo(this SocketAddress client, RelayService service, uint seed)
    {
        Span<byte> mapped = stackalloc byte[IPv6Size];
        scoped ReadOnlySpan<byte> vip = service.VipBytes;
        scoped ReadOnlySpan<byte> source = client.Address.Length < vip.Length ? mapped : client.Address;
        if (client.Address.Length < vip.Length)
        {
            Map(client.Address, mapped);
        }
        else if (client.Address.Length > vip.Length)
        {
            Map(vip, mapped);
            vip = mapped;
        }

        return FlowHash.Of(source, vip, client.Port, service.Vip.Port, service.Vip.Protocol, seed);
    }

    /// <summary>Whether a backend can be connected to from it: an address of a host, of the same family.</summary>
    public static bool CanReach(this SocketAddress client, SocketAddress target)
    {
        ReadOnlySpan<byte> address = client.Address;
        return client.Family == target.Family && !IPAddress.IsLoopback(new IPAddress(address)) && (address.Length == IPv6Size
            ? address[0] != 0xff && address.ContainsAnyExcept((byte)0)
            : address[0] is not 0 and < 224);
    }

    private static void Map(ReadOnlySpan<byte> address, Span<byte> into)
    {
        SocketAddress.MappedPrefix.CopyTo(into);
        address.CopyTo(into[SocketAddress.MappedPrefix.Length..]);
    }
}
