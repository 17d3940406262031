using System.Runtime.InteropServices;
using System.Text;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Programs;

/// <summary>An object of libbpf: opened from memory, its maps sized or reused, then loaded.</summary>
internal sealed unsafe class BpfObject : IDisposable
{
    private const int LogSize = 1 << 20;

    private readonly string _name;
    private readonly ILogger _logger;
    private readonly ObjectHandle _handle;

    private BpfObject(string name, ObjectHandle handle, ILogger logger)
    {
        _name = name;
        _handle = handle;
        _logger = logger;
        Maps = Walk(map => LibBpf.NextMap(handle, map))
            .Where(map => !LibBpf.MapIsInternal(map))
            .ToDictionary(map => Name(LibBpf.MapName(map)), map => new MapSpec(map));
    }

    /// <summary>The maps by name, without those of the compiler's sections.</summary>
    public IReadOnlyDictionary<string, MapSpec> Maps { get; }

    /// <summary>Opens an ELF file; nothing is made in the kernel yet.</summary>
    public static BpfObject Open(ReadOnlySpan<byte> elf, string name, ILogger logger)
    {
        using LibBpfLog.Scope scope = LibBpfLog.To(logger);
        fixed (byte* start = elf)
        fixed (byte* nameStart = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var options = new ObjectOpenOptions { Size = (nuint)sizeof(ObjectOpenOptions), Name = nameStart };
            ObjectHandle handle = LibBpf.ObjectOpen(start, (nuint)elf.Length, &options);
            return handle.IsInvalid
                ? throw Failure.Last($"bpf_object__open_mem({name})")
                : new BpfObject(name, handle, logger);
        }
    }

    /// <summary>Its types, as BTF.</summary>
    public byte[] ReadTypes()
    {
        uint size = 0;
        byte* data = LibBpf.TypesData(LibBpf.ObjectTypes(_handle), &size);
        return new ReadOnlySpan<byte>(data, (int)size).ToArray();
    }

    /// <summary>Has it use maps that are there, for all but these of its own, which are made.</summary>
    public void Reuse(IReadOnlyDictionary<string, Descriptor> maps, params string[] own)
    {
        foreach ((string name, MapSpec map) in Maps.Where(map => !own.Contains(map.Key)))
        {
            map.Reuse(name, maps[name]);
        }
    }

    /// <summary>Sets the one read-only variable of the object, before it is loaded.</summary>
    public void SetConstant(uint value)
    {
        nint section = Walk(map => LibBpf.NextMap(_handle, map)).Single(LibBpf.MapIsInternal);
        Failure.Check(
            LibBpf.MapSetInitialValue(section, &value, sizeof(uint)), $"bpf_map__set_initial_value({_name})");
    }

    /// <summary>Makes the maps that are not reused and loads the programs.</summary>
    public void Load()
    {
        using LibBpfLog.Scope scope = LibBpfLog.To(_logger);
        nint[] programs = [.. Walk(program => LibBpf.NextProgram(_handle, program))];
        var logs = new byte*[programs.Length];
        try
        {
            for (int i = 0; i < programs.Length; i++)
            {
                // libbpf asks the verifier for its log only after the first attempt failed.
                logs[i] = (byte*)NativeMemory.AllocZeroed(LogSize);
                Failure.Check(
                    LibBpf.ProgramSetLogBuffer(programs[i], logs[i], LogSize), $"bpf_program__set_log_buf({_name})");
            }

            int result = LibBpf.ObjectLoad(_handle);
            if (result < 0)
            {
                throw Failure.Of($"bpf_object__load({_name})", (Errno)(-result), verifierLog: FirstLog(logs));
            }
        }
        finally
        {
            for (int i = 0; i < programs.Length; i++)
            {
                // What libbpf no longer points to is freed; the object keeps the pointer otherwise.
                _ = LibBpf.ProgramSetLogBuffer(programs[i], null, 0);
                NativeMemory.Free(logs[i]);
            }
        }
    }

    /// <summary>A map, on its own: it outlives this object.</summary>
    public Descriptor TakeMap(string name) =>
        Descriptor.Duplicate(LibBpf.MapDescriptor(Maps[name].Pointer), $"dup({name})");

    /// <summary>A program, on its own: it outlives this object.</summary>
    public Descriptor TakeProgram(string name)
    {
        foreach (nint program in Walk(program => LibBpf.NextProgram(_handle, program)))
        {
            if (Name(LibBpf.ProgramName(program)) == name)
            {
                return Descriptor.Duplicate(LibBpf.ProgramDescriptor(program), $"dup({name})");
            }
        }

        throw new ArgumentException($"Object {_name} has no program {name}.", nameof(name));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static string? FirstLog(byte*[] logs)
    {
        foreach (byte* log in logs)
        {
            if (log is not null && *log != 0)
            {
                return Marshal.PtrToStringUTF8((nint)log)?.TrimEnd();
            }
        }

        return null;
    }

    private static string Name(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    private static IEnumerable<nint> Walk(Func<nint, nint> next)
    {
        for (nint item = next(0); item != 0; item = next(item))
        {
            yield return item;
        }
    }
}
