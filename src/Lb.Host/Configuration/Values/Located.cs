using Lb.Hocon;

namespace Lb.Host.Configuration;

/// <summary>A value with the place and the key it was read from.</summary>
internal sealed record Located<T>(T Value, HoconOrigin Origin, string Key)
{
    public ConfigIssue Error(string problem, string expected, string mend) =>
        new(Severity.Error, Origin, Key, problem, expected, mend);

    public ConfigIssue Warning(string problem, string expected, string mend) =>
        new(Severity.Warning, Origin, Key, problem, expected, mend);
}
