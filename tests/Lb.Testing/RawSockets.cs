using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Lb.Testing;

/// <summary>Raw sockets of protocols that .NET has no name for.</summary>
public static partial class RawSockets
{
    private const int Inet = 2; // AF_INET
    private const int Inet6 = 10; // AF_INET6
    private const int Raw = 3; // SOCK_RAW
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC

    /// <summary>A socket that gets all packets of an IP protocol; in the network namespace of the calling thread.</summary>
    public static Socket Open(AddressFamily family, int protocol)
    {
        int descriptor = OpenSocket(family == AddressFamily.InterNetwork ? Inet : Inet6, Raw | CloseOnExec, protocol);
        return descriptor < 0
            ? throw new InvalidOperationException(
                $"socket({family}, SOCK_RAW, {protocol}): {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}")
            : new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenSocket(int family, int type, int protocol);
}
