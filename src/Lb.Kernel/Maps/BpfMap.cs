using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>A map of the kernel: what all types of it share.</summary>
internal abstract unsafe class BpfMap : IDisposable
{
    /// <summary>Takes over a descriptor.</summary>
    /// <param name="name">For the messages of exceptions.</param>
    /// <param name="descriptor">Of the map; closed with this object.</param>
    /// <param name="keySize">Size of the key that the subclass uses.</param>
    /// <param name="valueSize">Size of the value that the subclass uses.</param>
    protected BpfMap(string name, Descriptor descriptor, int keySize, int valueSize)
    {
        Name = name;
        Descriptor = descriptor;
        Info = Describe(descriptor, name);
        if (Info.KeySize != keySize || Info.ValueSize != valueSize)
        {
            throw new InvalidOperationException(
                $"Map {name} has keys of {Info.KeySize} and values of {Info.ValueSize} bytes; "
                + $"expected {keySize} and {valueSize}.");
        }
    }

    /// <summary>Name of the map.</summary>
    public string Name { get; }

    /// <summary>Number of elements it can hold.</summary>
    public int Capacity => (int)Info.MaxEntries;

    /// <summary>The open map.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>What the kernel says about it.</summary>
    protected MapInfo Info { get; }

    /// <summary>Asks the kernel about a map.</summary>
    public static MapInfo Describe(Descriptor descriptor, string name)
    {
        MapInfo info = default;
        uint size = (uint)sizeof(MapInfo);
        Failure.Check(LibBpf.Info(descriptor, &info, &size), $"bpf_obj_get_info_by_fd({name})");
        return info;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the map; a subclass adds what it holds besides.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Descriptor.Dispose();
        }
    }

    /// <summary>Copies an element out; false when there is none.</summary>
    protected bool Lookup(void* key, void* value)
    {
        int result = LibBpf.Lookup(Descriptor, key, value);
        if (result == -(int)Errno.ENOENT)
        {
            return false;
        }

        Failure.Check(result, $"bpf_map_lookup_elem({Name})");
        return true;
    }

    /// <summary>Adds or replaces an element.</summary>
    protected void Update(void* key, void* value)
    {
        int result = LibBpf.Update(Descriptor, key, value, 0);
        if (result == -(int)Errno.E2BIG || result == -(int)Errno.ENOSPC)
        {
            throw Failure.Of(
                $"bpf_map_update_elem({Name})",
                (Errno)(-result),
                $"The map is full at {Capacity} entries: raise its size under lb.kernel.");
        }

        Failure.Check(result, $"bpf_map_update_elem({Name})");
    }

    /// <summary>Adds an element; false when there is one.</summary>
    protected bool Add(void* key, void* value)
    {
        const ulong onlyNew = 1; // BPF_NOEXIST
        int result = LibBpf.Update(Descriptor, key, value, onlyNew);
        if (result == -(int)Errno.EEXIST)
        {
            return false;
        }

        Failure.Check(result, $"bpf_map_update_elem({Name})");
        return true;
    }

    /// <summary>Removes an element; false when there was none.</summary>
    protected bool Remove(void* key)
    {
        int result = LibBpf.Delete(Descriptor, key);
        if (result == -(int)Errno.ENOENT)
        {
            return false;
        }

        Failure.Check(result, $"bpf_map_delete_elem({Name})");
        return true;
    }
}
