using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What is asked of a socket that the kernel writes to by itself.</summary>
internal static unsafe partial class LibC
{
    public const int SendBuffer = 7; // SO_SNDBUF
    public const int ReceiveLowWater = 18; // SO_RCVLOWAT
    public const int Cookie = 57; // SO_COOKIE
    public const int BufferLock = 72; // SO_BUF_LOCK
    public const int TcpInformation = 11; // TCP_INFO
    public const int TcpBytesAckedAt = 120; // tcp_info.tcpi_bytes_acked
    public const nuint OutputQueue = 0x5411; // SIOCOUTQ

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int socket, nuint request, int* value);
}
