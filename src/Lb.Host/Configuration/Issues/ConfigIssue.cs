using Lb.Hocon;

namespace Lb.Host.Configuration;

internal enum Severity
{
    /// <summary>Worth a look; the configuration is used.</summary>
    Warning,

    /// <summary>Nothing of the configuration is used.</summary>
    Error,
}

/// <summary>Something wrong with a configuration.</summary>
/// <param name="Severity">Whether the configuration can be used.</param>
/// <param name="Origin">Where it stands.</param>
/// <param name="Key">Full path of the key; empty when the file itself is meant.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Expected">What would be right.</param>
/// <param name="Mend">What the operator can do.</param>
internal sealed record ConfigIssue(
    Severity Severity, HoconOrigin Origin, string Key, string Problem, string Expected, string Mend)
{
    /// <summary>One line: <c>file:line:column: key: what is wrong; what was expected; the mend</c>.</summary>
    public override string ToString()
    {
        string severity = Severity == Severity.Warning ? "warning: " : "";
        string key = Key.Length == 0 ? "" : Key + ": ";
        return $"{Origin}: {severity}{key}{Problem}; expected {Expected}; {Mend}";
    }
}
