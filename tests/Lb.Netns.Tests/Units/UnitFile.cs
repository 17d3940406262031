using System.Collections.Immutable;

namespace Lb.Netns.Tests.Units;

/// <summary>The unit file of systemd as it is shipped.</summary>
internal sealed record UnitFile(string Text)
{
    private const string AsRoot = "+";

    /// <summary>Where the build put it.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "lbd.service");

    /// <summary>Capabilities that the process starts with.</summary>
    public ImmutableArray<string> Ambient => [.. Words("AmbientCapabilities").Order(StringComparer.Ordinal)];

    /// <summary>Capabilities that it can have at all.</summary>
    public ImmutableArray<string> Bounding => [.. Words("CapabilityBoundingSet").Order(StringComparer.Ordinal)];

    /// <summary>Directories that are writable where the rest is not.</summary>
    public ImmutableArray<string> Writable => [.. Words("ReadWritePaths")];

    /// <summary>Kinds of sockets it may make.</summary>
    public ImmutableArray<string> AddressFamilies => [.. Words("RestrictAddressFamilies")];

    /// <summary>System calls and sets of them that it may make.</summary>
    public ImmutableArray<string> SystemCalls => [.. Words("SystemCallFilter")];

    /// <summary>Commands that root runs before the start.</summary>
    public ImmutableArray<string> Preparations =>
        [.. Values("ExecStartPre").Where(c => c.StartsWith(AsRoot, StringComparison.Ordinal)).Select(c => c[1..])];

    public static UnitFile Read() => new(File.ReadAllText(Path));

    /// <summary>The one value of a setting.</summary>
    public string Value(string setting) => Assert.Single(Values(setting));

    private string[] Words(string setting) => Value(setting).Split(' ');

    private IEnumerable<string> Values(string setting) => Text
        .Split('\n')
        .Where(line => line.StartsWith($"{setting}=", StringComparison.Ordinal))
        .Select(line => line[(setting.Length + 1)..]);
}
