using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>A trie that gives a key the value of the longest prefix which it begins with.</summary>
internal sealed unsafe class LpmTable<TKey>(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(TKey), sizeof(uint))
    where TKey : unmanaged
{
    /// <summary>The value of the longest prefix of a key; null when there is none.</summary>
    public uint? Match(TKey key)
    {
        uint value;
        return Lookup(&key, &value) ? value : null;
    }

    /// <summary>Adds or replaces the value of a prefix; a packet sees the old one or the new one.</summary>
    public void Set(TKey key, uint value) => Update(&key, &value);

    /// <summary>Removes a prefix; false when it was not there.</summary>
    public bool Delete(TKey key) => Remove(&key);

    /// <summary>Reads all prefixes with their values. Nobody else may write meanwhile.</summary>
    public List<KeyValuePair<TKey, uint>> ReadAll()
    {
        var all = new List<KeyValuePair<TKey, uint>>();
        foreach (TKey key in ReadKeys())
        {
            // A prefix is the longest one of itself.
            if (Match(key) is { } value)
            {
                all.Add(new(key, value));
            }
        }

        return all;
    }

    /// <summary>Reads all prefixes.</summary>
    public List<TKey> ReadKeys()
    {
        var all = new List<TKey>();
        TKey key;
        int result = LibBpf.NextKey(Descriptor, null, &key);
        while (result == 0)
        {
            all.Add(key);
            TKey next;
            result = LibBpf.NextKey(Descriptor, &key, &next);
            key = next;
        }

        return result == -(int)Errno.ENOENT
            ? all
            : throw Failure.Of($"bpf_map_get_next_key({Name})", (Errno)(-result));
    }
}
