using System.Runtime.InteropServices;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>A hash map, with or without eviction of the least recently used.</summary>
internal sealed unsafe class HashMap<TKey, TValue>(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(TKey), sizeof(TValue))
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const int FirstBatch = 4096;

    /// <summary>Copies a value out; false when the key is not there.</summary>
    /// <remarks>Reading from user space does not count as use for the eviction.</remarks>
    public bool TryGet(TKey key, out TValue value)
    {
        TValue found = default;
        bool there = Lookup(&key, &found);
        value = found;
        return there;
    }

    /// <summary>Adds or replaces a value; a packet sees the old one or the new one.</summary>
    public void Set(TKey key, TValue value) => Update(&key, &value);

    /// <summary>Adds a value; false when the key is there already, and stays as it is.</summary>
    public bool TryAdd(TKey key, TValue value) => Add(&key, &value);

    /// <summary>Removes a key; false when it was not there.</summary>
    public bool Delete(TKey key) => Remove(&key);

    /// <summary>Removes keys in batches and says of each whether it was there.</summary>
    public void DeleteAll(ReadOnlySpan<TKey> keys, Span<bool> found)
    {
        int at = 0;
        while (at < keys.Length)
        {
            uint count = (uint)(keys.Length - at);
            int result = DeleteBatch(keys[at..], ref count);
            found.Slice(at, (int)count).Fill(true);
            at += (int)count;
            if (result == -(int)Errno.ENOENT)
            {
                found[at++] = false; // the batch ends before a key that is not there
            }
            else
            {
                Failure.Check(result, $"bpf_map_delete_batch({Name})");
            }
        }
    }

    /// <summary>What is done with a batch of elements.</summary>
    public delegate void BatchHandler(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values);

    /// <summary>Reads every element.</summary>
    public List<KeyValuePair<TKey, TValue>> ReadAll()
    {
        var all = new List<KeyValuePair<TKey, TValue>>();
        Scan((keys, values) =>
        {
            CollectionsMarshal.SetCount(all, all.Count + keys.Length);
            Span<KeyValuePair<TKey, TValue>> added = CollectionsMarshal.AsSpan(all)[^keys.Length..];
            for (int i = 0; i < added.Length; i++)
            {
                added[i] = new(keys[i], values[i]);
            }
        });
        return all;
    }

    /// <summary>Goes through every element in batches, whole buckets at a time; any thread may.</summary>
    public void Scan(BatchHandler handle)
    {
        int size = Math.Min(Capacity, FirstBatch);
        var keys = new TKey[size];
        var values = new TValue[size];
        ulong position = 0;
        bool started = false;
        while (true)
        {
            uint count = (uint)keys.Length;
            int result = ReadBatch(keys, values, ref count, ref position, started);
            if (result == -(int)Errno.ENOSPC)
            {
                // One bucket holds more than fits; nothing was read of it and the position stands.
                keys = new TKey[keys.Length * 2];
                values = new TValue[keys.Length];
                continue;
            }

            if (result != -(int)Errno.ENOENT)
            {
                Failure.Check(result, $"bpf_map_lookup_batch({Name})");
            }

            handle(keys.AsSpan(0, (int)count), values.AsSpan(0, (int)count));
            if (result == -(int)Errno.ENOENT)
            {
                return;
            }

            started = true;
        }
    }

    private int DeleteBatch(ReadOnlySpan<TKey> keys, ref uint count)
    {
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        fixed (TKey* key = keys)
        fixed (uint* counted = &count)
        {
            return LibBpf.DeleteBatch(Descriptor, key, counted, &options);
        }
    }

    private int ReadBatch(TKey[] keys, TValue[] values, ref uint count, ref ulong position, bool started)
    {
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        fixed (TKey* key = keys)
        fixed (TValue* value = values)
        fixed (uint* counted = &count)
        fixed (ulong* at = &position)
        {
            return LibBpf.LookupBatch(Descriptor, started ? at : null, at, key, value, counted, &options);
        }
    }
}
