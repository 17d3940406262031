namespace Lb.Kernel.Interop;

/// <summary><c>enum bpf_map_type</c>, the types in use.</summary>
internal enum MapType : uint
{
    Hash = 1,
    Array = 2,
    ProgramArray = 3,
    PerCpuArray = 6,
    LruHash = 9,
    LpmTrie = 11,
    ArrayOfMaps = 12,
    CpuMap = 16,
    SocketHash = 18,
    RingBuffer = 27,
}

/// <summary>Flags of <c>BPF_MAP_CREATE</c>.</summary>
[Flags]
internal enum MapFlags : uint
{
    None = 0,
    NoPreallocation = 1 << 0,
    Mmapable = 1 << 10,
    InnerMap = 1 << 12,
}
