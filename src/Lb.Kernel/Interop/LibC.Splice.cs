using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>Pipes, through which bytes go from socket to socket inside the kernel.</summary>
internal static unsafe partial class LibC
{
    public const int PipeFlags = NonBlocking | 0x80000; // O_NONBLOCK | O_CLOEXEC
    public const int SetPipeSize = 1031; // F_SETPIPE_SZ
    public const uint SpliceNow = 1 | 2; // SPLICE_F_MOVE | SPLICE_F_NONBLOCK

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(int from, long* fromAt, int to, long* toAt, nuint size, uint flags);
}
