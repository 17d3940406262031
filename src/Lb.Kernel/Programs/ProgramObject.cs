using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>
/// Any eBPF object with XDP programs and maps of its own, loaded: for <c>lb_decap</c>, and for the wrappers of
/// measurements.
/// </summary>
public sealed unsafe class ProgramObject : IDisposable
{
    private readonly BpfObject _object;

    private ProgramObject(BpfObject loaded) => _object = loaded;

    /// <summary>Loads an ELF file.</summary>
    /// <param name="elf">The file.</param>
    /// <param name="name">For messages.</param>
    /// <param name="logger">Where libbpf's messages go.</param>
    public static ProgramObject Load(ReadOnlySpan<byte> elf, string name, ILogger? logger = null)
    {
        KernelRequirements.Check();
        var opened = BpfObject.Open(elf, name, logger ?? NullLogger.Instance);
        try
        {
            opened.Load();
            return new ProgramObject(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A program of it; the caller disposes it.</summary>
    public XdpProgram Program(string name) => new(name, _object.TakeProgram(name));

    /// <summary>Puts a program into an array of programs, for tail calls.</summary>
    public void SetProgram(string map, uint index, XdpProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        int value = program.Descriptor.Value;
        Set(map, index, new ReadOnlySpan<byte>(&value, sizeof(int)));
        GC.KeepAlive(program);
    }

    /// <summary>Writes an element of a map with 32-bit keys; the value has the size that the map says.</summary>
    public void Set(string map, uint index, ReadOnlySpan<byte> value)
    {
        using Descriptor descriptor = _object.TakeMap(map);
        uint size = Maps.BpfMap.Describe(descriptor, map).ValueSize;
        if (value.Length != size)
        {
            throw new ArgumentException($"Values of {map} have {size} bytes, not {value.Length}.", nameof(value));
        }

        fixed (byte* start = value)
        {
            Failure.Check(LibBpf.Update(descriptor, &index, start, 0), $"bpf_map_update_elem({map})");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _object.Dispose();
}
