namespace Lb.Kernel.Tests.Fixtures;

/// <summary>Fails the collection when its tests leave maps, programs or links open or mapped in this process.</summary>
public sealed class DescriptorLeakCheck : IDisposable
{
    private readonly List<string> _before = Open();

    public void Dispose()
    {
        List<string> after = Open();
        if (after.Count > _before.Count)
        {
            throw new InvalidOperationException(
                $"The tests left {after.Count - _before.Count} BPF objects open: {string.Join(", ", after)}.");
        }
    }

    private static List<string> Open() =>
    [
        .. Directory.EnumerateFiles("/proc/self/fd")
            .Select(TargetOf)
            .Where(target => target.Contains("bpf", StringComparison.Ordinal)),
        .. File.ReadLines("/proc/self/maps").Where(line => line.Contains("bpf-map", StringComparison.Ordinal)),
    ];

    private static string TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // closed since it was listed
        }
    }
}
