using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Handles;

/// <summary>An open file descriptor: of a map, program, link or socket.</summary>
internal sealed class Descriptor : SafeHandle
{
    /// <summary>Takes a descriptor over.</summary>
    public Descriptor(int value)
        : base(-1, ownsHandle: true) => SetHandle(value);

    public override bool IsInvalid => handle < 0;

    /// <summary>The number, for calls that take it inside a struct; keep this object alive meanwhile.</summary>
    public int Value => (int)handle;

    /// <summary>Takes over what a libbpf call returned, or throws for its errno.</summary>
    public static Descriptor FromLibBpf(int result, string call) => new(Failure.Check(result, call));

    /// <summary>Duplicates a descriptor that someone else closes.</summary>
    public static Descriptor Duplicate(int borrowed, string call) =>
        new(Failure.CheckErrno(LibC.Fcntl(borrowed, LibC.DuplicateCloseOnExec, 0), call));

    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;
}
