using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>Objects: opening, sizing and loading.</summary>
internal static unsafe partial class LibBpf
{
    private const string Library = "libbpf.so.1";

    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial ObjectHandle ObjectOpen(void* elf, nuint size, ObjectOpenOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int ObjectLoad(ObjectHandle loaded);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint closed);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_map")]
    public static partial nint NextMap(ObjectHandle inside, nint map);

    [LibraryImport(Library, EntryPoint = "bpf_object__next_program")]
    public static partial nint NextProgram(ObjectHandle inside, nint program);

    /// <summary>The object's types; they are the object's.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__btf")]
    public static partial nint ObjectTypes(ObjectHandle inside);

    [LibraryImport(Library, EntryPoint = "btf__raw_data")]
    public static partial byte* TypesData(nint types, uint* size);

    [LibraryImport(Library, EntryPoint = "bpf_map__name")]
    public static partial nint MapName(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__type")]
    public static partial MapType MapTypeOf(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__key_size")]
    public static partial uint MapKeySize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__value_size")]
    public static partial uint MapValueSize(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__max_entries")]
    public static partial uint MapMaxEntries(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__map_flags")]
    public static partial MapFlags MapFlagsOf(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__is_internal")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool MapIsInternal(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int MapSetMaxEntries(nint map, uint count);

    /// <summary>Of a map of the compiler's sections, before it is loaded.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__set_initial_value")]
    public static partial int MapSetInitialValue(nint map, void* data, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int MapReuse(
        nint map, [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor existing);

    /// <summary>The object keeps the descriptor; duplicate it to outlive the object.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapDescriptor(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_program__name")]
    public static partial nint ProgramName(nint program);

    /// <summary>The object keeps the descriptor; duplicate it to outlive the object.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramDescriptor(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_program__set_log_buf")]
    public static partial int ProgramSetLogBuffer(nint program, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged<int, byte*, void*, int> print);
}
