using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What a relay of datagrams calls beside the others.</summary>
internal static unsafe partial class LibC
{
    public const int DatagramNow = 2 | NonBlocking | 0x80000; // SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC
    public const int ReusePort = 15; // SO_REUSEPORT
    public const int SocketMark = 36; // SO_MARK
    public const int ReceiveBufferForce = 33; // SO_RCVBUFFORCE
    public const int SendBufferForce = 32; // SO_SNDBUFFORCE
    public const int MemoryInformation = 55; // SO_MEMINFO
    public const int SocketCookie = 57; // SO_COOKIE

    [LibraryImport(Library, EntryPoint = "recvfrom", SetLastError = true)]
    public static partial nint ReceiveFrom(
        int socket, byte* data, nuint size, int flags, SocketAddress* peer, uint* peerSize);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    public static partial nint SendTo(
        int socket, byte* data, nuint size, int flags, SocketAddress* peer, uint peerSize);
}
