using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>An array of values; when the map allows it, its memory is mapped and no call is made.</summary>
internal sealed unsafe class ArrayMap<TValue> : BpfMap
    where TValue : unmanaged
{
    private readonly MappedMemory? _memory;

    public ArrayMap(string name, Descriptor descriptor)
        : base(name, descriptor, sizeof(uint), sizeof(TValue))
    {
        if (Info.Flags.HasFlag(MapFlags.Mmapable) && sizeof(TValue) % sizeof(ulong) == 0)
        {
            _memory = MappedMemory.OfArray(descriptor, Capacity, sizeof(TValue), name);
        }
    }

    /// <summary>Reads or writes one value.</summary>
    public TValue this[uint index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Info.MaxEntries);
            if (_memory is not null)
            {
                return _memory.Elements<TValue>(Capacity)[(int)index];
            }

            TValue value = default;
            return Lookup(&index, &value) ? value : throw Failure.Of($"bpf_map_lookup_elem({Name})", Errno.ENOENT);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Info.MaxEntries);
            if (_memory is not null)
            {
                _memory.Elements<TValue>(Capacity)[(int)index] = value;
            }
            else
            {
                Update(&index, &value);
            }
        }
    }

    /// <summary>Reads all values.</summary>
    public TValue[] ReadAll()
    {
        if (_memory is not null)
        {
            return _memory.Elements<TValue>(Capacity).ToArray();
        }

        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        uint count = Info.MaxEntries;
        ulong next = 0;
        var values = new TValue[Capacity];
        fixed (uint* keys = new uint[Capacity])
        fixed (TValue* value = values)
        {
            int result = LibBpf.LookupBatch(Descriptor, null, &next, keys, value, &count, &options);
            if (result != -(int)Errno.ENOENT)
            {
                Failure.Check(result, $"bpf_map_lookup_batch({Name})");
            }
        }

        return values;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _memory?.Dispose();
        }

        base.Dispose(disposing);
    }
}
