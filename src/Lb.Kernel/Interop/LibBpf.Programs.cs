using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>Programs, links and pins.</summary>
internal static unsafe partial class LibBpf
{
    public const int AttachLookup = 36; // BPF_SK_LOOKUP
    public const int AttachXdp = 37;
    public const int AttachStreamVerdict = 5; // BPF_SK_SKB_STREAM_VERDICT

    [LibraryImport(Library, EntryPoint = "bpf_link_create")]
    public static partial int LinkCreate(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor program,
        int target,
        int attachType,
        LinkCreateOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_link_update")]
    public static partial int LinkUpdate(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor link,
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor program,
        void* options);

    [LibraryImport(Library, EntryPoint = "bpf_link_detach")]
    public static partial int LinkDetach([MarshalUsing(typeof(DescriptorMarshaller))] Descriptor link);

    /// <summary>Attaches a program to a map of sockets, for the sockets that come into it afterwards.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_prog_attach")]
    public static partial int ProgramAttach(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor program,
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor target,
        int attachType,
        uint flags);

    [LibraryImport(Library, EntryPoint = "bpf_prog_get_fd_by_id")]
    public static partial int ProgramById(uint id);

    [LibraryImport(Library, EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int TestRun(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor program, TestRunOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int Info(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor about, void* info, uint* size);

    [LibraryImport(Library, EntryPoint = "bpf_obj_pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Pin([MarshalUsing(typeof(DescriptorMarshaller))] Descriptor pinned, string path);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetPinned(string path);
}
