using System.Numerics;
using Lb.Kernel.Interop;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Host.Reading;

/// <summary>Works out what the maps of a site take when they are made, from the sizes that the object declares.</summary>
internal static class MapMemory
{
    /// <summary>What the kernel keeps beside key and value of a hash's element.</summary>
    private const long HashOverhead = 64;

    private const long BucketSize = 16;

    /// <summary>Bytes; tables and prefixes, which are made later, are not in it, nor flows of full-nat.</summary>
    public static long Of(MapSizes sizes)
    {
        using BpfObject opened = new DatapathSpec(sizes, 1).Open(NullLogger.Instance);
        int cpus = LibBpf.PossibleCpus();
        return opened.Maps.Values.Sum(map => Of(map.Pointer, cpus));
    }

    private static long Of(nint map, int cpus)
    {
        long key = Align(LibBpf.MapKeySize(map));
        long value = Align(LibBpf.MapValueSize(map));
        long entries = LibBpf.MapMaxEntries(map);
        if (LibBpf.MapFlagsOf(map).HasFlag(MapFlags.NoPreallocation))
        {
            // The elements come with time, their buckets do not.
            return LibBpf.MapTypeOf(map) == MapType.Hash ? BucketSize * (long)BitOperations.RoundUpToPowerOf2((ulong)entries) : 0;
        }

        return LibBpf.MapTypeOf(map) switch
        {
            MapType.Hash or MapType.LruHash => entries * (HashOverhead + key + value),
            MapType.RingBuffer => entries,
            MapType.PerCpuArray => entries * value * cpus,
            _ => entries * value,
        };
    }

    private static long Align(uint size) => (size + 7L) / 8 * 8;
}
