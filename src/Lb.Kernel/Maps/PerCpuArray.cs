using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Maps;

/// <summary>An array with a value for each CPU that the machine may have.</summary>
internal sealed unsafe class PerCpuArray<TValue>(string name, Descriptor descriptor)
    : BpfMap(name, descriptor, sizeof(uint), sizeof(TValue))
    where TValue : unmanaged
{
    private static readonly int Cpus = Failure.Check(LibBpf.PossibleCpus(), "libbpf_num_possible_cpus");

    // The kernel copies the values of the CPUs one after another, each rounded up to 8 bytes.
    private static readonly int Stride = (sizeof(TValue) + 7) & ~7;

    /// <summary>Entries of one call.</summary>
    private const uint Batch = 1024;

    /// <summary>Reads the value of every CPU.</summary>
    public TValue[] Read(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Info.MaxEntries);
        var values = new TValue[Cpus];
        fixed (byte* buffer = new byte[Cpus * Stride])
        {
            Lookup(&index, buffer);
            for (int cpu = 0; cpu < values.Length; cpu++)
            {
                values[cpu] = *(TValue*)(buffer + (cpu * Stride));
            }
        }

        return values;
    }

    /// <summary>Reads the values of every CPU of all entries below an index, many with one call.</summary>
    /// <param name="below">Entries from 0 to this one, which is not read.</param>
    /// <param name="sum">What becomes of the values of an entry.</param>
    public TSum[] ReadBelow<TSum>(uint below, Func<TValue[], TSum> sum)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(below, Info.MaxEntries);
        var options = new MapBatchOptions { Size = (nuint)sizeof(MapBatchOptions) };
        var sums = new TSum[below];
        var values = new TValue[Cpus];
        uint last = 0;
        fixed (uint* keys = new uint[Batch])
        fixed (byte* buffer = new byte[Batch * Cpus * Stride])
        {
            for (uint first = 0; first < below;)
            {
                uint count = Math.Min(Batch, below - first);
                Failure.Check(
                    LibBpf.LookupBatch(Descriptor, first == 0 ? null : &last, &last, keys, buffer, &count, &options),
                    $"bpf_map_lookup_batch({Name})");
                for (uint i = 0; i < count; i++)
                {
                    byte* entry = buffer + (i * Cpus * Stride);
                    for (int cpu = 0; cpu < values.Length; cpu++)
                    {
                        values[cpu] = *(TValue*)(entry + (cpu * Stride));
                    }

                    sums[first + i] = sum(values);
                }

                first += count;
            }
        }

        return sums;
    }

    /// <summary>Sets the value of every CPU to zero.</summary>
    public void Clear(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Info.MaxEntries);
        fixed (byte* zero = new byte[Cpus * Stride])
        {
            Update(&index, zero);
        }
    }
}
