using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>Files, memory and interfaces.</summary>
internal static unsafe partial class LibC
{
    public const int ProtectRead = 0x1;
    public const int ProtectReadWrite = 0x1 | 0x2;
    public const int MapShared = 0x01;
    public const int MapPopulate = 0x8000;
    public const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    public const int LockExclusiveNow = 2 | 4; // LOCK_EX | LOCK_NB
    public const int OpenForLock = 0x2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC
    public const int OpenToRead = 0x80000; // O_RDONLY | O_CLOEXEC
    public const uint OwnerWritesAllRead = 0x1A4; // 0644
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    public const uint Exchange = 1 << 1; // RENAME_EXCHANGE

    [LibraryImport(Library, EntryPoint = "renameat2", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(int oldDirectory, string oldPath, int newDirectory, string newPath, uint flags);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int descriptor, int command, int argument);

    [LibraryImport(Library, EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(SafeHandle file, int operation);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(
        nint address,
        nuint length,
        int protection,
        int flags,
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor file,
        long offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "if_nametoindex", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);

    [LibraryImport(Library, EntryPoint = "if_indextoname", SetLastError = true)]
    public static partial nint InterfaceName(uint index, byte* name);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileSystemOf(string path, FileSystemInfo* info);

    [LibraryImport(Library, EntryPoint = "chmod", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string data);

    [LibraryImport(Library, EntryPoint = "vsnprintf")]
    public static partial int Format(byte* text, nuint size, byte* format, void* arguments);

    /// <summary><c>struct statfs</c> up to the free inodes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    public struct FileSystemInfo
    {
        public nint Type;
        public nint BlockSize;
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Inodes;
        public ulong FreeInodes;
    }
}
