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
        byte tos = frame.V6
            ? (byte)(Frame.U16(frame.Bytes, Frame.L3) >> 4)
            : frame.Bytes[Frame.L3 + 1];
        byte[] rest = frame.Bytes[Frame.L3..];
        byte carried = (byte)(frame.V6 ? 41 : 4);
        IpHeader outer = backend.Address.AddressFamily == AddressFamily.InterNetwork
            ? new Ip4Header(backend.NextHop!.SourceAddress, backend.Address)
            {
                Tos = tos,
                Id = 0,
                TotalLength = (ushort)(frame.IpLength + 20),
            }
            : new Ip6Header(backend.NextHop!.SourceAddress, backend.Address)
            {
                TrafficClass = tos,
                FlowLabel = hash & 0xfffff,
                PayloadLength = (ushort)frame.IpLength,
            };
        byte[] bytes = [.. frame.Bytes.AsSpan(0, Frame.L3), .. outer.Serialize(carried, rest)];
        Frame.U16(bytes, 12, outer.EtherType);
        return bytes;
    }
}
