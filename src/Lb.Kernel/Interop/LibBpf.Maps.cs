using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lb.Kernel.Handles;

namespace Lb.Kernel.Interop;

/// <summary>Maps: creation and elements. Elements are passed by address; their types are the caller's.</summary>
internal static unsafe partial class LibBpf
{
    [LibraryImport(Library, EntryPoint = "bpf_map_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MapCreate(
        MapType type, string name, uint keySize, uint valueSize, uint maxEntries, MapCreateOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_elem")]
    public static partial int Lookup(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map, void* key, void* value);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int Update(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map, void* key, void* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int Delete([MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map, void* key);

    [LibraryImport(Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int NextKey(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map, void* key, void* next);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_batch")]
    public static partial int LookupBatch(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map,
        void* from,
        void* next,
        void* keys,
        void* values,
        uint* count,
        MapBatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_batch")]
    public static partial int UpdateBatch(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map,
        void* keys,
        void* values,
        uint* count,
        MapBatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_batch")]
    public static partial int DeleteBatch(
        [MarshalUsing(typeof(DescriptorMarshaller))] Descriptor map,
        void* keys,
        uint* count,
        MapBatchOptions* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_get_fd_by_id")]
    public static partial int MapById(uint id);

    /// <summary>The types that the kernel keeps; it takes CAP_SYS_ADMIN.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_btf_get_fd_by_id")]
    public static partial int TypesById(uint id);

    [LibraryImport(Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleCpus();
}
