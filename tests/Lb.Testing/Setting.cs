using System.Globalization;

namespace Lb.Testing;

/// <summary>What a test takes from the environment: how long, and how much of it.</summary>
public static class Setting
{
    /// <summary>The number that an environment variable holds.</summary>
    /// <param name="name">Of the variable.</param>
    /// <param name="otherwise">The number while it is not set.</param>
    public static int Number(string name, int otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : otherwise;
}
