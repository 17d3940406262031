using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel.Interop;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Host.Reading;

/// <summary>Tries with real calls whether this kernel takes what a site asks of it.</summary>
internal static unsafe class BpfReader
{
    private const string Library = "libbpf.so.1";

    /// <summary>As small as maps go, so that the trial costs no memory.</summary>
    private static readonly MapSizes Small = new()
    {
        Services = 1,
        Backends = 2,
        Flows = 1024,
        Pending = 1024,
        Direct = 1,
    };

    public static BpfFacts Read(DatapathOptions options, bool mayLoad, Guard guard)
    {
        var facts = new BpfFacts
        {
            Library = ReadLibrary(),
            TypeInformation = File.Exists("/sys/kernel/btf/vmlinux"),
            FileSystemPath = options.BpfFs,
            FileSystemMounted = BpfFileSystem.IsAt(options.BpfFs),
        };
        if (facts.FileSystemMounted)
        {
            facts = facts with { FileSystemProblem = new SitePins(options.BpfFs, options.Site).FindAccessProblem() };
        }

        if (facts.Library is null)
        {
            return facts;
        }

        facts = facts with
        {
            MapMemory = guard.Read("sizes of the maps", (long?)null, () => MapMemory.Of(options.Sizes)),
        };
        if (!mayLoad)
        {
            guard.Add($"types of maps and the XDP program: loading them takes {Failure.NeededCapabilities}");
            return facts;
        }

        return facts with
        {
            MissingMapTypes = guard.Read("types of maps", [], ReadMissingMapTypes),
            Trial = Try(),
        };
    }

    private static Version? ReadLibrary()
    {
        if (!NativeLibrary.TryLoad(Library, out nint library))
        {
            return null;
        }

        NativeLibrary.Free(library);
        return new Version((int)LibBpf.MajorVersion(), (int)LibBpf.MinorVersion());
    }

    private static ImmutableArray<string> ReadMissingMapTypes()
    {
        using LibBpfLog.Scope quiet = LibBpfLog.To(NullLogger.Instance);
        using BpfObject opened = new DatapathSpec(Small, 1).Open(NullLogger.Instance);
        return
        [
            .. opened.Maps.Values
                .Select(map => LibBpf.MapTypeOf(map.Pointer))
                .Distinct()
                .Where(type => LibBpf.ProbeMapType(type, null) == 0)
                .Select(type => $"{type}"),
        ];
    }

    private static ProgramTrial? Try()
    {
        try
        {
            using LoadedDatapath loaded = new DatapathSpec(Small, 1).Load(NullLogger.Instance);
            return new ProgramTrial(Problem: null, loaded.Program.IsCompiled());
        }
        catch (KernelException e) when (e.Errno == (int)Errno.EMFILE)
        {
            // That says nothing of the program; the process has too few open files, and that is looked at by itself.
            return null;
        }
        catch (KernelException e)
        {
            return new ProgramTrial(Shorten(e), Compiled: false);
        }
    }

    /// <summary>One line: what failed and, where the verifier had something to say, its last word.</summary>
    private static string Shorten(KernelException refused)
    {
        string first = refused.Message.Split('\n')[0].Trim();
        string? last = refused.VerifierLog?.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is null ? first : $"{first} The verifier: {last.Trim()}";
    }
}
