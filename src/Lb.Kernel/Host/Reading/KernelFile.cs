using System.Globalization;

namespace Lb.Kernel.Host.Reading;

/// <summary>Small files below /proc and /sys; null for what is not there or may not be read.</summary>
internal static class KernelFile
{
    /// <summary>The text without the space around it.</summary>
    public static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The text as a whole number.</summary>
    public static long? Number(string path) =>
        long.TryParse(Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>The lines; none when it may not be read.</summary>
    public static IReadOnlyList<string> Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <summary>Where a link points to.</summary>
    public static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
