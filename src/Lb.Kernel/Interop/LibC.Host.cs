using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>What a host is asked about: limits, clock, files, devices.</summary>
internal static unsafe partial class LibC
{
    public const int FamilyInet = 2; // AF_INET
    public const int DatagramCloseOnExec = 2 | 0x80000; // SOCK_DGRAM | SOCK_CLOEXEC
    public const nuint EthtoolRequest = 0x8946; // SIOCETHTOOL
    public const int LimitOpenFiles = 7; // RLIMIT_NOFILE
    public const int LimitLockedMemory = 8; // RLIMIT_MEMLOCK
    public const int ClockNotSynchronised = 0x40; // STA_UNSYNC
    public const int CurrentDirectory = -100; // AT_FDCWD
    public const uint StatInode = 0x100; // STATX_INO
    public const int EffectiveIds = 0x200; // AT_EACCESS
    public const int MayWriteAndEnter = 2 | 1; // W_OK | X_OK

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor socket, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int Limit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, EntryPoint = "adjtimex", SetLastError = true)]
    public static partial int ClockState(ClockInfo* state);

    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int directory, string path, int flags, uint mask, StatInfo* info);

    [LibraryImport(Library, EntryPoint = "faccessat", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Access(int directory, string path, int mode, int flags);

    /// <summary><c>struct rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <summary><c>struct timex</c>: only what is read of it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 208)]
    public struct ClockInfo
    {
        /// <summary>What is to be changed: nothing.</summary>
        [FieldOffset(0)]
        public uint Modes;

        [FieldOffset(40)]
        public int Status;
    }

    /// <summary><c>struct statx</c>: only what is read of it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatInfo
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
