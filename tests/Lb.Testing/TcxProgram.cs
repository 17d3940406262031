using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lb.Testing;

/// <summary>
/// A BPF program that does nothing, attached to an interface for what comes in by a tcx link (since Linux 6.6), which
/// <c>tc</c> knows nothing of. Detached when disposed.
/// </summary>
public sealed partial class TcxProgram : IDisposable
{
    private const int Classifier = 3; // BPF_PROG_TYPE_SCHED_CLS
    private const int Ingress = 46; // BPF_TCX_INGRESS

    private readonly SafeFileHandle _link;

    private TcxProgram(SafeFileHandle link) => _link = link;

    /// <summary>Attaches it; null where the kernel has no such links.</summary>
    public static TcxProgram? TryAttach(TestNamespace host, string device, string name) => host.Invoke(() =>
    {
        // r0 = TCX_NEXT; exit
        ulong[] instructions = [0xFFFF_FFFF_0000_00B7, 0x95];
        using SafeFileHandle program = new(
            Valid(Load(Classifier, name, "GPL", instructions, (nuint)instructions.Length, 0)), ownsHandle: true);
        if (program.IsInvalid)
        {
            throw new InvalidOperationException($"bpf_prog_load({name}) failed.");
        }

        SafeFileHandle link = new(
            Valid(Link(program, host.Link(device).Index, Ingress, 0)), ownsHandle: true);
        return link.IsInvalid ? null : new TcxProgram(link);
    });

    /// <inheritdoc/>
    public void Dispose() => _link.Dispose();

    /// <summary>libbpf answers with a negated errno; a handle is invalid as -1 alone.</summary>
    private static int Valid(int result) => Math.Max(result, -1);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Load(
        int type, string name, string license, [In] ulong[] instructions, nuint count, nint options);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_link_create")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(SafeFileHandle program, int target, int attachType, nint options);
}
