using System.Diagnostics.Metrics;

namespace Lb.Host.Metrics;

/// <summary>Makes measurements and their tags.</summary>
internal static class Tag
{
    public static KeyValuePair<string, object?> Of(string key, string value) => new(key, value);

    /// <summary>A counter of the kernel; those are unsigned, measurements are not.</summary>
    public static Measurement<long> Count(ulong value, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new((long)value, tags);

    /// <summary>1 for what is so, 0 for what is not.</summary>
    public static Measurement<int> Flag(bool value, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(value ? 1 : 0, tags);
}
