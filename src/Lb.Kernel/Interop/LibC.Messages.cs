using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>Messages with descriptors between processes: unix(7), cmsg(3).</summary>
internal static unsafe partial class LibC
{
    public const int PassedDescriptors = 1; // SCM_RIGHTS
    public const int PeerCredentials = 17; // SO_PEERCRED
    public const int CloseOnExecDescriptors = 0x4000_0000; // MSG_CMSG_CLOEXEC
    public const int AncillaryLost = 0x8; // MSG_CTRUNC

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public void* Start;
        public nuint Size;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameSize;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlSize;
        public int Flags;
    }

    /// <summary><c>struct cmsghdr</c>; the data follows, at a multiple of 8.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Size;
        public int Level;
        public int Type;
    }

    /// <summary><c>struct ucred</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Credentials
    {
        public int Process;
        public uint User;
        public uint Group;
    }
}
