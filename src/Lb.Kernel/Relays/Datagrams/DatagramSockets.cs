using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>Makes the sockets of relays of datagrams.</summary>
internal static unsafe class DatagramSockets
{
    /// <summary>
    /// What all clients of a loop may have under way. The kernel counts whole pages for small datagrams as well.
    /// </summary>
    private const int ListenerBuffer = 4 << 20;

    /// <summary>Sockets at a VIP, which need not be an address of the host; the kernel spreads clients over them.</summary>
    public static DatagramListeners Listen(Endpoint vip, int count, uint mark)
    {
        List<int> sockets = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                sockets.Add(Listen(vip, mark));
            }

            return new DatagramListeners([.. sockets.Select(socket => new TakenDatagrams(socket))]);
        }
        catch
        {
            sockets.ForEach(socket => _ = LibC.Close(socket));
            throw;
        }
    }

    /// <summary>A socket for one flow.</summary>
    /// <param name="target">The backend.</param>
    /// <param name="source">
    /// Where to send from; null leaves it to the kernel. When its port is not to be had there, another is taken.
    /// </param>
    /// <param name="mark">Mark of its packets; 0 for none.</param>
    /// <param name="errno">Why there is no socket.</param>
    /// <returns>The socket; -1 when it cannot be.</returns>
    public static int Connect(SocketAddress target, SocketAddress? source, uint mark, out Errno errno)
    {
        int socket = LibC.Socket(target.Family, LibC.DatagramNow, 0);
        errno = default;
        if (socket >= 0
            && RelaySockets.TryMark(socket, mark)
            && (source is not { } from || BindTo(socket, from))
            && LibC.Connect(socket, &target, target.Size) == 0)
        {
            return socket;
        }

        errno = RelaySockets.Last();
        if (socket >= 0)
        {
            _ = LibC.Close(socket);
        }

        return -1;
    }

    private static int Listen(Endpoint vip, uint mark)
    {
        SocketAddress address = new(vip.Address, vip.Port);
        int socket = Failure.CheckErrno(LibC.Socket(address.Family, LibC.DatagramNow, 0), "socket(SOCK_DGRAM)");
        try
        {
            // Only sockets of the same user that ask for it too share the port: another program is refused, or refuses.
            int on = 1;
            Failure.CheckErrno(
                LibC.SetOption(socket, LibC.LevelSocket, LibC.ReusePort, &on, sizeof(int)), "setsockopt(SO_REUSEPORT)");
            Failure.CheckErrno(RelaySockets.MakeTransparent(socket, address.Family), "setsockopt(IP_TRANSPARENT)");
            if (!RelaySockets.TryMark(socket, mark))
            {
                throw Failure.Last("setsockopt(SO_MARK)");
            }

            int buffer = ListenerBuffer;
            _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.ReceiveBufferForce, &buffer, sizeof(int));
            _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.SendBufferForce, &buffer, sizeof(int));
            if (LibC.Bind(socket, &address, address.Size) < 0)
            {
                KernelException last = Failure.Last($"bind({vip})");
                throw last.Errno != (int)Errno.EADDRINUSE ? last : Failure.Of(
                    $"bind({vip})",
                    Errno.EADDRINUSE,
                    "Another process of this host listens there: `ss -lunp` names it. End it, or let it listen on "
                    + "other addresses only.");
            }

            return socket;
        }
        catch
        {
            _ = LibC.Close(socket);
            throw;
        }
    }

    private static bool BindTo(int socket, SocketAddress from)
    {
        if (RelaySockets.MakeTransparent(socket, from.Family) < 0)
        {
            return false;
        }

        if (LibC.Bind(socket, &from, from.Size) == 0)
        {
            return true;
        }

        // Another flow of the same client has it, or it is below 1024 and only the privileged may take it.
        from.Port = 0;
        return LibC.Bind(socket, &from, from.Size) == 0;
    }
}
