using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

// Options carry their own size first: libbpf takes a shorter struct as one whose later fields are zero.

/// <summary><c>struct bpf_object_open_opts</c> up to the object's name.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ObjectOpenOptions
{
    public nuint Size;
    public byte* Name;
}

/// <summary><c>struct bpf_map_create_opts</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapCreateOptions
{
    public nuint Size;
    public uint BtfDescriptor;
    public uint BtfKeyType;
    public uint BtfValueType;
    public uint BtfKernelValueType;
    public uint InnerMap;
    public MapFlags Flags;
    public ulong Extra;
    public uint NumaNode;
    public uint InterfaceIndex;
}

/// <summary><c>struct bpf_map_batch_opts</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapBatchOptions
{
    public nuint Size;
    public ulong ElementFlags;
    public ulong Flags;
}

/// <summary><c>struct bpf_link_create_opts</c> up to what depends on the attach type.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkCreateOptions
{
    public nuint Size;
    public XdpFlags Flags;
    private readonly uint _padding;
    public nint IteratorInfo;
    public uint IteratorInfoSize;
    public uint TargetBtf;
}

/// <summary><c>struct bpf_test_run_opts</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TestRunOptions
{
    public nuint Size;
    public byte* DataIn;
    public byte* DataOut;
    public uint DataSizeIn;
    public uint DataSizeOut;
    public void* ContextIn;
    public void* ContextOut;
    public uint ContextSizeIn;
    public uint ContextSizeOut;
    public uint Result;
    public int Repeat;
    public uint Duration;
    public uint Flags;
    public uint Cpu;
    public uint BatchSize;
}

/// <summary><c>struct __sk_buff</c>: the context of a test run at traffic control.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct SkbContext
{
    [FieldOffset(8)]
    public uint Mark;

    [FieldOffset(40)]
    public uint Interface;

    [FieldOffset(176)]
    public uint SegmentSize;
}

/// <summary><c>struct xdp_md</c>: the context of a test run.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct XdpContext
{
    public uint Data;
    public uint DataEnd;
    public uint DataMeta;
    public uint IngressInterface;
    public uint ReceiveQueue;
    public uint EgressInterface;
}

/// <summary>Start of <c>struct bpf_map_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapInfo
{
    public MapType Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public MapFlags Flags;
}

/// <summary>Start of <c>struct bpf_map_info</c>, up to the number of its types.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct MapTypes
{
    [FieldOffset(64)]
    public uint TypesId;
}

/// <summary><c>struct bpf_btf_info</c> up to the size.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct TypesInfo
{
    [FieldOffset(0)]
    public byte* Data;

    /// <summary>Room at <see cref="Data"/>; the kernel says how much there is.</summary>
    [FieldOffset(8)]
    public uint Size;
}

/// <summary>Start of <c>struct bpf_prog_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramInfo
{
    public uint Type;
    public uint Id;
}

/// <summary>Start of <c>struct bpf_prog_info</c>, up to the program's name.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal unsafe struct ProgramDetails
{
    public const int NameSize = 16;

    [FieldOffset(4)]
    public uint Id;

    /// <summary>Bytes of machine code; 0 when it is interpreted.</summary>
    [FieldOffset(16)]
    public uint CompiledSize;

    [FieldOffset(64)]
    public fixed byte Name[NameSize];
}

/// <summary>Start of <c>struct bpf_prog_info</c>, up to what the verifier says of its work.</summary>
[StructLayout(LayoutKind.Explicit, Size = 224)]
internal struct ProgramLoad
{
    [FieldOffset(216)]
    public uint VerifiedInstructions;
}

/// <summary>Start of <c>struct bpf_prog_info</c>, up to the program's maps.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct ProgramMaps
{
    [FieldOffset(4)]
    public uint Id;

    /// <summary>Room for so many; the kernel says how many there are.</summary>
    [FieldOffset(52)]
    public uint Count;

    [FieldOffset(56)]
    public uint* Ids;
}

/// <summary><c>struct bpf_prog_query_opts</c> up to the number of programs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ProgramQueryOptions
{
    public nuint Size;
    public uint QueryFlags;
    public uint AttachFlags;
    public uint* ProgramIds;
    public uint ProgramCount;
    private readonly uint _padding;
}

/// <summary>Start of <c>struct bpf_link_info</c>, of an XDP link.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkInfo
{
    public uint Type;
    public uint Id;
    public uint ProgramId;
    private readonly uint _padding;

    /// <summary>0 when the interface is gone.</summary>
    public uint InterfaceIndex;

    /// <summary>Of a link to a network namespace: its inode; 0 when the link was detached.</summary>
    public readonly uint Namespace => InterfaceIndex;
}

/// <summary><c>XDP_FLAGS_*</c> of an attachment.</summary>
[Flags]
internal enum XdpFlags : uint
{
    None = 0,
    Generic = 1 << 1,
    Native = 1 << 2,
}
