using System.Collections.Immutable;

namespace Lb.Kernel.Host;

/// <summary>BPF in this kernel and this library.</summary>
public sealed record BpfFacts
{
    /// <summary>The oldest kernel that can load the programs.</summary>
    public static Version OldestKernel => Programs.KernelRequirements.Oldest;

    /// <summary>Version of libbpf; null when it is not installed.</summary>
    public Version? Library { get; init; }

    /// <summary>Whether the kernel describes its own types (BTF).</summary>
    public bool TypeInformation { get; init; }

    /// <summary>Types of maps that the programs use and the kernel refused to make.</summary>
    public ImmutableArray<string> MissingMapTypes { get; init; } = [];

    /// <summary>What came of loading the XDP program; null when it was not tried.</summary>
    public ProgramTrial? Trial { get; init; }

    /// <summary>Bytes that the site's maps take when they are made.</summary>
    public long? MapMemory { get; init; }

    /// <summary>Where the BPF file system is to be.</summary>
    public required string FileSystemPath { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool FileSystemMounted { get; init; }

    /// <summary>Why this process may not pin there for the site; null when it may, or when it is not mounted.</summary>
    public string? FileSystemProblem { get; init; }
}

/// <summary>What came of loading the XDP program with small maps, attached to nothing.</summary>
/// <param name="Problem">Why it could not be loaded; null when it was.</param>
/// <param name="Compiled">Whether it runs as machine code.</param>
public sealed record ProgramTrial(string? Problem, bool Compiled);
