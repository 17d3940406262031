using System.Collections.Immutable;
using Lb.Kernel.Host.Reading;

namespace Lb.Kernel;

/// <summary>The CPUs of this host.</summary>
/// <param name="Possible">Those that it may have.</param>
/// <param name="Online">Those that run.</param>
public sealed record HostCpus(ImmutableSortedSet<int> Possible, ImmutableSortedSet<int> Online)
{
    private const string Folder = "/sys/devices/system/cpu";

    /// <summary>Asks the kernel.</summary>
    public static HostCpus Read() => new(Read("possible"), Read("online"));

    private static ImmutableSortedSet<int> Read(string name) =>
        KernelFile.Text(Path.Combine(Folder, name)) is { } text && CpuList.Parse(text) is { } cpus
            ? cpus
            : [.. Enumerable.Range(0, Environment.ProcessorCount)];
}
