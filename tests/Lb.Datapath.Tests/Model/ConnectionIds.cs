using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>
/// The backend that the destination connection ID of a QUIC packet names, by RFC 8999 and draft-ietf-quic-load-balancers.
/// </summary>
internal static class ConnectionIds
{
    private const byte Udp = 17;
    private const int UdpHeader = 8;
    private const int LeastNonce = 4;

    /// <summary>Its index; 0 when it names none that could have the packet.</summary>
    public static uint Named(World world, Frame frame, ServiceEntry service)
    {
        if (service.Quic is not { } quic || frame.Protocol != Udp)
        {
            return 0;
        }

        byte[] payload = frame.Bytes[(frame.L4 + UdpHeader)..(Frame.L3 + frame.IpLength)];
        if (IdOf(payload) is not { Length: > 0 } id
            || id.Length < 1 + quic.ServerIdLength + LeastNonce
            || id[0] >> 5 != quic.ConfigId)
        {
            return 0;
        }

        ServerIdKey key = new(service.Id, quic.ConfigId, new ServerId(id.AsSpan(1, quic.ServerIdLength)));
        bool names = world.ServerIds.TryGetValue(key, out uint named)
            && world.Backends.TryGetValue(named, out BackendEntry? backend)
            && backend.Alive
            && backend.Service == service.Id;
        world.Named += names ? 1 : 0;
        return names ? named : 0;
    }

    /// <summary>The ID of a long header, or what begins with that of a short one; null when it is not all there.</summary>
    private static byte[]? IdOf(byte[] payload)
    {
        if (payload.Length < 1)
        {
            return null;
        }

        if (payload[0] < 0x80)
        {
            return payload[1..];
        }

        // First byte, version, length of the ID, the ID.
        return payload.Length >= 6 && payload.Length >= 6 + payload[5] ? payload[6..(6 + payload[5])] : null;
    }
}
