using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>Sends frames that announce an address. It receives none.</summary>
internal sealed unsafe class AnnouncementSocket : IDisposable
{
    private readonly Descriptor _socket = new(Failure.CheckErrno(
        LibC.Socket(LibC.FamilyPacket, LibC.RawCloseOnExec, 0), "socket(AF_PACKET)"));

    /// <summary>Announces an address on an interface; one without a link-layer address has nobody to tell.</summary>
    public void Send(int interfaceIndex, PhysicalAddress from, IPAddress vip, bool isRouter)
    {
        if (from.GetAddressBytes().Length != Mac.Size)
        {
            return;
        }

        Span<byte> frame = stackalloc byte[Announcement.LongestFrame];
        if (Announcement.ByArp(vip))
        {
            SendFrame(interfaceIndex, frame[..Announcement.WriteArp(frame, from, vip, Announcement.ArpOperation.Request)]);
            SendFrame(interfaceIndex, frame[..Announcement.WriteArp(frame, from, vip, Announcement.ArpOperation.Reply)]);
        }
        else
        {
            SendFrame(interfaceIndex, frame[..Announcement.WriteAdvertisement(frame, from, vip, isRouter)]);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void SendFrame(int interfaceIndex, ReadOnlySpan<byte> frame)
    {
        var to = new LibC.PacketAddress { Family = LibC.FamilyPacket, InterfaceIndex = interfaceIndex };
        fixed (byte* start = frame)
        {
            nint sent = LibC.SendTo(
                _socket.Value, start, (nuint)frame.Length, LibC.DoNotWait, (Interop.SocketAddress*)&to,
                (uint)sizeof(LibC.PacketAddress));
            Errno errno = sent < 0 ? (Errno)Marshal.GetLastPInvokeError() : default;

            // As good as lost on the wire: it is said again.
            if (errno is not (default(Errno) or Errno.ENETDOWN or Errno.ENOBUFS or Errno.EAGAIN))
            {
                throw Failure.Of("sendto(AF_PACKET)", errno);
            }
        }
    }
}
