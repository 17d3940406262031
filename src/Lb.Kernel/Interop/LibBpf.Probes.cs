using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What library and kernel can do, and what is attached to interfaces.</summary>
internal static unsafe partial class LibBpf
{
    public const int AttachTcxIngress = 46; // BPF_TCX_INGRESS
    public const int AttachTcxEgress = 47; // BPF_TCX_EGRESS

    [LibraryImport(Library, EntryPoint = "libbpf_major_version")]
    public static partial uint MajorVersion();

    [LibraryImport(Library, EntryPoint = "libbpf_minor_version")]
    public static partial uint MinorVersion();

    /// <summary>Makes a small map of the type: 1 when the kernel has it, 0 when not, below 0 when it cannot be told.</summary>
    [LibraryImport(Library, EntryPoint = "libbpf_probe_bpf_map_type")]
    public static partial int ProbeMapType(MapType type, void* options);

    [LibraryImport(Library, EntryPoint = "bpf_prog_query_opts")]
    public static partial int ProgramQuery(int target, int attachType, ProgramQueryOptions* options);
}
