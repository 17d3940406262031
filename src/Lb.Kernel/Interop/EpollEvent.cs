using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>What epoll waits for and tells (<c>EPOLL*</c>).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x1,
    Urgent = 0x2,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,

    /// <summary>The peer sends nothing more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>Of those that wait for one descriptor not all are woken.</summary>
    Exclusive = 1u << 28,

    /// <summary>Changes are told, each once; not what is still so.</summary>
    Edge = 1u << 31,
}

/// <summary>
/// <c>struct epoll_event</c>: events, then eight bytes of ours. On x86-64 it is packed, elsewhere it is not, so it is
/// bytes here.
/// </summary>
internal static unsafe class EpollEvent
{
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int DataAt = IsPacked ? sizeof(uint) : sizeof(ulong);

    /// <summary>Bytes of one.</summary>
    public static readonly int Size = DataAt + sizeof(ulong);

    /// <summary>Bytes that are enough for one everywhere.</summary>
    public const int MostSize = 2 * sizeof(ulong);

    /// <summary>What has happened.</summary>
    public static EpollEvents Events(byte* record) => Unsafe.ReadUnaligned<EpollEvents>(record);

    /// <summary>To whom.</summary>
    public static ulong Data(byte* record) => Unsafe.ReadUnaligned<ulong>(record + DataAt);

    /// <summary>Fills one in.</summary>
    public static void Write(byte* record, EpollEvents events, ulong data)
    {
        Unsafe.WriteUnaligned(record, events);
        Unsafe.WriteUnaligned(record + DataAt, data);
    }
}
