using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Relays;

/// <summary>
/// A map of sockets, and what its program knows of each. A socket in it works while somebody has the map open, whichever
/// process that is.
/// </summary>
internal sealed unsafe class SockmapMemory : IDisposable
{
    private readonly MappedMemory _memory;
    private readonly int _count;

    /// <summary>Takes over the descriptors of both maps.</summary>
    public SockmapMemory(Descriptor sockets, Descriptor ends)
    {
        Sockets = sockets;
        Ends = ends;
        MapInfo info = BpfMap.Describe(ends, "lb_pair_ends");
        if (info.ValueSize != sizeof(PairEndValue))
        {
            throw new KernelException(
                $"The map of sockets of the other lbd has entries of {info.ValueSize} bytes, where {sizeof(PairEndValue)} are known.",
                "Its version is too far from this one's: restart without a handover.");
        }

        _count = (int)info.MaxEntries;
        _memory = MappedMemory.OfArray(ends, _count, sizeof(PairEndValue), "lb_pair_ends");
    }

    /// <summary>The map of sockets.</summary>
    public Descriptor Sockets { get; }

    /// <summary>The map of what is known of them.</summary>
    public Descriptor Ends { get; }

    /// <summary>What the program knows of a socket.</summary>
    public ref PairEndValue this[uint index] => ref _memory.Elements<PairEndValue>(_count)[(int)index];

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        Sockets.Dispose();
        Ends.Dispose();
    }
}
