using System.Net;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>The packet that an ICMP error quotes: IP header and the first eight bytes behind it.</summary>
internal sealed class Quote
{
    private readonly byte[] _bytes;
    private readonly bool _v6;
    private readonly int _start;
    private readonly int _available;

    public Quote(Frame error)
    {
        _bytes = error.Bytes;
        _v6 = error.V6;
        _start = error.L4 + 8;
        _available = error.L4Length - 8;
    }

    private int Ports => _start + (_v6 ? 40 : 20);

    /// <summary>All that is needed is there, and it is TCP, UDP or SCTP straight behind a plain IP header.</summary>
    public bool IsUsable =>
        _available >= (_v6 ? 48 : 28)
        && _bytes[_start] >> 4 == (_v6 ? 6 : 4)
        && (_v6 || (_bytes[_start] & 0x0f) == 5)
        && (_v6 || (Frame.U16(_bytes, _start + 6) & 0x1fff) == 0)
        && _bytes[_start + (_v6 ? 6 : 9)] is 6 or 17 or 132;

    public TransportProtocol Protocol => (TransportProtocol)_bytes[_start + (_v6 ? 6 : 9)];

    public IPAddress Source => Frame.Address(_bytes, _start + (_v6 ? 8 : 12), _v6);

    public IPAddress Destination => Frame.Address(_bytes, _start + (_v6 ? 24 : 16), _v6);

    public ushort SourcePort => Frame.U16(_bytes, Ports);

    public ushort DestinationPort => Frame.U16(_bytes, Ports + 2);

    /// <summary>Writes addresses and ports of both ends, and the quoted IPv4 header's checksum.</summary>
    public void PutBoth(byte[] bytes, IPAddress source, ushort sourcePort, IPAddress destination, ushort destinationPort)
    {
        int offset = _start + (_v6 ? 8 : 12);
        source.TryWriteBytes(bytes.AsSpan(offset), out int length);
        destination.TryWriteBytes(bytes.AsSpan(offset + length), out _);
        Frame.U16(bytes, Ports, sourcePort);
        Frame.U16(bytes, Ports + 2, destinationPort);
        if (!_v6)
        {
            ReadOnlySpan<byte> before = _bytes.AsSpan(_start, 20);
            Frame.U16(bytes, _start + 10, Rewrite.Mend(before, bytes.AsSpan(_start, 20), 10));
        }
    }

    /// <summary>Writes address and port of one end, and the quoted IPv4 header's checksum.</summary>
    public void Put(byte[] bytes, bool source, IPAddress address, ushort port)
    {
        int offset = _start + (_v6 ? 8 : 12) + (source ? 0 : _v6 ? 16 : 4);
        address.TryWriteBytes(bytes.AsSpan(offset), out _);
        Frame.U16(bytes, Ports + (source ? 0 : 2), port);
        if (!_v6)
        {
            ReadOnlySpan<byte> before = _bytes.AsSpan(_start, 20);
            Frame.U16(bytes, _start + 10, Rewrite.Mend(before, bytes.AsSpan(_start, 20), 10));
        }
    }
}
