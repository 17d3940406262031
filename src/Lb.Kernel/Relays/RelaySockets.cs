using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>Makes the sockets of relays.</summary>
internal static unsafe class RelaySockets
{
    private const int On = 1;
    private const int Off = 0;

    /// <summary>A socket that listens on a VIP, which need not be an address of the host.</summary>
    public static int Listen(Endpoint vip, int backlog, uint mark)
    {
        SocketAddress address = new(vip.Address, vip.Port);
        int socket = Failure.CheckErrno(LibC.Socket(address.Family, LibC.StreamNow, 0), "socket(SOCK_STREAM)");
        try
        {
            Set(socket, LibC.LevelSocket, LibC.ReuseAddress);
            SetNoDelay(socket); // What is accepted inherits it.
            Failure.CheckErrno(MakeTransparent(socket, address.Family), "setsockopt(IP_TRANSPARENT)");
            // Connections that are accepted have it too.
            if (!TryMark(socket, mark))
            {
                throw Failure.Last("setsockopt(SO_MARK)");
            }

            if (LibC.Bind(socket, &address, address.Size) < 0 || LibC.Listen(socket, backlog) < 0)
            {
                KernelException last = Failure.Last($"bind({vip})");
                throw last.Errno != (int)Errno.EADDRINUSE ? last : Failure.Of(
                    $"bind({vip})",
                    Errno.EADDRINUSE,
                    "Another process of this host listens there: `ss -ltnp` names it. End it, or let it listen on "
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

    /// <summary>Begins to connect to a backend.</summary>
    /// <param name="target">The backend.</param>
    /// <param name="source">Address to connect from; null leaves it to the kernel.</param>
    /// <param name="mark">Mark of its packets; 0 for none.</param>
    /// <param name="speaksAtOnce">Bytes for the backend are there: they acknowledge its SYN too.</param>
    /// <param name="errno">Why there is no socket.</param>
    /// <returns>The socket; -1 when it cannot be.</returns>
    /// <remarks>A source whose port is not 0 is used as it is where that is free, else with a port of the kernel's.</remarks>
    public static int Connect(
        SocketAddress target, SocketAddress? source, uint mark, bool speaksAtOnce, out Errno errno)
    {
        int socket = Begin(target, source, mark, speaksAtOnce, out errno);
        if (socket >= 0 || source is not { Port: not 0 } from
            || errno is not (Errno.EADDRINUSE or Errno.EADDRNOTAVAIL or Errno.EACCES))
        {
            return socket;
        }

        from.Port = 0;
        return Begin(target, from, mark, speaksAtOnce, out errno);
    }

    private static int Begin(
        SocketAddress target, SocketAddress? source, uint mark, bool speaksAtOnce, out Errno errno)
    {
        int socket = LibC.Socket(target.Family, LibC.StreamNow, 0);
        errno = socket < 0 ? Last() : default;
        if (socket < 0)
        {
            return -1;
        }

        SetNoDelay(socket);
        _ = TryMark(socket, mark);
        if (speaksAtOnce)
        {
            Set(socket, LibC.LevelTcp, LibC.QuickAck, Off);
        }

        if (source is { } from)
        {
            // Without a port of its own before it connects: it shares ports with connections to other backends.
            if (from.Port == 0)
            {
                Set(socket, LibC.LevelIPv4, LibC.BindAddressNoPort);
            }
            else
            {
                Set(socket, LibC.LevelSocket, LibC.ReuseAddress);
            }

            if (MakeTransparent(socket, target.Family) < 0 || LibC.Bind(socket, &from, from.Size) < 0)
            {
                errno = Last();
                _ = LibC.Close(socket);
                return -1;
            }
        }

        if (LibC.Connect(socket, &target, target.Size) < 0 && Last() is not Errno.EINPROGRESS)
        {
            errno = Last();
            _ = LibC.Close(socket);
            return -1;
        }

        return socket;
    }

    /// <summary>Whether there is something to read; it stays there.</summary>
    public static bool HasBytes(int socket)
    {
        byte first;
        return LibC.Receive(socket, &first, 1, LibC.Peek) > 0;
    }

    /// <summary>The error that a socket has met, and takes it from it.</summary>
    public static Errno TakeError(int socket)
    {
        int error = 0;
        uint size = sizeof(int);
        return LibC.GetOption(socket, LibC.LevelSocket, LibC.SocketError, &error, &size) < 0 ? Last() : (Errno)error;
    }

    /// <summary>Small writes are sent at once.</summary>
    public static void SetNoDelay(int socket) => Set(socket, LibC.LevelTcp, LibC.NoDelay);

    /// <summary>
    /// Has the kernel ask whether a silent peer is still there. What a listener accepts afterwards has it from the listener.
    /// </summary>
    public static void KeepAlive(int socket, RelayKeepAlive wanted)
    {
        if (wanted.Idle == TimeSpan.Zero)
        {
            return;
        }

        Set(socket, LibC.LevelTcp, LibC.KeepIdle, (int)wanted.Idle.TotalSeconds);
        Set(socket, LibC.LevelTcp, LibC.KeepInterval, (int)wanted.Interval.TotalSeconds);
        Set(socket, LibC.LevelTcp, LibC.KeepCount, wanted.Count);
        Set(socket, LibC.LevelSocket, LibC.KeepAlive, On);
    }

    /// <summary>What a listener accepts afterwards asks no more.</summary>
    public static void KeepNoLonger(int listener) => Set(listener, LibC.LevelSocket, LibC.KeepAlive, 0);

    /// <summary>Closing will send a reset in place of a FIN.</summary>
    public static void ResetOnClose(int socket)
    {
        // struct linger: on, 0 seconds.
        long linger = 1;
        _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.Linger, &linger, sizeof(long));
    }

    public static Errno Last() => (Errno)System.Runtime.InteropServices.Marshal.GetLastPInvokeError();

    /// <summary>Lets a socket have an address that is not the host's; less than 0 when the kernel refuses.</summary>
    public static int MakeTransparent(int socket, ushort family)
    {
        int on = On;
        return family == LibC.FamilyInet
            ? LibC.SetOption(socket, LibC.LevelIPv4, LibC.Transparent, &on, sizeof(int))
            : LibC.SetOption(socket, LibC.LevelIPv6, LibC.TransparentIPv6, &on, sizeof(int));
    }

    /// <summary>Marks the packets that a socket sends, unless the mark is 0.</summary>
    public static bool TryMark(int socket, uint mark) =>
        mark == 0 || LibC.SetOption(socket, LibC.LevelSocket, LibC.SocketMark, &mark, sizeof(uint)) == 0;

    private static void Set(int socket, int level, int option, int value = On) =>
        _ = LibC.SetOption(socket, level, option, &value, sizeof(int));
}
