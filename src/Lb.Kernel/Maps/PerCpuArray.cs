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
