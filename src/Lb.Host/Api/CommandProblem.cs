using System.Collections.Immutable;
using Lb.Host.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Lb.Host.Api;

/// <summary>Why something was not done, as problem details (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">A word that stays the same.</param>
/// <param name="Detail">One sentence.</param>
/// <param name="Mend">What to do; null where there is nothing.</param>
/// <param name="Reasons">Everything that is wrong, where it is more than one thing.</param>
internal sealed record CommandProblem(
    int Status, string Code, string Detail, string? Mend, ImmutableArray<string> Reasons = default)
{
    /// <summary>The node has no config yet.</summary>
    public static CommandProblem Starting { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "starting", "the node is starting", "try again in a moment");

    public static CommandProblem Of(CommandFailure failure) =>
        new(failure.Status, failure.Code, failure.Message, failure.Mend, failure.Reasons);

    public ProblemHttpResult ToResult()
    {
        Dictionary<string, object?> extensions = new(StringComparer.Ordinal) { ["code"] = Code, ["mend"] = Mend };
        if (!Reasons.IsDefaultOrEmpty)
        {
            extensions["reasons"] = Reasons.ToArray();
        }

        return TypedResults.Problem(Detail, statusCode: Status, extensions: extensions);
    }
}
