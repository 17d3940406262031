using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>Sockets and waiting.</summary>
internal static unsafe partial class LibC
{
    public const int FamilyNetlink = 16; // AF_NETLINK
    public const int RawCloseOnExec = 3 | 0x80000; // SOCK_RAW | SOCK_CLOEXEC
    public const int ProtocolRoute = 0; // NETLINK_ROUTE
    public const int ProtocolNetfilter = 12; // NETLINK_NETFILTER
    public const int ProtocolGeneric = 16; // NETLINK_GENERIC
    public const int LevelSocket = 1; // SOL_SOCKET
    public const int ReceiveBuffer = 8; // SO_RCVBUF
    public const int LevelNetlink = 270; // SOL_NETLINK
    public const int AddMembership = 1; // NETLINK_ADD_MEMBERSHIP
    public const int DoNotWait = 0x40; // MSG_DONTWAIT
    public const int EventCloseOnExec = 0x80000; // EFD_CLOEXEC
    public const short PollIn = 1;

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor socket, NetlinkAddress* address, uint size);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor socket, int level, int option, int* value, uint size);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor socket, byte* data, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor socket, byte* data, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int Event(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor file, void* data, nuint size);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor file, void* data, nuint size);

    /// <summary><c>struct sockaddr_nl</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct NetlinkAddress
    {
        public ushort Family;
        private readonly ushort _padding;
        public uint Port;
        public uint Groups;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Ready;
    }
}
