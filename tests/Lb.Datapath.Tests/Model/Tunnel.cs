using System.Net.Sockets;
using Lb.Datapath.Tests.Packets;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>Encapsulation in IPv4 or IPv6.</summary>
internal static class Tunnel
{
    /// <summary>The frame with an outer header; the packet and what is behind it stay as they are.</summary>
    public static byte[] Wrap(Frame frame, BackendEntry backend, uint hash)
    {
        return Wrap(frame, backend, hash, (byte)(frame.V6 ? 41 : 4), frame.IpLength, frame.Bytes[Frame.L3..]);
    }

    /// <summary>The same with a UDP header in between: GUE, where the inner packet's version is the variant's.</summary>
    public static byte[] WrapInUdp(Frame frame, BackendEntry backend, uint hash)
    {
        int length = 8 + frame.IpLength;
        byte[] udp = new byte[8];
        Frame.U16(udp, 0, (ushort)(0xc000 | (hash & 0x3fff)));
        Frame.U16(udp, 2, backend.TunnelPort);
        Frame.U16(udp, 4, (ushort)length);
        return Wrap(frame, backend, hash, 17, length, [.. udp, .. frame.Bytes[Frame.L3..]]);
    }

    private static byte[] Wrap(Frame frame, BackendEntry backend, uint hash, byte carried, int length, byte[] rest)
    {
        byte tos = frame.V6
            ? (byte)(Frame.U16(frame.Bytes, Frame.L3) >> 4)
            : frame.Bytes[Frame.L3 + 1];
        IpHeader outer = backend.Address.AddressFamily == AddressFamily.InterNetwork
            ? new Ip4Header(backend.NextHop!.SourceAddress, backend.Address)
            {
                Tos = tos,
                Id = 0,
                TotalLength = (ushort)(length + 20),
            }
            : new Ip6Header(backend.NextHop!.SourceAddress, backend.Address)
            {
                TrafficClass = tos,
                FlowLabel = hash & 0xfffff,
                PayloadLength = (ushort)length,
            };
        byte[] bytes = [.. frame.Bytes.AsSpan(0, Frame.L3), .. outer.Serialize(carried, rest)];
        Frame.U16(bytes, 12, outer.EtherType);
        return bytes;
    }
}
