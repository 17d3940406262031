using Lb.Pbm.Protocol;

namespace Lb.Pbm;

/// <summary>A command that was not done: what is said about it, and how <c>pbm</c> ends.</summary>
internal sealed class PbmException(ExitCode exitCode, Problem problem) : Exception(problem.Detail)
{
    public ExitCode ExitCode { get; } = exitCode;

    public Problem Problem { get; } = problem;

    /// <summary>The command line is wrong.</summary>
    public static PbmException Usage(string code, string detail, string? mend = null) =>
        new(ExitCode.Usage, Problem.Of("Wrong usage", code, detail, mend));

    /// <summary>The host does not answer.</summary>
    public static PbmException NoConnection(string code, string detail, string? mend = null) =>
        new(ExitCode.NoConnection, Problem.Of("No connection", code, detail, mend));

    /// <summary>The host's answer cannot be used.</summary>
    public static PbmException Failed(string code, string detail, string? mend = null) =>
        new(ExitCode.Failed, Problem.Of("Failed", code, detail, mend));
}
