using System.Net;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>Rewrites of nat, both ways.</summary>
internal static class Translation
{
    private const byte Udp = 17;

    public static byte[] ToBackend(Frame frame, BackendEntry backend)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: false, backend.Address);
        Frame.U16(bytes, frame.L4 + 2, backend.Port == 0 ? frame.DestinationPort : backend.Port);
        return MendTransport(frame, bytes);
    }

    public static byte[] ToClient(Frame frame, NatEntry nat)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: true, nat.Vip);
        Frame.U16(bytes, frame.L4, nat.Port == 0 ? frame.SourcePort : nat.Port);
        return MendTransport(frame, bytes);
    }

    /// <summary>A fragment without ports: one address is another, one hop on.</summary>
    public static byte[] Readdress(Frame frame, bool source, IPAddress address)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source, address);
        MendIp(frame, bytes);
        return bytes;
    }

    /// <summary>The same with both addresses.</summary>
    public static byte[] Readdress(Frame frame, IPAddress source, IPAddress destination)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: true, source);
        PutAddress(bytes, frame, source: false, destination);
        MendIp(frame, bytes);
        return bytes;
    }

    /// <summary>Gives what a fragment has become another identification.</summary>
    public static byte[] Renumber(Frame frame, byte[] bytes, uint id)
    {
        if (frame.V6)
        {
            Frame.U16(bytes, Frame.L3 + 44, (int)(id >> 16));
            Frame.U16(bytes, Frame.L3 + 46, (int)(id & 0xffff));
            return bytes;
        }

        Frame.U16(bytes, Frame.L3 + 4, (int)id);
        // Mended from what came, as if it had not been yet.
        frame.Bytes.AsSpan(Frame.L3 + 10, 2).CopyTo(bytes.AsSpan(Frame.L3 + 10));
        MendIp(frame, bytes);
        return bytes;
    }

    /// <summary>An error about a packet from the VIP: becomes one about a packet from the backend.</summary>
    public static byte[] ErrorToBackend(Frame frame, BackendEntry backend)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: false, backend.Address);
        Quote quote = new(frame);
        quote.Put(bytes, source: true, backend.Address, backend.Port == 0 ? quote.SourcePort : backend.Port);
        return MendIcmp(frame, bytes);
    }

    /// <summary>A backend's error about a client's packet: becomes the VIP's about what the client sent.</summary>
    public static byte[] ErrorToClient(Frame frame, NatEntry nat)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: true, nat.Vip);
        Quote quote = new(frame);
        quote.Put(bytes, source: false, nat.Vip, nat.Port == 0 ? quote.DestinationPort : nat.Port);
        return MendIcmp(frame, bytes);
    }

    /// <summary>Both ends of a packet become others.</summary>
    public static byte[] ToEnds(Frame frame, Flow ends)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: true, ends.Source);
        PutAddress(bytes, frame, source: false, ends.Vip);
        Frame.U16(bytes, frame.L4, ends.SourcePort);
        Frame.U16(bytes, frame.L4 + 2, ends.VipPort);
        return MendTransport(frame, bytes);
    }

    /// <summary>An error goes as packets do that become these, about one that came the other way.</summary>
    public static byte[] ErrorToEnds(Frame frame, Flow ends)
    {
        byte[] bytes = Copy(frame);
        PutAddress(bytes, frame, source: true, ends.Source);
        PutAddress(bytes, frame, source: false, ends.Vip);
        new Quote(frame).PutBoth(bytes, ends.Vip, ends.VipPort, ends.Source, ends.SourcePort);
        return MendIcmp(frame, bytes);
    }

    private static byte[] Copy(Frame frame)
    {
        byte[] bytes = [.. frame.Bytes];
        bytes[Frame.L3 + (frame.V6 ? 7 : 8)]--;
        return bytes;
    }

    private static void PutAddress(byte[] bytes, Frame frame, bool source, IPAddress address)
    {
        int offset = Frame.L3 + (frame.V6 ? 8 : 12) + (source ? 0 : frame.V6 ? 16 : 4);
        address.TryWriteBytes(bytes.AsSpan(offset), out _);
    }

    private static byte[] MendTransport(Frame frame, byte[] bytes)
    {
        MendIp(frame, bytes);
        bool udp = frame.Protocol == Udp;
        int offset = udp ? 6 : 16;
        // A sender that wants no checksum gets none, also over IPv6 (RFC 6935).
        if (udp && Frame.U16(frame.Bytes, frame.L4 + offset) == 0)
        {
            return bytes;
        }

        ushort checksum = MendLayer4(frame, bytes, offset, pseudo: true);
        Frame.U16(bytes, frame.L4 + offset, udp && checksum == 0 ? 0xffff : checksum);
        return bytes;
    }

    private static byte[] MendIcmp(Frame frame, byte[] bytes)
    {
        MendIp(frame, bytes);
        Frame.U16(bytes, frame.L4 + 2, MendLayer4(frame, bytes, 2, pseudo: frame.V6));
        return bytes;
    }

    private static void MendIp(Frame frame, byte[] bytes)
    {
        if (!frame.V6)
        {
            ReadOnlySpan<byte> before = frame.Bytes.AsSpan(Frame.L3, 20);
            Frame.U16(bytes, Frame.L3 + 10, Rewrite.Mend(before, bytes.AsSpan(Frame.L3, 20), 10));
        }
    }

    private static ushort MendLayer4(Frame frame, byte[] bytes, int offset, bool pseudo)
    {
        Frame after = Frame.Read(bytes)!;
        ulong rest = (ulong)frame.L4Length + frame.Protocol;
        return Rewrite.Mend(
            frame.Bytes.AsSpan(frame.L4, frame.L4Length),
            bytes.AsSpan(frame.L4, frame.L4Length),
            offset,
            pseudo ? Rewrite.Addresses(frame.Source, frame.Destination) + rest : 0,
            pseudo ? Rewrite.Addresses(after.Source, after.Destination) + rest : 0);
    }
}
