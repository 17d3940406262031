using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Commands;

/// <summary>A command cannot be carried out: what is wrong, and what to do.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">A word that stays the same.</param>
/// <param name="detail">One sentence.</param>
/// <param name="mend">What to do; null where there is nothing.</param>
/// <param name="reasons">Everything that is wrong, where it is more than one thing.</param>
internal sealed class CommandFailure(
    int status, string code, string detail, string? mend = null, ImmutableArray<string> reasons = default)
    : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public string? Mend => mend;

    public ImmutableArray<string> Reasons => reasons.IsDefault ? [] : reasons;

    /// <summary>The command line is wrong.</summary>
    public static CommandFailure Usage(string detail, string mend) =>
        new(StatusCodes.Status400BadRequest, "usage", detail, mend);

    /// <summary>What the command is about is not there.</summary>
    public static CommandFailure NotThere(string detail, string mend) =>
        new(StatusCodes.Status409Conflict, "not-there", detail, mend);

    /// <summary>It would not be right.</summary>
    public static CommandFailure Refused(string detail, ImmutableArray<string> reasons = default, string? mend = null) =>
        new(StatusCodes.Status422UnprocessableEntity, "refused", detail, mend, reasons);
}
