using Lb.Kernel.Handles;

namespace Lb.Kernel.Maps;

/// <summary>An array of maps; user space reads the ids of the inner maps.</summary>
internal sealed unsafe class ArrayOfMaps(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(uint), sizeof(uint))
{
    /// <summary>Id of the inner map; null when there is none.</summary>
    public uint? this[uint index]
    {
        get
        {
            uint id = 0;
            return Lookup(&index, &id) ? id : null;
        }
    }

    /// <summary>
    /// Sets an inner map. Packets see it at once; the call returns a grace period later (some milliseconds), when no
    /// packet can be reading the map that was there before.
    /// </summary>
    public void Set(uint index, Descriptor inner)
    {
        int value = inner.Value;
        Update(&index, &value);
        GC.KeepAlive(inner);
    }

    /// <summary>Removes an inner map; false when there was none.</summary>
    public bool Delete(uint index) => Remove(&index);
}
