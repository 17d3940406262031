using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Handles;

/// <summary>The memory of a map, mapped into this process.</summary>
internal sealed unsafe class MappedMemory : SafeHandle
{
    private readonly nuint _length;

    private MappedMemory(nint address, nuint length)
        : base(-1, ownsHandle: true)
    {
        _length = length;
        SetHandle(address);
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>Maps the elements of an array map that was made mmap-able.</summary>
    public static MappedMemory OfArray(Descriptor map, int elements, int elementSize, string name)
    {
        // The kernel lays elements out at multiples of 8 and rounds the whole up to pages.
        nuint page = (nuint)Environment.SystemPageSize;
        nuint size = (nuint)elements * (nuint)((elementSize + 7) & ~7);
        nuint length = (size + page - 1) / page * page;
        nint address = LibC.Map(0, length, LibC.ProtectReadWrite, LibC.MapShared | LibC.MapPopulate, map, 0);
        return address == -1 ? throw Failure.Last($"mmap({name})") : new MappedMemory(address, length);
    }

    /// <summary>Maps a part of a map's memory.</summary>
    /// <param name="map">The map.</param>
    /// <param name="offset">Where it begins, a multiple of the page size.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="protection">What may be done with it.</param>
    /// <param name="name">For messages.</param>
    public static MappedMemory Of(Descriptor map, int offset, int length, int protection, string name)
    {
        nint address = LibC.Map(0, (nuint)length, protection, LibC.MapShared, map, offset);
        return address == -1 ? throw Failure.Last($"mmap({name})") : new MappedMemory(address, (nuint)length);
    }

    /// <summary>The elements; valid while this object is not disposed.</summary>
    public Span<T> Elements<T>(int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return (nuint)count * (nuint)sizeof(T) <= _length
            ? new Span<T>((void*)handle, count)
            : throw new ArgumentOutOfRangeException(nameof(count));
    }

    protected override bool ReleaseHandle() => LibC.Unmap(handle, _length) == 0;
}
