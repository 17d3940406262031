using System.Globalization;
using Lb.Kernel.Handles;
using Lb.Kernel.Host.Reading;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>What can be said of a map without knowing its types. Any thread may ask.</summary>
internal static unsafe class MapDetails
{
    private const string MemoryField = "memlock:";
    private const int Batch = 4096;

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
        MapType.Hash or MapType.LruHash => CountHash(name, map, info),
        MapType.LpmTrie => CountByKey(name, map, info),
        MapType.ArrayOfMaps => CountFilled(map, info),
        _ => null,
    };

    /// <summary>Entries of an array that are not all zero. It makes calls where others map the memory, which may go.</summary>
    public static long CountWritten(string name, Descriptor map, MapInfo info)
    {
        long counted = 0;
        Scan(name, map, info, (values, count) =>
        {
            for (int i = 0; i < count; i++)
            {
                counted += values.AsSpan(i * (int)info.ValueSize, (int)info.ValueSize).ContainsAnyExcept((byte)0) ? 1 : 0;
            }
        });
        return counted;
    }

    private static long CountHash(string name, Descriptor map, MapInfo info)
    {
        long counted = 0;
        Scan(name, map, info, (_, count) => counted += count);
        return counted;
    }

    private static void Scan(string name, Descriptor map, MapInfo info, Action<byte[], int> handle)
    {
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        int size = (int)Math.Min(info.MaxEntries, Batch);
        ulong position = 0;
        bool started = false;
        while (true)
        {
            uint count = (uint)size;
            int result;
            byte[] read = new byte[size * info.ValueSize];
            fixed (byte* keys = new byte[size * info.KeySize])
            fixed (byte* values = read)
            {
                result = LibBpf.LookupBatch(
                    map, started ? &position : null, &position, keys, values, &count, &options);
            }

            if (result == -(int)Errno.ENOSPC)
            {
                size *= 2; // one bucket holds more than fits; nothing was read of it and the position stands
                continue;
            }

            if (result != -(int)Errno.ENOENT)
            {
                Failure.Check(result, $"bpf_map_lookup_batch({name})");
            }

            handle(read, (int)count);
            if (result == -(int)Errno.ENOENT)
            {
                return;
            }

            started = true;
        }
    }

    private static long CountByKey(string name, Descriptor map, MapInfo info)
    {
        fixed (byte* key = new byte[info.KeySize])
        fixed (byte* next = new byte[info.KeySize])
        {
            long counted = 0;
            int result = LibBpf.NextKey(map, null, next);
            while (result == 0)
            {
                counted++;
                Buffer.MemoryCopy(next, key, info.KeySize, info.KeySize);
                result = LibBpf.NextKey(map, key, next);
            }

            return result == -(int)Errno.ENOENT
                ? counted
                : throw Failure.Of($"bpf_map_get_next_key({name})", (Errno)(-result));
        }
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
