using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What epoll waits for and tells (<c>EPOLL*</c>).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x1,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,

    /// <summary>Of those that wait for one descriptor not all are woken.</summary>
    Exclusive = 1u << 28,
}

/// <summary><c>struct epoll_event</c> as x86-64 has it: packed.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public EpollEvents Events;
    public ulong Data;
}
