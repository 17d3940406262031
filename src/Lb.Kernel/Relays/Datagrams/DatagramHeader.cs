using System.Buffers;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>
/// The header of the PROXY protocol that stands in front of a flow's datagrams to its backend. It is made once, and anew when
/// it has to say something else.
/// </summary>
internal sealed class DatagramHeader
{
    private byte[] _bytes = [];
    private RelayProxy? _proxy;
    private SocketAddress _destination;
    private bool _passedOn;

    /// <summary>Bytes that it has.</summary>
    public int Length => _bytes.Length;

    /// <summary>The header for a datagram.</summary>
    /// <param name="flow">The datagram's.</param>
    /// <param name="proxy">What is to be sent.</param>
    /// <param name="received">The header that it came with.</param>
    public ReadOnlySpan<byte> Of(DatagramFlow flow, RelayProxy proxy, in ProxyHeader received)
    {
        Endpoint vip = flow.Port.Service.Vip;
        SocketAddress destination = received.HasAddresses
            ? received.Destination
            : new SocketAddress(flow.Port.Service.VipBytes, vip.Port);
        bool passesOn = received.Tlvs.Length > 0;
        if (!ReferenceEquals(_proxy, proxy) || passesOn || _passedOn || !IsSame(destination, _destination))
        {
            _bytes = Write(flow.Client, destination, proxy, received.Tlvs);
            (_proxy, _destination, _passedOn) = (proxy, destination, passesOn);
        }

        return _bytes;
    }

    private static byte[] Write(SocketAddress client, SocketAddress destination, RelayProxy proxy, byte[] received)
    {
        byte[] tlvs = ArrayPool<byte>.Shared.Rent(ProxyV2.MostWritten);
        byte[] written = ArrayPool<byte>.Shared.Rent(ProxyV2.MostWritten);
        int known = SentTlvs.Write(tlvs, proxy.Tlvs, received, ClientHello.Silent, chosen: null);
        int length = ProxyV2.Write(
            written,
            client,
            destination,
            TransportProtocol.Udp,
            tlvs.AsSpan(0, known),
            proxy.Tlvs.HasFlag(ProxyTlvs.Crc32C));
        byte[] header = written[..length];
        ArrayPool<byte>.Shared.Return(tlvs);
        ArrayPool<byte>.Shared.Return(written);
        return header;
    }

    private static bool IsSame(SocketAddress a, SocketAddress b) =>
        a.Port == b.Port && a.Family == b.Family && a.Address.SequenceEqual(b.Address);
}
