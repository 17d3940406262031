using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What a relay's loop calls. Descriptors are plain numbers: a loop owns those of its connections.</summary>
internal static unsafe partial class LibC
{
    public const int FamilyInet6 = 10; // AF_INET6
    public const int StreamNow = 1 | NonBlocking | 0x80000; // SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int NonBlocking = 0x800; // SOCK_NONBLOCK, EFD_NONBLOCK
    public const int AcceptedNow = NonBlocking | 0x80000; // SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int NoSignal = 0x4000; // MSG_NOSIGNAL
    public const int MoreFollows = 0x8000; // MSG_MORE
    public const int Peek = 2; // MSG_PEEK
    public const int ShutdownWrite = 1; // SHUT_WR
    public const int ShutdownBoth = 2; // SHUT_RDWR
    public const int ReuseAddress = 2; // SO_REUSEADDR
    public const int SocketError = 4; // SO_ERROR
    public const int Linger = 13; // SO_LINGER
    public const int LevelIPv4 = 0; // SOL_IP
    public const int LevelIPv6 = 41; // SOL_IPV6
    public const int LevelTcp = 6; // SOL_TCP
    public const int NoDelay = 1; // TCP_NODELAY
    public const int QuickAck = 12; // TCP_QUICKACK
    public const int KeepAlive = 9; // SO_KEEPALIVE
    public const int KeepIdle = 4; // TCP_KEEPIDLE
    public const int KeepInterval = 5; // TCP_KEEPINTVL
    public const int KeepCount = 6; // TCP_KEEPCNT
    public const int Transparent = 19; // IP_TRANSPARENT
    public const int TransparentIPv6 = 75; // IPV6_TRANSPARENT
    public const int BindAddressNoPort = 24; // IP_BIND_ADDRESS_NO_PORT
    public const int EpollCloseOnExec = 0x80000; // EPOLL_CLOEXEC
    public const int EpollAdd = 1; // EPOLL_CTL_ADD
    public const int EpollDelete = 2; // EPOLL_CTL_DEL
    public const int EpollModify = 3; // EPOLL_CTL_MOD

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* wanted);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport(Library, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int socket, SocketAddress* peer, uint* size, int flags);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, SocketAddress* peer, uint size);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, SocketAddress* address, uint size);

    [LibraryImport(Library, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int socket, int backlog);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* data, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* data, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int option, void* value, uint size);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int socket, int level, int option, int* value, uint* size);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, void* data, nuint size);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int file, void* data, nuint size);
}
