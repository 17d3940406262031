using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>A trie of prefixes; the values mean nothing, a prefix is there or not.</summary>
internal sealed unsafe class LpmTrie<TKey>(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(TKey), sizeof(uint))
    where TKey : unmanaged
{
    /// <summary>Adds a prefix.</summary>
    public void Add(TKey key)
    {
        uint present = 1;
        Update(&key, &present);
    }

    /// <summary>Removes a prefix; false when it was not there.</summary>
    public bool Delete(TKey key) => Remove(&key);

    /// <summary>Reads all prefixes.</summary>
    public List<TKey> ReadAll()
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
