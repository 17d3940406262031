using System.Globalization;
using Lb.Kernel.Handles;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>What can be said of a map without knowing its types. Any thread may ask.</summary>
internal static unsafe class MapDetails
{
    private const string MemoryField = "memlock:";

    /// <summary>Memory that the kernel counts for a map.</summary>
    public static long BytesOf(Descriptor map) => KernelFile.Lines($"/proc/self/fdinfo/{map.Value}")
        .Where(line => line.StartsWith(MemoryField, StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(MemoryField.Length).Trim(), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    /// <summary>The type as <c>bpftool</c> calls it.</summary>
    public static string NameOf(MapType type) => type switch
    {
        MapType.Hash => "hash",
        MapType.Array => "array",
        MapType.PerCpuArray => "percpu_array",
        MapType.LruHash => "lru_hash",
        MapType.LpmTrie => "lpm_trie",
        MapType.ArrayOfMaps => "array_of_maps",
        _ => type.ToString(),
    };

    /// <summary>Entries in use; null for arrays, whose entries are always there.</summary>
    public static long? Count(string name, Descriptor map, MapInfo info) => info.Type switch
    {
        MapType.Hash or MapType.LruHash or MapType.LpmTrie => CountElements(name, map),
        MapType.ArrayOfMaps => CountFilled(map, info),
        _ => null,
    };

    /// <summary>Entries of an array that are not all zero. It makes calls where others map the memory, which may go.</summary>
    public static long CountWritten(string name, Descriptor map, MapInfo info)
    {
        long counted = 0;
        new RawMap(name, map).Scan((_, values, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                counted += values.Slice(i * (int)info.ValueSize, (int)info.ValueSize).ContainsAnyExcept((byte)0) ? 1 : 0;
            }
        });
        return counted;
    }

    private static long CountElements(string name, Descriptor map)
    {
        long counted = 0;
        new RawMap(name, map).Scan((_, _, count) => counted += count);
        return counted;
    }

    private static long CountFilled(Descriptor map, MapInfo info)
    {
        long counted = 0;
        for (uint index = 0; index < info.MaxEntries; index++)
        {
            uint inner;
            counted += LibBpf.Lookup(map, &index, &inner) == 0 ? 1 : 0;
        }

        return counted;
    }
}
