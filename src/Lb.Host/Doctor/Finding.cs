using System.Collections.Immutable;
using Lb.Kernel.Host;

namespace Lb.Host.Doctor;

/// <summary>How much a finding matters; the worst first.</summary>
internal enum FindingSeverity
{
    /// <summary>Lb does not start, or loses packets.</summary>
    Error,

    /// <summary>Lb works, less well than it could or not under all circumstances.</summary>
    Warning,

    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,
}

/// <summary>Something that a check of the host found.</summary>
/// <param name="Code">Names the kind of finding; does not change between versions.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="About">The interface, address, path or setting that it is about.</param>
/// <param name="What">What is so: one sentence.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Mend">What mends it: a command where there is one; null where nothing has to be done.</param>
internal sealed record Finding(
    string Code, FindingSeverity Severity, string About, string What, string Why, string? Mend)
{
    /// <summary>Changes that mend it and do no harm; empty where a person has to decide.</summary>
    public ImmutableArray<HostFix> Fixes { get; init; } = [];

    public static Finding Error(string code, string about, string what, string why, string mend) =>
        new(code, FindingSeverity.Error, about, what, why, mend);

    public static Finding Warning(string code, string about, string what, string why, string mend) =>
        new(code, FindingSeverity.Warning, about, what, why, mend);

    public static Finding Info(string code, string about, string what, string why) =>
        new(code, FindingSeverity.Info, about, what, why, null);

    /// <summary>The same as something that <c>--fix</c> mends; its commands come first among what mends it.</summary>
    public Finding FixedBy(params ImmutableArray<HostFix> fixes)
    {
        string commands = string.Join(" && ", fixes.Select(fix => fix.Command));
        return this with { Fixes = fixes, Mend = string.IsNullOrEmpty(Mend) ? commands : $"{commands}; {Mend}" };
    }
}
