using System.Buffers.Binary;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>The elements of a map as bytes, whatever their types are.</summary>
/// <param name="name">For the messages of exceptions.</param>
/// <param name="map">The map; who made this object closes it.</param>
internal sealed unsafe class RawMap(string name, Descriptor map)
{
    private const int Batch = 4096;
    private const int MostBytes = 16 << 20;

    private static readonly int Cpus = Failure.Check(LibBpf.PossibleCpus(), "libbpf_num_possible_cpus");

    /// <summary>What is done with elements, one after another.</summary>
    public delegate void Handler(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count);

    /// <summary>Name of the map.</summary>
    public string Name => name;

    /// <summary>The open map.</summary>
    public Descriptor Descriptor => map;

    /// <summary>What the kernel says about it.</summary>
    public MapInfo Info { get; } = BpfMap.Describe(map, name);

    /// <summary>Values that an element has: one for each CPU, or one.</summary>
    public int Copies => Info.Type == MapType.PerCpuArray ? Cpus : 1;

    /// <summary>Bytes of a value as calls have it.</summary>
    public int ValueSize => ValueSizeOf(Info.Type, Info.ValueSize);

    /// <summary>Bytes of a value as calls have it, of a map that need not be there.</summary>
    public static int ValueSizeOf(MapType type, uint size) =>
        type == MapType.PerCpuArray ? (((int)size + 7) & ~7) * Cpus : (int)size;

    private int KeySize => (int)Info.KeySize;

    /// <summary>Goes through every element.</summary>
    public void Scan(Handler handle)
    {
        if (Info.Type == MapType.LpmTrie)
        {
            ScanByKey(handle);
        }
        else
        {
            ScanByBatch(handle);
        }
    }

    /// <summary>Copies a value out; false when the key is not there.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> value)
    {
        fixed (byte* at = key)
        fixed (byte* into = value)
        {
            int result = LibBpf.Lookup(map, at, into);
            return result != -(int)Errno.ENOENT && Failure.Check(result, $"bpf_map_lookup_elem({name})") >= 0;
        }
    }

    /// <summary>Adds or replaces an element.</summary>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* at = key)
        fixed (byte* from = value)
        {
            Failure.Check(LibBpf.Update(map, at, from, 0), $"bpf_map_update_elem({name})");
        }
    }

    /// <summary>Adds or replaces many; how many were written before one was refused, and why.</summary>
    public (int Written, Errno Errno) SetAll(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count)
    {
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        uint written = (uint)count;
        fixed (byte* at = keys)
        fixed (byte* from = values)
        {
            int result = count == 0 ? 0 : LibBpf.UpdateBatch(map, at, from, &written, &options);
            return ((int)written, (Errno)(-result));
        }
    }

    private void ScanByBatch(Handler handle)
    {
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        int size = (int)Math.Min(Info.MaxEntries, (uint)Math.Max(1, Math.Min(Batch, MostBytes / ValueSize)));
        ulong position = 0;
        bool started = false;
        while (true)
        {
            uint count = (uint)size;
            var keys = new byte[size * KeySize];
            var values = new byte[size * ValueSize];
            int result;
            fixed (byte* at = keys)
            fixed (byte* into = values)
            {
                result = LibBpf.LookupBatch(map, started ? &position : null, &position, at, into, &count, &options);
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

            handle(keys.AsSpan(0, (int)count * KeySize), values.AsSpan(0, (int)count * ValueSize), (int)count);
            if (result == -(int)Errno.ENOENT)
            {
                return;
            }

            started = true;
        }
    }

    private void ScanByKey(Handler handle)
    {
        var key = new byte[KeySize];
        var next = new byte[KeySize];
        var value = new byte[ValueSize];
        for (int result = Next(null, next); ; result = Next(key, next))
        {
            if (result == -(int)Errno.ENOENT)
            {
                return;
            }

            Failure.Check(result, $"bpf_map_get_next_key({name})");
            next.CopyTo(key, 0);
            if (TryGet(key, value))
            {
                handle(key, value, 1);
            }
        }
    }

    private int Next(byte[]? key, byte[] next)
    {
        fixed (byte* at = key)
        fixed (byte* into = next)
        {
            return LibBpf.NextKey(map, at, into);
        }
    }

    /// <summary>The key of an array's element.</summary>
    public static byte[] KeyOf(uint index)
    {
        var key = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(key, index);
        return key;
    }
}
