using System.Runtime.InteropServices;

namespace Lb.Kernel.Layout;

/// <summary>How flow hashes are divided into shares.</summary>
[BtfType("lb_spread", Prefix = "LB_SPREAD_")]
internal enum SpreadConstant
{
    Shift = 22,
    Shares = 1024,
}

/// <summary>Packets of a CPU's flows, as one CPU counts them.</summary>
[BtfType("lb_cpu_counts")]
[StructLayout(LayoutKind.Sequential)]
internal struct CpuCountsValue
{
    public ulong Own;
    public ulong Given;
    public ulong Taken;
}

/// <summary><c>struct bpf_cpumap_val</c>: the queue of a CPU.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CpuQueueValue
{
    /// <summary>Frames that it holds.</summary>
    public uint Room;

    /// <summary>What runs on frames that are taken out of it: a descriptor when written, the program's id when read.</summary>
    public uint Program;
}
