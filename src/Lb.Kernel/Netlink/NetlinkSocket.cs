using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Netlink;

/// <summary>A socket to netlink, in the network namespace of the thread that makes it. For one thread at a time.</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private uint _sequence;

    public NetlinkSocket(int protocol = LibC.ProtocolRoute)
    {
        Descriptor = new Descriptor(Failure.CheckErrno(
            LibC.Socket(LibC.FamilyNetlink, LibC.RawCloseOnExec, protocol), "socket(AF_NETLINK)"));
        try
        {
            // The kernel chooses a port; a socket without one gets no notifications.
            var address = new LibC.NetlinkAddress { Family = LibC.FamilyNetlink };
            Failure.CheckErrno(
                LibC.Bind(Descriptor, &address, (uint)sizeof(LibC.NetlinkAddress)), "bind(AF_NETLINK)");
        }
        catch
        {
            Descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Looks at one message of an answer.</summary>
    public delegate void MessageHandler(NetlinkMessage message);

    /// <summary>The open socket.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>Sends a request and hands on what is answered.</summary>
    /// <returns>The errno that the kernel ends the answer with; 0 for success.</returns>
    public Errno Request(NetlinkRequest request, MessageHandler handler)
    {
        request.SetSequence(++_sequence);
        ReadOnlySpan<byte> message = request.Finish();
        fixed (byte* start = message)
        {
            if (LibC.Send(Descriptor, start, (nuint)message.Length, 0) < 0)
            {
                throw Failure.Last("send(AF_NETLINK)");
            }
        }

        while (true)
        {
            var messages = new NetlinkMessages(ReceiveOrThrow());
            while (messages.MoveNext())
            {
                NetlinkMessage answer = messages.Current;
                if (answer.Sequence != _sequence)
                {
                    continue; // of a request whose answer was given up
                }

                switch (answer.Type)
                {
                    case MessageType.Done:
                        return default;
                    case MessageType.Error:
                        return (Errno)(-MemoryMarshal.Read<int>(answer.Payload));
                    default:
                        handler(answer);
                        break;
                }
            }
        }
    }

    /// <summary>Asks to be sent notifications.</summary>
    public void Join(Group group)
    {
        int value = (int)group;
        Failure.CheckErrno(
            LibC.SetOption(Descriptor, LibC.LevelNetlink, LibC.AddMembership, &value, sizeof(int)),
            $"setsockopt(NETLINK_ADD_MEMBERSHIP, {group})");
    }

    /// <summary>Receives a datagram if there is one.</summary>
    /// <returns>Its bytes, valid until the next call; empty with the errno why there is none.</returns>
    public ReadOnlySpan<byte> TryReceive(out Errno errno) => Receive(LibC.DoNotWait, out errno);

    public void Dispose() => Descriptor.Dispose();

    private ReadOnlySpan<byte> ReceiveOrThrow()
    {
        while (true)
        {
            ReadOnlySpan<byte> received = Receive(0, out Errno errno);
            if (errno == default)
            {
                return received;
            }

            if (errno != Errno.EINTR)
            {
                throw Failure.Of("recv(AF_NETLINK)", errno);
            }
        }
    }

    private ReadOnlySpan<byte> Receive(int flags, out Errno errno)
    {
        fixed (byte* start = _buffer)
        {
            nint length = LibC.Receive(Descriptor, start, BufferSize, flags);
            errno = length < 0 ? (Errno)Marshal.GetLastPInvokeError() : default;
            return _buffer.AsSpan(0, (int)Math.Max(length, 0));
        }
    }
}
